import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CALLER, type OpenLaneBench, openLaneBench } from '../../test/support/lane.js';
import { LOADED } from '../../test/support/statuses.js';
import { until } from '../../test/support/until.js';
import { RecordStoreError } from '../ports/record-store.js';
import { LaneWorker } from './lane-worker.js';

/** A little less than the first rest: the clock of mongod, which counts it, moves in steps. */
const RESTS_MS = 450;

describe('a lane whose record store fails', () => {
  let bench: OpenLaneBench;
  beforeAll(async () => {
    bench = await openLaneBench();
  });
  afterAll(() => bench.close());

  const numbers = async (id: string) => (await bench.rows(id)).map(({ values }) => values.c1);
  /** How many milliseconds after this time a lane without an owner can be taken. Read, since on a slow machine the rest may be over before a test could try to take the lane. */
  const restAfter = async (id: string, time: number) => {
    const lane = (await bench.collections.datasets.findOne({ _id: id }))?.lane;
    return lane?.owner === null ? lane.leaseUntil.getTime() - time : undefined;
  };

  it('waits while the record store is unavailable, reports it, and continues in the same attempt', async () => {
    const id = await bench.dataset({ n: 1 });
    const job = await bench.push(id, [{ n: 1 }]);
    let tries = 0;
    const writeRows: typeof bench.records.writeRows = async (...args) => {
      tries += 1;
      if (tries > 1) {
        const waitingFor = (await bench.ledger.findJob(job))?.waitingFor;
        expect(waitingFor).toMatch(/^the disk is full \(since 20\d\d-\d\d-\d\dT.+Z\)$/);
      }
      if (tries < 4) throw new RecordStoreError('UNAVAILABLE', 'the disk is full');
      return bench.records.writeRows(...args);
    };
    await bench.load(id, { records: { writeRows } });
    expect(tries).toBe(4);
    expect(await bench.ledger.findJob(job)).toMatchObject({ status: 'COMPLETE', attempts: 1, waitingFor: null });
    expect(await bench.historyOf(job)).toEqual(LOADED);
    expect(await numbers(id)).toEqual([1]);
    expect(bench.errors).toEqual([]);
  });

  it('reports a silent record store while a request has no response, and continues in the same attempt', async () => {
    const id = await bench.dataset({ n: 1 });
    const job = await bench.push(id, [{ n: 1 }]);
    let silence: string | null = 'no answer';
    const waitingFor = async () => (await bench.ledger.findJob(job))?.waitingFor ?? null;
    const writeRows: typeof bench.records.writeRows = async (...args) => {
      await until('the job to say so', async () => /^no answer \(since /.test((await waitingFor()) ?? ''));
      silence = null;
      await until('the job to wait no longer', async () => (await waitingFor()) === null);
      silence = 'no answer again';
      await until('the job to say so again', async () => (await waitingFor()) !== null);
      return bench.records.writeRows(...args);
    };
    await bench.load(id, { records: { writeRows, silence: () => silence } });
    expect(await bench.ledger.findJob(job)).toMatchObject({ status: 'COMPLETE', attempts: 1, waitingFor: null });
    expect(bench.errors).toEqual([]);
  });

  it('is handed to another worker when its worker stops while it waits for the record store', async () => {
    const id = await bench.dataset({ n: 1 });
    const job = await bench.push(id, [{ n: 1 }]);
    const writeRows = async () => {
      setImmediate(() => stopping.stop());
      throw new RecordStoreError('UNAVAILABLE', 'the disk is full');
    };
    const stopping = new LaneWorker(bench.workerDeps({ records: { writeRows } }));
    bench.woken.length = 0;
    await stopping.run(id);
    expect(bench.woken).toEqual([id]);
    await bench.load(id);
    expect(await bench.ledger.findJob(job)).toMatchObject({ status: 'COMPLETE', attempts: 2 });
    expect(bench.errors).toEqual([]);
  });

  it('refuses a delete by a filter that the record store rejects, and loads the jobs after it', async () => {
    const id = await bench.dataset({ n: 1 });
    const pattern = await refusedDelete(id);
    expect(pattern).toContain('the pattern is too large');
    expect(await numbers(id)).toEqual([1]);
  });

  it('does not say why it refuses a delete if the dataset has sensitive columns', async () => {
    const id = await bench.dataset({ n: 1 });
    const columns = [{ id: 'n', sensitive: true }];
    await bench.useCases.designDrafts.update(id, { expectedRevision: 1, columns }, CALLER);
    await bench.useCases.applyChanges(id, CALLER);
    const pattern = await refusedDelete(id);
    expect(pattern).toMatch(/why is not shown/);
    expect(pattern).not.toContain('too large');
  });

  /** The message of a delete that the record store rejects, followed by a push that is loaded. */
  async function refusedDelete(id: string): Promise<string | undefined> {
    const deletion = await bench.useCases.deleteData.matching(
      { datasetId: id, where: { column: 'n', op: 'EQ', value: 1 } },
      CALLER,
    );
    const push = await bench.push(id, [{ n: 1 }]);
    const scan = async () => {
      throw new RecordStoreError('REJECTED', 'the pattern is too large');
    };
    await bench.load(id, { records: { scan } });
    expect((await bench.ledger.findJob(deletion.id))?.status).toBe('ERROR_EXIT');
    expect((await bench.ledger.findJob(push))?.status).toBe('COMPLETE');
    const [error, ...others] = await bench.ledger.errorsOf(deletion.id);
    expect([error?.code, others]).toEqual(['FILTER_DOES_NOT_FIT', []]);
    return error?.message;
  }

  it('does not retry an error that waiting cannot fix: reports it, shows it in the job, rests, and tries again later', async () => {
    const id = await bench.dataset({ n: 1 });
    const job = await bench.push(id, [{ n: 1 }]);
    let tries = 0;
    const writeRows = async () => {
      tries += 1;
      throw new RecordStoreError('REJECTED', 'the store refuses it');
    };
    bench.woken.length = 0;
    const begun = Date.now();
    await bench.load(id, { records: { writeRows } });
    expect([tries, bench.woken]).toEqual([1, [id]]);
    expect(await restAfter(id, begun)).toBeGreaterThan(RESTS_MS);
    expect(bench.errors.splice(0)).toMatchObject([{ message: 'the store refuses it' }]);
    expect((await bench.ledger.findJob(job))?.waitingFor).toMatch(/^the store refuses it \(since /);
    await until('the end of the rest', async () => {
      await bench.load(id);
      return (await bench.ledger.findJob(job))?.status === 'COMPLETE';
    });
    expect((await bench.ledger.findJob(job))?.waitingFor).toBeNull();
  });

  it('frees its worker for other lanes while only its own rows cannot be written, and keeps reporting since when', async () => {
    const id = await bench.dataset({ n: 1 });
    const job = await bench.push(id, [{ n: 1 }]);
    let tries = 0;
    const writeRows = async () => {
      tries += 1;
      throw new RecordStoreError('BLOCKED', 'the index is blocked');
    };
    const waitingFor = async () => (await bench.ledger.findJob(job))?.waitingFor;
    const begun = Date.now();
    await bench.load(id, { records: { writeRows } });
    expect(tries).toBe(1);
    expect(await restAfter(id, begun)).toBeGreaterThan(RESTS_MS);
    const since = await waitingFor();
    const later = await bench.push(id, [{ n: 2 }]);
    expect((await bench.ledger.findJob(later))?.waitingFor).toBe(since);
    expect(since).toMatch(/^the index is blocked \(since /);
    await bench.lanes.freeAll();
    await bench.load(id, { records: { writeRows } });
    expect([tries, await waitingFor()]).toEqual([2, since]);
    await bench.lanes.freeAll();
    await bench.load(id);
    expect(await bench.ledger.findJob(job)).toMatchObject({ status: 'COMPLETE', attempts: 3, waitingFor: null });
    expect(await bench.historyOf(job)).toEqual(LOADED);
    expect(bench.errors).toEqual([]);
  });
});
