import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type OpenLaneBench, openLaneBench } from '../../test/support/lane.js';
import { order, orderBench } from '../../test/support/orders.js';
import type { RecordStore } from '../ports/record-store.js';
import type { RowWrite } from '../ports/row-writes.js';

describe('records with several rows, of which the record store rejects one after the commit point', () => {
  let bench: OpenLaneBench;
  let orders: ReturnType<typeof orderBench>;
  /** Writes that a worker sent, to be sent again late. */
  let sent: (() => Promise<unknown>)[];
  beforeAll(async () => {
    bench = await openLaneBench();
    orders = orderBench(bench);
  });
  afterAll(() => bench.close());
  afterEach(() => {
    bench.errors.length = 0;
  });

  /** Rejects the rows of items that begin with `bad`. */
  function rejecting(): { readonly records: Partial<RecordStore> } {
    sent = [];
    const isBad = (write: RowWrite) =>
      'values' in write && Object.values(write.values).some((value) => String(value).startsWith('bad'));
    const writeRows: RecordStore['writeRows'] = async (generation, writes, stillOwned) => {
      const all = [...writes];
      const taken = all.filter((write) => !isBad(write));
      sent.push(() => bench.records.writeRows(generation, taken, () => undefined));
      const rejected = await bench.records.writeRows(generation, taken, stillOwned);
      return [...rejected, ...all.filter(isBad).map(({ id }) => ({ id, reason: 'bad' }))];
    };
    return { records: { writeRows } };
  }

  async function loaded(id: string, data: ReturnType<typeof order>[]): Promise<void> {
    await bench.push(id, data);
    await bench.load(id);
  }

  async function countsOf(job: string) {
    const found = await bench.ledger.findJob(job);
    return { status: found?.status, ...found?.counts };
  }

  const BEFORE = ['1: a b c', '2: d', '3: e f'];
  const STORED = { orders: [...BEFORE, '4: ok 0 ok 1'], recordCount: 4, rowCount: 8 };

  it.each([
    ['a later row', ['x', 'bad', 'y', 'z']],
    ['the first row', ['bad', 'x', 'y', 'z']],
    ['one of fewer rows', ['x', 'bad']],
    ['the only row', ['bad']],
  ])('keep the rows that they had before: %s', async (_, skus) => {
    const id = await orders.dataset();
    await loaded(id, [order('1', ['a', 'b', 'c']), order('2', ['d']), order('3', ['e', 'f']), order('5', [])]);
    const records = [...['1', '2', '5', '6'].map((key) => order(key, skus)), order('4', ['ok 0', 'ok 1'])];
    const job = await bench.push(id, records);
    await bench.load(id, rejecting());
    expect(await countsOf(job)).toMatchObject({
      status: 'COMPLETE',
      read: 5,
      added: 1,
      updated: 0,
      failed: 4,
      rows: 2,
    });
    expect(await orders.stored(id)).toEqual(STORED);
    // What the worker wrote arrives once more, late.
    for (const write of sent.slice(0, 2)) await write();
    expect(await orders.stored(id)).toEqual(STORED);
    await bench.push(
      id,
      [
        { id: '1', state: 'open' },
        { id: '5', state: 'open' },
      ],
      'UPSERT',
    );
    await bench.load(id);
    expect(await orders.stored(id)).toEqual(STORED);
    await loaded(id, [order('1', ['g', 'h', 'i', 'j', 'k'])]);
    const after = { orders: ['1: g h i j k', ...STORED.orders.slice(1)], recordCount: 4, rowCount: 10 };
    expect(await orders.stored(id)).toEqual(after);
    await orders.rebuild(id);
    expect(await orders.stored(id)).toEqual(after);
  });

  it('are taken back once, also if the attempt after the rejection fails', async () => {
    const id = await orders.dataset();
    await loaded(id, [order('1', ['a', 'b', 'c'])]);
    const job = await bench.push(id, [order('1', ['x', 'y', 'bad', 'z']), order('2', ['ok', 'ok'])]);
    const complete = async () => {
      throw new Error('made to fail');
    };
    await bench.load(id, { ...rejecting(), lanes: { complete } });
    await bench.lanes.freeAll();
    await bench.load(id, rejecting());
    expect(await countsOf(job)).toMatchObject({ read: 2, added: 1, failed: 1, rows: 2 });
    const expected = { orders: ['1: a b c', '2: ok ok'], recordCount: 2, rowCount: 5 };
    expect(await orders.stored(id)).toEqual(expected);
    await orders.rebuild(id);
    expect(await orders.stored(id)).toEqual(expected);
  });

  it('leave nothing behind if they are new and have no identifier', async () => {
    const id = await orders.dataset(false);
    const job = await bench.push(id, [order('1', ['x', 'bad', 'y']), order('2', ['ok', 'ok']), order('3', [])]);
    await bench.load(id, rejecting());
    expect(await countsOf(job)).toMatchObject({ read: 3, added: 1, unchanged: 1, failed: 1, rows: 2 });
    const expected = { orders: ['2: ok ok'], recordCount: 1, rowCount: 2 };
    expect(await orders.stored(id)).toEqual(expected);
    await orders.rebuild(id);
    expect(await orders.stored(id)).toEqual(expected);
  });
});
