import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/domain/json/json-value.js';
import type { RecordStore } from '../../src/ports/record-store.js';
import { type OpenLaneBench, openLaneBench } from '../support/lane.js';
import { order, orderBench } from '../support/orders.js';
import { pausedWorkers } from '../support/paused-workers.js';
import type { Pause } from '../support/pauses.js';
import { LOADED } from '../support/statuses.js';

/** Where an attempt fails: in which request that writes rows, counted from 1, and after which part of it. */
type Failure = readonly [request: number, part: 'none' | 'half' | 'all'];

const FAILURES: readonly Failure[] = [
  [1, 'half'],
  [1, 'all'],
  [2, 'none'],
  [2, 'half'],
  [2, 'all'],
];

describe('a group of records with several rows', () => {
  let bench: OpenLaneBench;
  let orders: ReturnType<typeof orderBench>;
  let workers: ReturnType<typeof pausedWorkers>;
  beforeAll(async () => {
    bench = await openLaneBench();
    orders = orderBench(bench);
    workers = pausedWorkers(bench.database);
  });
  afterAll(async () => {
    workers.killAll();
    await bench.close();
  });

  /** Stored orders, and jobs on them that form one group. */
  async function prepared() {
    const id = await orders.dataset();
    const closed = order('4', ['p', 'q'], 'closed');
    await bench.push(id, [order('1', ['a', 'b', 'c', 'd']), order('2', ['a', 'b']), order('3', ['a']), closed]);
    await bench.push(id, [order('5', ['x', 'y', 'z'])]);
    await bench.load(id);
    const upserts: JsonObject[] = [
      { id: '1', items: [{ sku: 'e' }, { sku: 'f' }] },
      { id: '4', state: 'open' },
      { id: '2', state: 'closed' },
    ];
    const jobs = [
      await bench.push(id, upserts, 'UPSERT'),
      await bench.push(id, [order('6', ['m', 'n', 'o']), order('3', ['r', 's', 't'])]),
      await orders.remove(id, [{ id: '5' }]),
    ];
    return { id, jobs };
  }

  async function expectExact({ id, jobs }: Awaited<ReturnType<typeof prepared>>): Promise<void> {
    const ended = await Promise.all(jobs.map((job) => bench.ledger.findJob(job)));
    expect(ended).toMatchObject([
      { status: 'COMPLETE', counts: { read: 3, added: 1, updated: 1, deleted: 1, unchanged: 0, rows: 4 } },
      { status: 'COMPLETE', counts: { read: 2, added: 1, updated: 1, deleted: 0, unchanged: 0, rows: 6 } },
      { status: 'COMPLETE', counts: { read: 1, added: 0, updated: 0, deleted: 1, unchanged: 0, rows: 0 } },
    ]);
    expect(ended.map((job) => job?.history.map(({ status }) => status))).toEqual(jobs.map(() => LOADED));
    const exact = { orders: ['1: e f', '3: r s t', '4: p q', '6: m n o'], recordCount: 4, rowCount: 10 };
    expect(await orders.stored(id)).toEqual(exact);
    await orders.rebuild(id);
    expect(await orders.stored(id)).toEqual(exact);
  }

  /** Fails once. */
  function failing([request, part]: Failure): { readonly records: Partial<RecordStore> } {
    let requests = 0;
    const writeRows: RecordStore['writeRows'] = async (generation, writes, stillOwned) => {
      requests += 1;
      if (requests !== request) return bench.records.writeRows(generation, writes, stillOwned);
      const all = [...writes];
      const count = { none: 0, half: Math.floor(all.length / 2), all: all.length }[part];
      await bench.records.writeRows(generation, all.slice(0, count), stillOwned);
      throw new Error('made to fail');
    };
    return { records: { writeRows } };
  }

  it.each(FAILURES)('that fails in request %i after it has written %s of it is made whole', async (...failure) => {
    const group = await prepared();
    await bench.load(group.id, failing(failure));
    expect(bench.errors.splice(0)).toMatchObject([{ message: 'made to fail' }]);
    await bench.lanes.freeAll();
    await bench.load(group.id);
    await expectExact(group);
    expect(bench.errors).toEqual([]);
  });

  // `after writing` is after the first of two requests: that of the rows after the first ones.
  it.each<Pause>(['half way through writing', 'after writing', 'before the end'])(
    'whose worker is killed %s is made whole by the next one',
    async (pause) => {
      const group = await prepared();
      await workers.kill(await workers.pausedAt(pause, group.id));
      await bench.lanes.freeAll();
      await bench.load(group.id);
      await expectExact(group);
      expect(bench.errors).toEqual([]);
    },
  );

  it('is not changed by late writes, also after a later group has removed rows', async () => {
    const group = await prepared();
    const late: (() => Promise<unknown>)[] = [];
    const writeRows: RecordStore['writeRows'] = async (generation, writes) => {
      const all = [...writes];
      late.push(() => bench.records.writeRows(generation, all, () => undefined));
      throw new Error('paused');
    };
    await bench.load(group.id, { records: { writeRows } });
    bench.errors.length = 0;
    await bench.lanes.freeAll();
    await bench.load(group.id);
    await bench.push(group.id, [order('6', ['z']), order('3', [])]);
    await bench.load(group.id);
    const exact = { orders: ['1: e f', '4: p q', '6: z'], recordCount: 3, rowCount: 5 };
    expect(await orders.stored(group.id)).toEqual(exact);
    for (const write of late) await write();
    expect(await orders.stored(group.id)).toEqual(exact);
  });

  it('has its tombstones removed later, although the attempt that wrote them failed', async () => {
    const id = await orders.dataset();
    await bench.push(id, [order('1', ['a', 'b', 'c'])]);
    await bench.load(id);
    const generation = (await bench.catalog.findDataset(id))?.generation ?? '';
    const withTombstones = async () =>
      (await bench.generations.withOldTombstones(0)).map((found) => found.generation).includes(generation);
    expect(await withTombstones()).toBe(false);
    await bench.push(id, [order('1', ['d'])]);
    await bench.load(id, failing([2, 'all']));
    bench.errors.length = 0;
    await bench.lanes.freeAll();
    await bench.load(id);
    expect((await orders.stored(id)).orders).toEqual(['1: d']);
    expect(await withTombstones()).toBe(true);
  });
});
