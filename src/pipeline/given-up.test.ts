import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CALLER, type OpenLaneBench, openLaneBench } from '../../test/support/lane.js';
import { LOADED, REFUSED } from '../../test/support/statuses.js';
import { type Lanes, LeaseLostError } from '../ports/lane.js';
import type { PushLog } from '../ports/push-log.js';
import { LaneWorker } from './lane-worker.js';

describe('giving up a job that no worker survives', () => {
  let bench: OpenLaneBench;
  beforeAll(async () => {
    bench = await openLaneBench();
  });
  afterAll(() => bench.close());

  const POISON = 'poison';
  const isPoison = (payload: Buffer) => payload.includes(POISON);

  /** A worker that stalls for a minute, by its clock, when it reads a payload that contains the poison. */
  function stallingWorker(lanes: Partial<Lanes> = {}): LaneWorker {
    let lost = 0;
    const readPayloads: PushLog['readPayloads'] = async (jobs) => {
      const logged = await bench.pushLog.readPayloads(jobs);
      if (logged.some(({ payload }) => isPoison(payload))) lost += 60_000;
      return logged;
    };
    const clock = { ...bench.clock, monotonicMs: () => bench.clock.monotonicMs() + lost };
    return new LaneWorker({ ...bench.workerDeps({ lanes }), clock, pushLog: { ...bench.pushLog, readPayloads } });
  }

  /** As if the process had been killed and its lease had expired. */
  const KILLED: Partial<Lanes> = { release: async () => undefined, giveBack: async () => undefined };

  const gone = () => Promise.reject(new Error('the process is gone'));
  /** The process is gone before it records what it waits for. */
  const recordWaiting: Lanes['recordWaiting'] = (...args) => (args[2] ? gone() : bench.lanes.recordWaiting(...args));

  async function turns(count: number, datasetId: string, worker: () => LaneWorker): Promise<void> {
    for (let turn = 0; turn < count; turn += 1) {
      await worker().run(datasetId);
      await bench.lanes.freeAll();
    }
  }
  const jobOf = async (id: string) => (await bench.ledger.findJob(id)) ?? undefined;

  it.each([
    ['stalls for longer than its lease', () => stallingWorker()],
    ['is killed', () => stallingWorker(KILLED)],
  ])(
    'ends it with ATTEMPTS_EXHAUSTED when every worker that loads it %s, and its group loads',
    async (_name, worker) => {
      const id = await bench.dataset({ t: 'x' });
      const before = await bench.push(id, [{ t: 'before' }]);
      const poison = await bench.push(id, [{ t: POISON }, { t: 'beside it' }]);
      const after = await bench.push(id, [{ t: 'after' }]);
      await turns(9, id, worker);
      expect(await jobOf(before)).toMatchObject({ status: 'COMPLETE' });
      expect((await jobOf(poison))?.status).not.toBe('ERROR_EXIT');
      expect(['INITIALIZING', 'COMPLETE']).not.toContain((await jobOf(after))?.status);

      await turns(2, id, worker);
      expect(await jobOf(poison)).toMatchObject({ status: 'ERROR_EXIT', counts: { read: 2, failed: 2, added: 0 } });
      expect(await bench.historyOf(poison)).toEqual(REFUSED);
      const [error] = await bench.ledger.errorsOf(poison);
      expect(error).toMatchObject({ recordIndex: null, code: 'ATTEMPTS_EXHAUSTED' });
      expect(error?.message).toContain('send its records again in smaller parts');
      for (const job of [before, after]) {
        expect(await jobOf(job)).toMatchObject({ status: 'COMPLETE', counts: { added: 1 } });
        expect(await bench.historyOf(job)).toEqual(LOADED);
      }
      expect((await bench.contents(id)).records.map(({ t }) => t)).toEqual(['before', 'after']);
      expect(bench.errors.splice(0).map(String).join()).toContain(`job ${poison}`);
    },
  );

  it('counts an interruption even if the next worker takes no group', async () => {
    const id = await bench.dataset({ t: 'x' });
    await bench.lanes.acquire(id, 'killed', -1);
    await new LaneWorker(bench.workerDeps()).run(id);
    const lease = await bench.lanes.acquire(id, 'later', 60_000);
    expect(lease?.wasInterrupted).toBe(true);
    if (lease) await bench.lanes.release(lease);
  });

  it('ends a reload in ERROR_EXIT and changes nothing', async () => {
    const id = await bench.dataset({ t: '1' });
    await bench.push(id, [{ t: '1' }]);
    await bench.load(id);
    await bench.useCases.designDrafts.update(
      id,
      { expectedRevision: 1, columns: [{ id: 't', type: 'NUMERIC' }] },
      CALLER,
    );
    const { reload } = await bench.useCases.applyChanges(id, CALLER);
    const lanes = { ...KILLED, jobsOf: gone, recordWaiting };
    await turns(8, id, () => new LaneWorker(bench.workerDeps({ lanes })));
    await bench.load(id);
    expect(await jobOf(reload?.id ?? '')).toMatchObject({ status: 'ERROR_EXIT', attempts: 9 });
    const [error] = await bench.ledger.errorsOf(reload?.id ?? '');
    expect(error?.message).toContain('request the RELOAD again');
    expect(await bench.reader.catalog.existingDataset(id)).toMatchObject({ appliedRevision: 1, recordCount: 1 });
    bench.errors.splice(0);
  });

  it('does not happen to a group that is interrupted beside others, from the second time on', async () => {
    const id = await bench.dataset({ t: 'x' });
    const job = await bench.push(id, [{ t: 'x' }]);
    const lanes = { ...KILLED, recordAlone: async () => undefined, jobsOf: gone, recordWaiting };
    await turns(11, id, () => new LaneWorker(bench.workerDeps({ lanes })));
    await bench.load(id);
    expect(await jobOf(job)).toMatchObject({ status: 'COMPLETE', attempts: 12 });
    bench.errors.splice(0);
  });

  it('counts again after an attempt that waited for a server', async () => {
    const id = await bench.dataset({ t: 'x' });
    const job = await bench.push(id, [{ t: 'x' }]);
    const jobsOf = () => Promise.reject(new Error('the server is away'));
    await turns(1, id, () => new LaneWorker(bench.workerDeps({ lanes: { jobsOf } })));
    await turns(8, id, () => new LaneWorker(bench.workerDeps({ lanes: { ...KILLED, jobsOf: gone, recordWaiting } })));
    await bench.load(id);
    expect(await jobOf(job)).toMatchObject({ status: 'ERROR_EXIT' });
    bench.errors.splice(0);
  });

  it('does not happen after the commit point: the lane rests, it is reported, and the job ends when the cause is gone', async () => {
    const id = await bench.dataset({ t: 'x' });
    const job = await bench.push(id, [{ t: 'x' }]);
    const dying = () => new LaneWorker(bench.workerDeps({ lanes: { ...KILLED, complete: gone, recordWaiting } }));
    await turns(8, id, dying);
    expect(bench.errors.splice(0).join()).not.toContain(job);
    const { lanes, collections } = bench;
    const load = () => new LaneWorker(bench.workerDeps()).run(id);
    await load();
    expect(bench.errors.splice(0).map(String)).toEqual([
      expect.stringMatching(
        `job ${job} of dataset ${id}: 8 workers in a row .* after the commit point; it is tried again every 10 minutes`,
      ),
    ]);
    const restMs = async () => Number((await collections.datasets.findOne({ _id: id }))?.lane.leaseUntil) - Date.now();
    expect(await restMs()).toBeGreaterThan(500_000);
    expect((await jobOf(job))?.waitingFor).toContain('the next attempt');
    // A start of the service frees all lanes, but does not end the rest.
    await lanes.freeAll();
    await load();
    // Which status it shows depends on whether a run took long enough to store FILLING_ES.
    expect(await jobOf(job)).toMatchObject({ finishedAt: null, attempts: 10 });
    expect(await restMs()).toBeGreaterThan(500_000);

    const over = async () => {
      await lanes.freeAll();
      await collections.groups.updateOne({ datasetId: id }, { $set: { restUntil: new Date(0) } });
    };
    await over();
    await dying().run(id);
    await lanes.freeAll();
    bench.errors.splice(0);
    await load();
    expect(bench.errors.splice(0).map(String)).toEqual([
      expect.stringContaining(`job ${job} of dataset ${id}: 9 workers`),
    ]);
    await over();
    await load();
    expect(await jobOf(job)).toMatchObject({ status: 'COMPLETE', counts: { added: 1 } });
    expect(await bench.historyOf(job)).toEqual(LOADED);
    expect(bench.errors).toEqual([]);
  });

  it('does not happen when the job waits, or its worker is stopped, any number of times', async () => {
    const id = await bench.dataset({ t: 'x' });
    const job = await bench.push(id, [{ t: 'x' }]);
    const failing = () =>
      new LaneWorker(bench.workerDeps({ lanes: { commit: () => Promise.reject(new Error('the database is away')) } }));
    await turns(11, id, failing);
    expect(await jobOf(job)).toMatchObject({ status: 'JOINING', attempts: 11 });
    await bench.load(id);
    expect(await jobOf(job)).toMatchObject({ status: 'COMPLETE' });
    bench.errors.splice(0);
  });

  it('does not happen when the lease expires because the database does not renew it', async () => {
    const id = await bench.dataset({ t: 'x' });
    const job = await bench.push(id, [{ t: 'x' }]);
    const commit = () => Promise.reject(new LeaseLostError('the lease has expired'));
    await turns(11, id, () => new LaneWorker(bench.workerDeps({ lanes: { commit } })));
    expect(await jobOf(job)).toMatchObject({ status: 'JOINING', attempts: 11 });
    await bench.load(id);
    expect(await jobOf(job)).toMatchObject({ status: 'COMPLETE' });
    bench.errors.splice(0);
  });
});
