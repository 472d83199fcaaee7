import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CALLER, type OpenLaneBench, openLaneBench } from '../../test/support/lane.js';
import { until } from '../../test/support/until.js';
import type { JsonValue } from '../domain/json/json-value.js';
import { endTurn } from '../event-loop/turns.js';
import type { Lanes } from '../ports/lane.js';
import type { MemoryBudget } from '../ports/memory-budget.js';
import type { PushLog } from '../ports/push-log.js';
import type { RecordStore } from '../ports/record-store.js';
import { LaneWorker } from './lane-worker.js';

/** So much that nothing else fits into its group. */
const LARGE = Array.from({ length: 9 }, (_, n) => ({ t: `${n} ${'x'.repeat(940_000)}`, n: '1' }));
/** Enough for its rows to be written from its bytes. */
const MANY = Array.from({ length: 200 }, (_, n) => ({ t: `${n} ${'y'.repeat(100)}`, n: '1' }));
/** A payload of 4.5 MB, also of such rows. */
const MANY_MORE = Array.from({ length: 6_000 }, (_, n) => ({ t: `${n} ${'z'.repeat(720)}`, n: '1' }));
const ALL = LARGE.length + MANY.length;

describe('reading ahead', () => {
  let bench: OpenLaneBench;
  beforeAll(async () => {
    bench = await openLaneBench();
  });
  afterAll(() => bench.close());

  /** Notes whose payloads are read. The rows of the large push are written once `isTime`. */
  async function loadOneAfterTheOther(id: string, isTime: (read: readonly string[]) => boolean, others = {}) {
    const read: string[] = [];
    const readPayloads: PushLog['readPayloads'] = async (jobs) => {
      const logged = await bench.pushLog.readPayloads(jobs);
      read.push(...jobs.map((job) => job.id));
      return logged;
    };
    let writes = 0;
    const writeRows: RecordStore['writeRows'] = async (...args) => {
      writes += 1;
      if (writes === 1) {
        await until('the time to write', () => isTime(read));
        // What was read last is examined in fewer turns, which it takes alternately with this.
        for (let turn = 0; turn < 1_000; turn += 1) await endTurn();
      }
      return bench.records.writeRows(...args);
    };
    await bench.load(id, { records: { writeRows } }, { pushLog: { ...bench.pushLog, readPayloads }, ...others });
    return read;
  }

  async function pushed(...pushes: JsonValue[]) {
    const id = await bench.dataset({ t: 'x', n: '1' }, { mismatchPolicy: 'QUARANTINE' });
    const jobs: string[] = [];
    for (const push of [LARGE, ...pushes]) jobs.push(await bench.push(id, push));
    return { id, jobs };
  }

  const rowsOf = async (id: string) => (await bench.contents(id)).rows;

  it('examines the pushes of the next group while the rows of one are written, once', async () => {
    const { id, jobs } = await pushed(MANY, [{ t: 'z', n: 1 }, ...MANY]);
    const read = await loadOneAfterTheOther(id, (read) => read.length === 3);
    // Not twice, unless the turn of the worker was over in between.
    expect(read.slice(0, 3)).toEqual(jobs);
    expect(await bench.ledger.findJob(jobs[1] ?? '')).toMatchObject({ status: 'COMPLETE', counts: { added: 200 } });
    expect(await bench.ledger.findJob(jobs[2] ?? '')).toMatchObject({ counts: { read: 201, added: 200, failed: 1 } });
    expect(await rowsOf(id)).toBe(ALL + MANY.length);
    expect((await bench.contents(id)).quarantined).toHaveLength(1);
  });

  it.each([
    ['together, if all of them are plain', [MANY_MORE, MANY_MORE, MANY_MORE], [1, 3]],
    ['in groups of the usual size, if some are not', [[{ t: 'few', n: '1' }], MANY_MORE, MANY_MORE], [1, 2, 1]],
  ])('loads the pushes after a large one %s', async (_name, pushes, groups) => {
    const { id, jobs } = await pushed(...pushes);
    const committed: number[] = [];
    const commit: Lanes['commit'] = (lease, group, outcomes, ...others) => {
      committed.push(outcomes.length);
      return bench.lanes.commit(lease, group, outcomes, ...others);
    };
    // So slow that the turn of the worker is not over.
    const clock = { ...bench.clock, monotonicMs: () => bench.clock.monotonicMs() / 100 };
    await loadOneAfterTheOther(id, (read) => read.length === 4, { lanes: { ...bench.lanes, commit }, clock });
    expect(committed).toEqual(groups);
    const loaded = await Promise.all(jobs.slice(1).map((job) => bench.ledger.findJob(job)));
    expect(loaded.map((job) => job?.counts.added)).toEqual(pushes.map(({ length }) => length));
  });

  it('leaves other pushes to their group', async () => {
    const { id, jobs } = await pushed([{ t: 'few', n: '1' }], MANY);
    const read = await loadOneAfterTheOther(id, (read) => read.length >= 3);
    expect(new Set(read)).toEqual(new Set(jobs));
    expect(await rowsOf(id)).toBe(ALL + 1);
  });

  it('does not bring back a job that is terminated meanwhile', async () => {
    const { id, jobs } = await pushed(MANY, MANY);
    let terminating: Promise<unknown> | undefined;
    let isTerminated = false;
    await loadOneAfterTheOther(id, (read) => {
      if (read.length === 3)
        terminating ??= bench.useCases.terminateJob(jobs[1] ?? '', CALLER).then(() => {
          isTerminated = true;
        });
      return isTerminated;
    });
    await terminating;
    expect(await bench.ledger.findJob(jobs[1] ?? '')).toMatchObject({ status: 'TERMINATED_EXIT' });
    expect(await rowsOf(id)).toBe(ALL);
  });

  it('takes other pushes by the design that is applied when their turn comes', async () => {
    const { id } = await pushed(MANY);
    const columns = [{ id: 'n', type: 'NUMERIC' as const }];
    await bench.useCases.designDrafts.update(id, { expectedRevision: 1, columns }, CALLER);
    await bench.useCases.applyChanges(id, CALLER);
    await bench.push(id, [{ t: 'after', n: '5' }]);
    await loadOneAfterTheOther(id, (read) => read.length === 2);
    const { records } = await bench.contents(id);
    expect(records.map(({ n }) => n)).toEqual([...Array(ALL).fill(1), 5]);
  });

  it('does not wait for memory', async () => {
    const { id, jobs } = await pushed(MANY);
    const full: MemoryBudget = { tryReserve: () => null, reserve: async () => () => undefined };
    const read = await loadOneAfterTheOther(id, (read) => read.length === 1, { room: full });
    expect(read).toEqual(jobs);
    expect(await rowsOf(id)).toBe(ALL);
  });

  it('of a push that no worker survives does not keep the group before it from its end', async () => {
    const { id, jobs } = await pushed(MANY);
    let lost = 0;
    const readPayloads: PushLog['readPayloads'] = async (wanted) => {
      const logged = await bench.pushLog.readPayloads(wanted);
      if (logged.some(({ job }) => job.id === jobs[1])) lost += 60_000;
      return logged;
    };
    const clock = { ...bench.clock, monotonicMs: () => bench.clock.monotonicMs() + lost };
    for (let turn = 0; turn < 3; turn += 1) {
      const deps = { ...bench.workerDeps(), clock, pushLog: { ...bench.pushLog, readPayloads } };
      await new LaneWorker(deps).run(id);
      await bench.lanes.freeAll();
    }
    expect(await bench.ledger.findJob(jobs[0] ?? '')).toMatchObject({ status: 'COMPLETE', counts: { added: 9 } });
  });
});
