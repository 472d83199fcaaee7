import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Binary } from 'mongodb';
import { v7 as uuidV7 } from 'uuid';
import { acceptedPush } from '../../test/support/accepted-push.js';
import { CALLER, type OpenLaneBench, openLaneBench } from '../../test/support/lane.js';
import { until } from '../../test/support/until.js';
import { mongoPurge } from '../adapters/mongodb/purge.js';
import { mongoPushLog } from '../adapters/mongodb/push-log.js';
import type { JsonValue } from '../domain/json/json-value.js';
import type { AcceptedJob } from '../ports/push-log.js';
import { type UpkeepDeps, upkeepRound } from './upkeep.js';

const HOUR_MS = 3_600_000;

describe('upkeep', () => {
  let bench: OpenLaneBench;
  beforeAll(async () => {
    bench = await openLaneBench();
  });
  afterAll(() => bench.close());

  /** Runs a round as if it were `ms` later by this process's clock. */
  function roundIn(ms: number, faults: Partial<UpkeepDeps> = {}): Promise<void> {
    const now = () => new Date(Date.now() + ms);
    const purge = mongoPurge(bench.collections);
    return upkeepRound({ ...bench, purge, ...faults, clock: { ...bench.clock, now } });
  }

  function pushTo(datasetId: string): AcceptedJob {
    return acceptedPush(datasetId, Buffer.from(`[{"n":1}${' '.repeat(20_000)}]`));
  }
  const partsOf = (jobId: string) => bench.collections.payloads.countDocuments({ _id: `${jobId}/0` });

  describe('payloads without a job', () => {
    /** A push log that stalls between writing the payload and the job, until `goOn` is called. */
    function stalledPushLog() {
      let goOn: () => void = () => undefined;
      const told = new Promise<void>((resolve) => {
        goOn = resolve;
      });
      const { jobs } = bench.collections;
      const insertMany: typeof jobs.insertMany = async (...args) => {
        await told;
        return jobs.insertMany(...args);
      };
      const slow = Object.create(jobs, { insertMany: { value: insertMany } });
      return { log: mongoPushLog({ ...bench.collections, jobs: slow }), goOn };
    }

    it('are removed, and payloads of accepted jobs stay', async () => {
      const id = await bench.dataset({ n: 1, t: 'x' });
      const accepted = await bench.push(id, [{ n: 1, t: 'x'.repeat(20_000) }]);
      const { log } = stalledPushLog();
      const orphan = pushTo(id);
      void log.append(orphan);
      await until('the payload', () => partsOf(orphan.id));
      await roundIn(0);
      expect([await partsOf(accepted), await partsOf(orphan.id)]).toEqual([1, 1]);
      await roundIn(HOUR_MS);
      expect([await partsOf(accepted), await partsOf(orphan.id)]).toEqual([1, 0]);
    });

    it('make only their own push fail when its process continues after they were removed', async () => {
      const id = await bench.dataset({ n: 1 });
      const { log, goOn } = stalledPushLog();
      const [late, later] = [pushTo(id), pushTo(id)];
      const appended = Promise.allSettled([log.append(late), log.append(later)]);
      await until('the payload', () => partsOf(late.id));
      await roundIn(HOUR_MS);
      expect(bench.errors).toEqual([]);
      goOn();
      const [answer, other] = await appended;
      expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'STORE_UNAVAILABLE' } });
      expect(other).toMatchObject({ status: 'fulfilled', value: { kind: 'APPENDED', job: { position: 1 } } });
      expect(await bench.ledger.findJob(late.id)).toBeNull();
      expect((await bench.ledger.listJobs({ first: 100 })).nodes.map((job) => job.id)).not.toContain(late.id);
      expect(await bench.terminations.terminate(late.id, new Date())).toBe('NOT_FOUND');
      await bench.load(id);
      expect(await bench.rows(id)).toHaveLength(1);
      expect(bench.errors).toEqual([]);
    });
  });

  describe('tombstones', () => {
    const stored = async (generation: string) =>
      bench.database.db.collection(generation).find().sort({ _id: 1 }).toArray();

    async function generationOf(id: string): Promise<string> {
      return (await bench.catalog.findDataset(id))?.generation ?? '';
    }
    async function push(id: string, records: JsonValue[]): Promise<void> {
      await bench.push(id, records);
      await bench.load(id);
    }
    async function deleteBelow(id: string, n: number): Promise<void> {
      const where = { column: 'n', op: 'LT' as const, value: n };
      await bench.useCases.deleteData.matching({ datasetId: id, where }, CALLER);
      await bench.load(id);
    }
    /** Makes everything written so far look `ms` older. */
    async function age(id: string, ms: number): Promise<void> {
      const generation = await generationOf(id);
      const earlier = (field: string) => ({ $subtract: [`$${field}`, ms] });
      await bench.collections.generations.updateOne({ _id: generation }, [
        { $set: { tombstonesAt: earlier('tombstonesAt'), lastTombstonesAt: earlier('lastTombstonesAt') } },
      ]);
      await bench.database.db.collection(generation).updateMany({ d: true }, [{ $set: { t: earlier('t') } }]);
    }
    const tombstones = async (id: string) => (await stored(await generationOf(id))).filter(({ d }) => d).length;

    it('are removed an hour after they were written, even if new ones are written all the time', async () => {
      const id = await bench.dataset({ n: 1 });
      await push(id, [{ n: 1 }, { n: 2 }, { n: 3 }]);
      await deleteBelow(id, 2);
      await roundIn(0);
      expect(await tombstones(id)).toBe(1);
      await age(id, 2 * HOUR_MS);
      await deleteBelow(id, 3);
      await roundIn(0);
      expect(await tombstones(id)).toBe(1);
      await age(id, 2 * HOUR_MS);
      await roundIn(0);
      expect(await tombstones(id)).toBe(0);
      expect(await bench.collections.generations.findOne({ _id: await generationOf(id) })).not.toHaveProperty(
        'tombstonesAt',
      );
    });

    it('stay while quarantine has a record older than one of them, and are removed when it has only newer ones', async () => {
      const id = await bench.dataset({ n: 1 }, { mismatchPolicy: 'QUARANTINE' });
      await push(id, [{ n: 1 }, { n: 'x' }, { n: 2 }]);
      await deleteBelow(id, 2);
      await age(id, 2 * HOUR_MS);
      await roundIn(0);
      expect(await tombstones(id)).toBe(1);
      await bench.useCases.quarantine.discard(id, undefined, CALLER);
      await push(id, [{ n: 'y' }, { n: 3 }]);
      await roundIn(0);
      expect(await tombstones(id)).toBe(0);
    });

    it('are found through an index', async () => {
      const generation = await generationOf(await bench.dataset({ n: 1 }));
      const old = { $lt: ['$t', { $subtract: ['$$NOW', HOUR_MS] }] };
      const plan = await bench.database.db.collection(generation).find({ d: true, $expr: old }).explain('queryPlanner');
      expect(JSON.stringify(plan)).toContain('"IXSCAN"');
    });
  });

  describe('generations', () => {
    const there = async (name: string) => (await bench.records.ownGenerations()).includes(name);

    it('that a late write has recreated are removed; generations in use or being created stay', async () => {
      const id = await bench.dataset({ n: 1 });
      await bench.push(id, [{ n: 1 }]);
      await bench.load(id);
      const [stray, begun] = [`rows_${id}_7_1`, `rows_${id}_8_99`];
      await bench.database.db.collection(stray).insertOne({ v: 1 });
      await bench.generations.begin(begun, id, 1, 99);
      await bench.records.createGeneration(begun, []);
      await roundIn(0);
      expect([await there(stray), await there(begun)]).toEqual([false, true]);
      expect(await bench.rows(id)).toHaveLength(1);
    });

    it('are removed ten minutes after they were replaced', async () => {
      const id = await bench.dataset({ n: 1 });
      const old = (await bench.catalog.findDataset(id))?.generation ?? '';
      await bench.useCases.deleteData.all({ datasetId: id }, CALLER);
      await bench.load(id);
      await roundIn(HOUR_MS);
      expect(await there(old)).toBe(true);
      await bench.collections.generations.updateOne({ _id: old }, [
        { $set: { since: { $subtract: ['$since', 11 * 60_000] } } },
      ]);
      await roundIn(0);
      expect(await there(old)).toBe(false);
      expect(await bench.generations.retired(id)).toEqual([]);
    });

    it('of an ended run are removed, and a first generation that was never used is removed after an hour', async () => {
      const id = await bench.dataset({ n: 1 });
      await bench.push(id, [{ n: 1 }]);
      await bench.load(id);
      const [over, first] = [`rows_${id}_5_0`, `rows_${uuidV7()}_1`];
      await bench.generations.begin(over, id, 1, 0);
      await bench.generations.begin(first, id, 1);
      for (const name of [over, first]) await bench.records.createGeneration(name, []);
      await roundIn(2 * HOUR_MS);
      expect([await there(over), await there(first)]).toEqual([false, true]);
      await bench.collections.generations.updateOne({ _id: first }, [
        { $set: { since: { $subtract: ['$since', 2 * HOUR_MS] } } },
      ]);
      await roundIn(0);
      expect(await there(first)).toBe(false);
    });
  });

  it('reports a failed step, and does all others', async () => {
    const ids = await Promise.all([bench.dataset({ n: 1 }), bench.dataset({ n: 1 }), bench.dataset({ n: 1 })]);
    const generations = await Promise.all(
      ids.map(async (id) => (await bench.catalog.findDataset(id))?.generation ?? ''),
    );
    const orphan = pushTo(ids[0] ?? '');
    await bench.collections.payloads.insertOne({ _id: `${orphan.id}/0`, bytes: new Binary(Buffer.from('[]')) });
    for (const id of ids) await bench.catalog.deleteDataset(id, new Date(0));
    const dropGeneration = async (generation: string) => {
      if (generation === generations[0]) throw new Error('the index is read-only');
      await bench.records.dropGeneration(generation);
    };
    await roundIn(HOUR_MS, { records: { ...bench.records, dropGeneration } });
    const left = bench.collections.generations.find({ _id: { $in: generations } });
    expect((await left.toArray()).map(({ _id }) => _id)).toEqual([generations[0]]);
    expect(await partsOf(orphan.id)).toBe(0);
    expect(bench.errors.splice(0)).toMatchObject([{ message: 'the index is read-only' }]);
  });

  it('removes everything of a deleted dataset a minute later', async () => {
    const id = await bench.dataset({ n: 1 }, { mismatchPolicy: 'QUARANTINE' });
    const job = await bench.push(id, [{ n: 1 }, { n: 'x'.repeat(20_000) }]);
    await bench.load(id);
    expect(await partsOf(job)).toBe(1);
    await bench.catalog.deleteDataset(id, new Date());
    await roundIn(0);
    expect(await bench.ledger.findJob(job)).not.toBeNull();
    await roundIn(2 * 60_000);
    const { jobs, groups, quarantine, designs, generations, payloads, jobErrors } = bench.collections;
    for (const collection of [jobs, groups, quarantine, designs, generations]) {
      expect(await bench.database.db.collection(collection.collectionName).countDocuments({ datasetId: id })).toBe(0);
    }
    expect([await payloads.countDocuments({ _id: `${job}/0` }), await jobErrors.countDocuments({ _id: job })]).toEqual([
      0, 0,
    ]);
  });
});
