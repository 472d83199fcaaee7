import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CALLER, type OpenLaneBench, openLaneBench } from '../../test/support/lane.js';
import { sentRecords } from '../../test/support/sent-records.js';
import { mongoPurge } from '../adapters/mongodb/purge.js';
import type { JsonValue } from '../domain/json/json-value.js';
import { type RecordStore, RecordStoreError } from '../ports/record-store.js';
import { upkeepRound } from './upkeep.js';

type ColumnEdits = Parameters<OpenLaneBench['useCases']['designDrafts']['update']>[1]['columns'];

const HOUR_MS = 3_600_000;

describe('rows made again from the push log', () => {
  let bench: OpenLaneBench;
  beforeAll(async () => {
    bench = await openLaneBench();
  });
  afterAll(() => bench.close());

  async function generationOf(id: string): Promise<string> {
    return (await bench.catalog.findDataset(id))?.generation ?? '';
  }

  async function loaded(id: string, records: JsonValue[]): Promise<void> {
    await bench.push(id, records);
    await bench.load(id);
  }

  async function edit(id: string, revision: number, columns: ColumnEdits): Promise<void> {
    await bench.useCases.designDrafts.update(id, { expectedRevision: revision, columns }, CALLER);
    await bench.useCases.applyChanges(id, CALLER);
    await bench.load(id);
  }

  async function deleted(id: string, n: number): Promise<void> {
    await bench.useCases.deleteData.matching({ datasetId: id, where: { column: 'n', op: 'EQ', value: n } }, CALLER);
    await bench.load(id);
  }

  const sweep = () => upkeepRound({ ...bench, purge: mongoPurge(bench.collections) });

  /** Drops the rows and requests a rebuild. Returns the job. */
  async function lose(id: string): Promise<string> {
    await bench.records.dropGeneration(await generationOf(id));
    return (await bench.useCases.rebuildDataset(id, CALLER)).id;
  }

  /** A dataset with one reload in its log. */
  async function reloaded(): Promise<string> {
    const id = await bench.dataset({ n: 1, t: '1' });
    await loaded(id, [{ n: 1, t: '1' }]);
    await edit(id, 1, [{ id: 't', type: 'NUMERIC' }]);
    await loaded(id, [{ n: 2, t: '2' }]);
    return id;
  }

  it('stay when an unneeded generation cannot be dropped; the upkeep drops it later', async () => {
    const id = await reloaded();
    const job = await lose(id);
    let left = '';
    const dropGeneration = async (generation: string) => {
      left = generation;
      throw new RecordStoreError('UNAVAILABLE', 'made to fail');
    };
    await bench.load(id, { records: { dropGeneration } });
    expect(await bench.ledger.findJob(job)).toMatchObject({ status: 'COMPLETE', attempts: 1 });
    expect(bench.errors.splice(0)).toMatchObject([{ message: 'made to fail' }]);
    expect(await bench.records.ownGenerations()).toContain(left);
    await loaded(id, [{ n: 3, t: '3' }]);
    await sweep();
    expect(await bench.records.ownGenerations()).not.toContain(left);
    expect((await bench.contents(id)).records).toEqual([1, 2, 3].map((n) => ({ n, t: n })));
  });

  describe('for a rebuild that is terminated while it runs', () => {
    /** A dataset whose log is read in two parts, and a record store that terminates `target.job` after the first write and counts the writes. */
    async function terminating() {
      const id = await bench.dataset({ t: 'x' });
      for (const t of ['a', 'b']) await loaded(id, [{ t: t.repeat(5_000_000) }]);
      const target = { job: '', writes: 0 };
      const writeRows: RecordStore['writeRows'] = async (...args) => {
        const rejected = await bench.records.writeRows(...args);
        target.writes += 1;
        if (target.writes === 1) await bench.useCases.terminateJob(target.job, CALLER);
        return rejected;
      };
      return { id, target, records: { writeRows } };
    }

    it('are abandoned at the next part of the log', async () => {
      const { id, target, records } = await terminating();
      target.job = await lose(id);
      await bench.load(id, { records });
      expect(target.writes).toBe(1);
      expect(await bench.ledger.findJob(target.job)).toMatchObject({ status: 'TERMINATED_EXIT' });
      expect(bench.errors).toEqual([]);
    });

    it('are also abandoned when a job waits for them, and that job reports that it waits for a rebuild', async () => {
      const { id, target, records } = await terminating();
      const waiting = await bench.push(id, [{ t: 'c' }]);
      target.job = await lose(id);
      await bench.load(id, { records });
      expect(target.writes).toBe(1);
      expect(await bench.ledger.findJob(waiting)).toMatchObject({
        finishedAt: null,
        waitingFor: expect.stringContaining('rebuildDataset'),
      });
      expect(bench.errors.splice(0)).toMatchObject([{ code: 'GENERATION_MISSING' }]);
      await bench.useCases.rebuildDataset(id, CALLER);
      await bench.lanes.freeAll();
      await bench.load(id);
      await bench.load(id);
      expect(await bench.ledger.findJob(waiting)).toMatchObject({ status: 'COMPLETE' });
      expect(await bench.rows(id)).toHaveLength(3);
      expect(bench.errors).toEqual([]);
    });
  });

  describe('get their tombstones back, which the sweep removes an hour later,', () => {
    async function expectSwept(id: string, count: number): Promise<void> {
      const generation = await generationOf(id);
      const rows = bench.database.db.collection(generation);
      const tombstones = () => rows.countDocuments({ d: true });
      await sweep();
      expect(await tombstones()).toBe(count);
      const earlier = (field: string) => ({ $subtract: [`$${field}`, 2 * HOUR_MS] });
      const times = { tombstonesAt: earlier('tombstonesAt'), lastTombstonesAt: earlier('lastTombstonesAt') };
      await bench.collections.generations.updateOne({ _id: generation, tombstonesAt: { $exists: true } }, [
        { $set: times },
      ]);
      await rows.updateMany({ d: true }, [{ $set: { t: earlier('t') } }]);
      await sweep();
      expect(await tombstones()).toBe(0);
      expect(bench.errors).toEqual([]);
    }

    it('after deletes by filter', async () => {
      const id = await bench.dataset({ n: 1 });
      await loaded(id, [{ n: 1 }, { n: 2 }]);
      await deleted(id, 2);
      await lose(id);
      await bench.load(id);
      await expectSwept(id, 1);
    });

    it('after deletes by identifiers, also if a reload has copied them', async () => {
      const id = await bench.dataset({ n: 1, t: '1' });
      await edit(id, 1, [{ id: 'n', uniqueIdentifier: true }]);
      await loaded(id, [
        { n: 1, t: '1' },
        { n: 2, t: '2' },
      ]);
      const request = { datasetId: id, ...sentRecords([{ n: 1 }]) };
      await bench.useCases.deleteData.byIdentifiers(request, CALLER);
      await bench.load(id);
      await lose(id);
      await bench.load(id);
      await expectSwept(id, 1);
      await edit(id, 2, [{ id: 't', type: 'NUMERIC' }]);
      await lose(id);
      await bench.load(id);
      expect((await bench.contents(id)).records).toEqual([{ n: 2, t: 2 }]);
      await expectSwept(id, 1);
    });

    it('when an earlier job waited for the rebuild', async () => {
      const id = await bench.dataset({ n: 1 });
      await loaded(id, [{ n: 1 }, { n: 2 }]);
      await deleted(id, 2);
      await bench.push(id, [{ n: 3 }]);
      await lose(id);
      await bench.load(id);
      await bench.load(id);
      expect((await bench.contents(id)).records).toEqual([{ n: 1 }, { n: 3 }]);
      await expectSwept(id, 1);
    });
  });
});
