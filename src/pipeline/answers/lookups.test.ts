import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { CALLER, type OpenLaneBench, openLaneBench } from '../../../test/support/lane.js';
import { lookingUp, lookupDatasets, NEVER, order } from '../../../test/support/lookup-datasets.js';
import { storedLookups } from '../../adapters/lookups/stored-lookups.js';
import type { GivenTransformation } from '../../domain/transform/transformation.js';
import type { LookupSource } from '../../ports/lookup-source.js';
import { type RecordStore, RecordStoreError } from '../../ports/record-store.js';

describe('lookups', () => {
  let bench: OpenLaneBench;
  beforeAll(async () => {
    bench = await openLaneBench();
  });
  afterAll(() => bench.close());
  afterEach(() => {
    expect(bench.errors.splice(0)).toEqual([]);
  });
  const given = lookupDatasets(() => bench);

  it('read what another dataset holds, in three requests for 1,000 records', async () => {
    const customers = await given.customers(...Array.from({ length: 1_000 }, (_, n) => `name ${n + 1}`));
    const orders = await given.orders(customers);
    const calls: string[] = [];
    const counted: Pick<RecordStore, 'readRows' | 'readValuesOf'> = {
      readRows: (...args) => {
        calls.push('readRows');
        return bench.records.readRows(...args);
      },
      readValuesOf: (...args) => {
        calls.push('readValuesOf');
        return bench.records.readValuesOf(...args);
      },
    };
    const catalog = {
      ...bench.catalog,
      findDataset: (id: string) => {
        calls.push('findDataset');
        return bench.catalog.findDataset(id);
      },
    };
    for (let n = 0; n < 10; n += 1)
      await bench.push(
        orders,
        Array.from({ length: 200 }, (_, m) => order(200 * n + m + 1, ((200 * n + m) % 1_000) + 1)),
      );
    await bench.load(orders, {}, { lookups: storedLookups({ catalog, records: counted }) });
    expect(calls).toEqual(['findDataset', 'readRows', 'readValuesOf']);
    const rows = await bench.rows(orders);
    expect(rows).toHaveLength(1_000);
    expect(new Set(rows.map(({ values }) => values.c4)).size).toBeGreaterThan(500);
  });

  it('chain: a lookup by the value of another one', async () => {
    const customers = await given.customers('Ada');
    const names = await bench.dataset({ name: 'x', age: 1 });
    await given.edit(names, { columns: [{ id: 'name', uniqueIdentifier: true }] });
    await given.apply(names);
    await bench.push(names, [{ name: 'Ada', age: 36 }]);
    await bench.load(names);
    const orders = await given.orders(customers);
    await given.edit(orders, {
      transformations: [
        lookingUp('found', { dataset: customers, by: [{ identifier: 'id', column: 'customer' }], take: 'name' }),
        lookingUp('age', { dataset: names, by: [{ identifier: 'name', column: 'found' }], take: 'age' }),
      ],
    });
    await given.apply(orders);
    await bench.push(orders, [order(1), order(2)]);
    await bench.push(orders, [{ order: 3, customer: 1 }], 'UPSERT');
    await bench.load(orders);
    const { records } = await bench.contents(orders);
    expect(records.map((one) => [one.order, one.found, one.age]).sort()).toEqual([
      [1, 'Ada', 36],
      [2, null, null],
      [3, 'Ada', 36],
    ]);
  });

  it('read the first row of a record that has several, and none of a record that is held without rows', async () => {
    const lists = await bench.dataset({ id: 1, items: ['x'] });
    const flatten: GivenTransformation['step'] = { kind: 'flatten', settings: { column: 'items', keepEmpty: false } };
    const item: GivenTransformation = { ...lookingUp('item', { dataset: '', by: [], take: '' }), step: flatten };
    await given.edit(lists, { columns: [{ id: 'id', uniqueIdentifier: true }], transformations: [item] });
    await given.apply(lists);
    await bench.push(lists, [
      { id: 1, items: ['a', 'b', 'c'] },
      { id: 2, items: [] },
    ]);
    await bench.load(lists);
    const orders = await given.orders(await given.customers());
    const by = [{ identifier: 'id', column: 'customer' }];
    await given.edit(orders, { transformations: [lookingUp('found', { dataset: lists, by, take: 'item' })] });
    await given.apply(orders);
    await bench.push(orders, [order(1), order(2)]);
    await bench.load(orders);
    expect(await given.found(orders)).toEqual({ 1: 'a', 2: null });
  });

  it('are made once for rows that are too large to be kept in memory until they are written', async () => {
    const customers = await given.customers('Ada'.padEnd(1_000_000, 'x'));
    const orders = await given.orders(customers);
    await bench.push(orders, [order(0, 2)]);
    await bench.load(orders);
    const numbers = Array.from({ length: 45 }, (_, n) => n + 1);
    await bench.push(
      orders,
      numbers.map((n) => order(n, 1)),
    );
    await bench.push(
      orders,
      [
        { order: 0, customer: 1 },
        { order: 1, note: 'y' },
      ],
      'UPSERT',
    );
    let finds = 0;
    const lookups: LookupSource = {
      find(...args) {
        finds += 1;
        return bench.lookups.find(...args);
      },
    };
    await bench.load(orders, {}, { lookups });
    expect(finds).toBe(1);
    const lengths = Object.values(await given.found(orders)).map((name) => String(name).length);
    expect(lengths).toEqual(Array(46).fill(1_000_000));
  });

  it('wait for the record store, and say so', async () => {
    const customers = await given.customers('Ada');
    const orders = await given.orders(customers);
    const job = await bench.push(orders, [order(1)]);
    const waits: unknown[] = [];
    const lookups: LookupSource = {
      async find(...args) {
        waits.push((await bench.ledger.findJob(job))?.waitingFor);
        if (waits.length < 3) throw new RecordStoreError('UNAVAILABLE', 'the store is away');
        return bench.lookups.find(...args);
      },
    };
    await bench.load(orders, {}, { lookups });
    expect(waits).toEqual([
      null,
      expect.stringContaining('the store is away'),
      expect.stringContaining('the store is away'),
    ]);
    expect(await given.found(orders)).toEqual({ 1: 'Ada' });
  });

  it('of lost rows are errors of the step, and hold up no lane', async () => {
    const customers = await given.customers('Ada');
    const orders = await given.orders(customers, { rules: { mismatchPolicy: 'QUARANTINE' } });
    const { generation } = await bench.reader.catalog.existingDataset(customers);
    await bench.records.dropGeneration(generation ?? '');
    const job = await bench.push(orders, [order(1), order(2, null)]);
    await bench.load(orders);
    expect(await bench.ledger.findJob(job)).toMatchObject({ status: 'COMPLETE', counts: { added: 1, failed: 1 } });
    const [error] = await bench.ledger.errorsOf(job);
    expect(error).toMatchObject({ code: 'TRANSFORMATION_FAILED', step: 'found' });
    expect(error?.message).toContain(`the rows of dataset "${customers}" are missing from the record store`);
    expect(await bench.reader.catalog.existingDataset(customers)).toMatchObject({ status: 'FAILED' });
  });

  it('follow a dataset whose generation is replaced meanwhile', async () => {
    const customers = await given.customers('Ada');
    const orders = await given.orders(customers);
    const before = await bench.reader.catalog.existingDataset(customers);
    await given.edit(customers, { columns: [{ id: 'name', undetermined: true }] });
    await given.apply(customers);
    await bench.records.dropGeneration(before.generation ?? '');
    let isFirst = true;
    const findDataset = async (id: string) => {
      if (!isFirst) return bench.catalog.findDataset(id);
      isFirst = false;
      return before;
    };
    await bench.push(orders, [order(1)]);
    const lookups = storedLookups({ catalog: { ...bench.catalog, findDataset }, records: bench.records });
    await bench.load(orders, {}, { lookups });
    expect(await given.found(orders)).toEqual({ 1: 'Ada' });
  });

  it('of more than a group may find, or one record may have, are errors of the step', async () => {
    const customers = await given.customers('a'.repeat(1_500_000), 'b'.repeat(1_000_000), 'c'.repeat(1_000_000), 'Dy');
    const orders = await given.orders(customers, { onError: 'IGNORE' });
    const lookups: LookupSource = {
      find: (datasetId, wanted, ids) => bench.lookups.find(datasetId, wanted, ids, 3_500_000),
    };
    await bench.push(orders, [order(1), order(2), order(3), order(4)]);
    await bench.load(orders, {}, { lookups });
    const found = await given.found(orders);
    expect(found).toMatchObject({ 1: null, 4: 'Dy' });
    expect([found[2], found[3]].map((name) => (name === null ? 0 : String(name).length)).sort()).toEqual([
      0, 1_000_000,
    ]);
  });

  it('cost a design without them nothing', async () => {
    const id = await bench.dataset({ n: 1 });
    await bench.push(id, [{ n: 1 }]);
    const answerLog = { keep: fails, read: fails, readPart: fails };
    await bench.load(id, {}, { lookups: NEVER, answerLog });
    await bench.useCases.rebuildDataset(id, CALLER);
    await bench.load(id, {}, { lookups: NEVER, answerLog });
    expect((await bench.contents(id)).records).toEqual([{ n: 1 }]);
  });
});

const fails = () => {
  throw new Error('no outside data was to be read or written');
};
