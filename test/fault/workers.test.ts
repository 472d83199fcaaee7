import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LaneWorker } from '../../src/pipeline/lane-worker.js';
import { RecordStoreError } from '../../src/ports/record-store.js';
import { type OpenLaneBench, openLaneBench } from '../support/lane.js';
import { pausedWorkers } from '../support/paused-workers.js';
import { PAUSES, type Pause } from '../support/pauses.js';
import { LOADED, REFUSED } from '../support/statuses.js';
import { until } from '../support/until.js';

/** Before the commit point a load writes no rows: where those go makes no difference. */
const firstWithRows = process.env.ELASTICSEARCH_URL === undefined ? 0 : PAUSES.indexOf('before the commit');
const pauses = PAUSES.slice(firstWithRows);

describe('faults of workers', () => {
  let bench: OpenLaneBench;
  let workers: ReturnType<typeof pausedWorkers>;
  beforeAll(async () => {
    bench = await openLaneBench();
    workers = pausedWorkers(bench.database);
  });
  afterAll(async () => {
    workers.killAll();
    await bench.close();
  });

  async function isFinal(job: string): Promise<boolean> {
    return (await bench.ledger.findJob(job))?.finishedAt != null;
  }

  /** Lets a healthy worker try until the job is final. */
  async function loadedByAnother(datasetId: string, lastJob: string): Promise<void> {
    const worker = new LaneWorker(bench.workerDeps());
    await until('the last job', async () => {
      await worker.run(datasetId);
      return isFinal(lastJob);
    });
  }

  const numbers = async (id: string) => (await bench.rows(id)).map(({ values }) => values.c1);

  async function threePushes(id: string) {
    return {
      good: await bench.push(id, [{ n: 1 }, { n: 2 }, { n: 3 }]),
      bad: await bench.push(id, [{ n: 'x' }]),
      last: await bench.push(id, [{ n: 4 }]),
    };
  }

  async function expectExact(id: string, jobs: Awaited<ReturnType<typeof threePushes>>): Promise<void> {
    expect(await numbers(id)).toEqual([1, 2, 3, 4]);
    expect(await bench.historyOf(jobs.good)).toEqual(LOADED);
    expect(await bench.historyOf(jobs.bad)).toEqual(REFUSED);
    expect(await bench.historyOf(jobs.last)).toEqual(LOADED);
    expect(await bench.ledger.findJob(jobs.good)).toMatchObject({ counts: { read: 3, added: 3, failed: 0, rows: 3 } });
    expect(await bench.ledger.findJob(jobs.bad)).toMatchObject({
      counts: { read: 1, added: 0, failed: 1 },
      faults: { errorCount: 1 },
    });
    expect(await bench.catalog.findDataset(id)).toMatchObject({ recordCount: 4, rowCount: 4 });
  }

  it.each(pauses)('kill -9 %s: the next worker ends it, exactly once', async (pause) => {
    const id = await bench.dataset({ n: 1 });
    const jobs = await threePushes(id);
    const { child } = await workers.pausedAt(pause, id);
    child.kill('SIGKILL');
    await loadedByAnother(id, jobs.last);
    await expectExact(id, jobs);
    expect(bench.errors).toEqual([]);
  });

  it.each<Pause>(['before the commit', 'before writing', 'half way through writing', 'before the end'])(
    'a worker stopped %s for longer than its lease changes nothing when it wakes',
    async (pause) => {
      const id = await bench.dataset({ n: 1 });
      const jobs = await threePushes(id);
      const { child, output } = await workers.pausedAt(pause, id);
      child.kill('SIGSTOP');
      await loadedByAnother(id, jobs.last);
      await expectExact(id, jobs);
      child.kill('SIGCONT');
      child.stdin?.write('go on\n');
      // Not 'exit': what it printed may still be on its way then.
      await once(child, 'close');
      expect(output()).toContain('ENDED \n');
      await expectExact(id, jobs);
    },
  );

  it('a late write of a worker that does not know it lost the lane changes nothing', async () => {
    const id = await bench.dataset({ n: 1 });
    const jobs = await threePushes(id);
    let late: (() => Promise<unknown>) | undefined;
    const writeRows: typeof bench.records.writeRows = async (generation, writes) => {
      late = () => bench.records.writeRows(generation, writes, () => undefined);
      throw new Error('paused');
    };
    await bench.load(id, { records: { writeRows } });
    bench.errors.length = 0;
    await loadedByAnother(id, jobs.last);
    await late?.();
    await expectExact(id, jobs);
  });

  it('two workers on one lane load each push once', async () => {
    const id = await bench.dataset({ n: 1 });
    const pushed: string[] = [];
    const workers = [new LaneWorker(bench.workerDeps()), new LaneWorker(bench.workerDeps())];
    let done = false;
    const working = workers.map(async (worker) => {
      while (!done) await worker.run(id);
    });
    for (let n = 0; n < 100; n += 1) pushed.push(await bench.push(id, [{ n }]));
    await until('the last job', () => isFinal(pushed.at(-1) ?? ''));
    done = true;
    await Promise.all(working);
    expect(await numbers(id)).toEqual(Array.from({ length: 100 }, (_, n) => n));
    expect(await bench.catalog.findDataset(id)).toMatchObject({ recordCount: 100 });
    expect(bench.errors).toEqual([]);
  });

  it('a write that fails after half of its batch is made whole', async () => {
    const id = await bench.dataset({ n: 1 });
    const jobs = await threePushes(id);
    let failures = 2;
    const writeRows: typeof bench.records.writeRows = async (generation, writes, stillOwned) => {
      if (failures === 0) return bench.records.writeRows(generation, writes, stillOwned);
      failures -= 1;
      await bench.records.writeRows(generation, [...writes].slice(0, 2), stillOwned);
      throw new RecordStoreError('UNAVAILABLE', 'the connection is gone');
    };
    await bench.load(id, { records: { writeRows } });
    await expectExact(id, jobs);
  });

  it('a record store whose disk is full holds jobs up, says so, and loses nothing', async () => {
    const id = await bench.dataset({ n: 1 });
    const jobs = await threePushes(id);
    let full = true;
    const writeRows: typeof bench.records.writeRows = async (...args) => {
      if (full) throw new RecordStoreError('UNAVAILABLE', 'no space left on device');
      return bench.records.writeRows(...args);
    };
    const loading = bench.load(id, { records: { writeRows } });
    const waitingFor = await until('a reason', async () => (await bench.ledger.findJob(jobs.good))?.waitingFor);
    expect(waitingFor).toContain('no space left on device');
    full = false;
    await loading;
    await expectExact(id, jobs);
  });

  it.each([-300_000, 300_000])(
    'a worker whose clock is off by %i ms neither loses its lane nor shows time going back',
    async (off) => {
      const id = await bench.dataset({ n: 1 });
      const jobs = await threePushes(id);
      const clock = { now: () => new Date(Date.now() + off), monotonicMs: () => performance.now() };
      await bench.load(id, {}, { clock });
      await expectExact(id, jobs);
      const times = (await bench.ledger.findJob(jobs.good))?.history.map(({ at }) => at.getTime()) ?? [];
      expect(times).toEqual([...times].sort((a, b) => a - b));
    },
  );
});
