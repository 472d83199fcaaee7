import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FAILING_COMMIT, failingOnce } from '../../../test/support/failing-loads.js';
import { CALLER, type OpenLaneBench, openLaneBench } from '../../../test/support/lane.js';
import { lookingUp, lookupDatasets, NEVER, order } from '../../../test/support/lookup-datasets.js';
import type { LookupSource } from '../../ports/lookup-source.js';
import type { RecordStore } from '../../ports/record-store.js';

describe('what lookups have found', () => {
  let bench: OpenLaneBench;
  beforeAll(async () => {
    bench = await openLaneBench();
  });
  afterAll(() => bench.close());
  afterEach(() => {
    expect(bench.errors.splice(0)).toEqual([]);
  });
  const given = lookupDatasets(() => bench);

  async function takenUpAgain(id: string, lookups: LookupSource = bench.lookups): Promise<void> {
    await bench.lanes.freeAll();
    await bench.load(id, {}, { lookups });
  }

  it.each([true, false])('is used by an attempt after the commit point (identified: %s)', async (identified) => {
    const customers = await given.customers('Ada', 'Ben');
    const orders = await given.orders(customers, { identified });
    await bench.push(orders, [order(1), order(2), order(3)]);
    await bench.load(orders, { records: failingOnce(bench.records) });
    expect(bench.errors.splice(0)).toHaveLength(1);
    await given.name(customers, 'other', 'other', 'other');
    await takenUpAgain(orders, NEVER);
    expect(await given.found(orders)).toEqual({ 1: 'Ada', 2: 'Ben', 3: null });
  });

  it('is looked up again by an attempt before the commit point, whatever an earlier one has recorded', async () => {
    const customers = await given.customers('Ada');
    const orders = await given.orders(customers);
    await bench.push(orders, [order(1)]);
    await bench.load(orders, { lanes: FAILING_COMMIT });
    expect(bench.errors.splice(0)).toHaveLength(1);
    await given.name(customers, 'Bea');
    await takenUpAgain(orders);
    expect(await given.found(orders)).toEqual({ 1: 'Bea' });
  });

  it('for upserts is for the merged record, and is used after the commit point', async () => {
    const customers = await given.customers('Ada', 'Ben');
    const orders = await given.orders(customers);
    await bench.push(orders, [order(1), order(2)]);
    await bench.load(orders);
    await given.name(customers, 'Amy', 'Bob');
    await bench.push(orders, [{ order: 1, customer: 2 }], 'UPSERT');
    await bench.push(
      orders,
      [
        { order: 1, note: 'y' },
        { order: 3, customer: 1 },
      ],
      'UPSERT',
    );
    await bench.load(orders, { records: failingOnce(bench.records) });
    expect(bench.errors.splice(0)).toHaveLength(1);
    await given.name(customers, 'other', 'other');
    await takenUpAgain(orders, NEVER);
    expect(await given.found(orders)).toEqual({ 1: 'Bob', 2: 'Ben', 3: 'Amy' });
  });

  it('is used by a rebuild, job by job; a reload looks up again', async () => {
    const customers = await given.customers('Ada', 'Ben');
    const orders = await given.orders(customers);
    await bench.push(orders, [order(1)]);
    await bench.load(orders);
    await given.name(customers, 'Amy', 'Ben');
    await bench.push(orders, [order(2, 1)]);
    await bench.push(orders, [{ order: 3, customer: 1 }], 'UPSERT');
    await bench.load(orders);
    const rebuilt = async () => {
      await bench.useCases.rebuildDataset(orders, CALLER);
      await bench.load(orders, {}, { lookups: NEVER });
      return given.found(orders);
    };
    await given.name(customers, 'Alf', 'Ben');
    expect(await rebuilt()).toEqual({ 1: 'Ada', 2: 'Amy', 3: 'Amy' });

    await given.edit(orders, { columns: [{ id: 'note', type: 'TEXT', undetermined: true }] });
    await given.apply(orders);
    expect(await given.found(orders)).toEqual({ 1: 'Alf', 2: 'Alf', 3: 'Alf' });
    await given.name(customers, 'Abe', 'Ben');
    await bench.push(orders, [order(4, 1)]);
    await bench.load(orders);
    expect(await rebuilt()).toEqual({ 1: 'Alf', 2: 'Alf', 3: 'Alf', 4: 'Abe' });
  });

  it('is recorded page by page by a reload, for pages that a rebuild cuts in another way', async () => {
    const customers = await given.customers('Ada', 'Ben');
    const orders = await given.orders(customers);
    await bench.push(
      orders,
      Array.from({ length: 60 }, (_, n) => order(n, (n % 2) + 1)),
    );
    await bench.load(orders);
    const paged = (maxRows: number): Partial<RecordStore> => ({
      scan: (generation, filter, after, bounds) =>
        bench.records.scan(generation, filter, after, { ...bounds, maxRows }),
    });
    let pages = 0;
    const changing: LookupSource = {
      async find(...args) {
        pages += 1;
        await given.name(customers, `Ada ${pages}`, `Ben ${pages}`);
        return bench.lookups.find(...args);
      },
    };
    await given.edit(orders, { columns: [{ id: 'note', undetermined: true }] });
    await bench.useCases.applyChanges(orders, CALLER);
    await bench.load(orders, { records: paged(7) }, { lookups: changing });
    expect(pages).toBe(9);
    const before = await given.found(orders);
    expect(new Set(Object.values(before)).size).toBeGreaterThan(9);
    for (const maxRows of [5, 60]) {
      await bench.useCases.rebuildDataset(orders, CALLER);
      await bench.load(orders, { records: paged(maxRows) }, { lookups: NEVER });
      expect(await given.found(orders)).toEqual(before);
    }
  });

  it('in a reload is used after its commit point', async () => {
    const customers = await given.customers('Ada');
    const orders = await given.orders(customers);
    await bench.push(orders, [order(1)]);
    await bench.load(orders);
    await given.name(customers, 'Amy');
    await given.edit(orders, { columns: [{ id: 'note', undetermined: true }] });
    await bench.useCases.applyChanges(orders, CALLER);
    const complete = async () => {
      throw new Error('made to fail after the commit point');
    };
    await bench.load(orders, { lanes: { complete } });
    expect(bench.errors.splice(0)).toHaveLength(1);
    await given.name(customers, 'Abe');
    await takenUpAgain(orders, NEVER);
    expect(await given.found(orders)).toEqual({ 1: 'Amy' });
  });

  it('in a trial is recorded nowhere', async () => {
    const customers = await given.customers('Ada');
    const orders = await given.orders(customers);
    await bench.push(orders, [order(1), order(2)]);
    await bench.load(orders);
    const recorded = await bench.collections.answers.countDocuments({ datasetId: orders });
    const by = [{ identifier: 'id', column: 'customer' }];
    const required = lookingUp('found', { dataset: customers, by, take: 'name', required: true });
    await given.edit(orders, { transformations: [required] });
    const { id } = await bench.useCases.tryChanges(orders, CALLER);
    await bench.load(orders);
    expect(await bench.ledger.findJob(id)).toMatchObject({ status: 'COMPLETE', counts: { read: 2, failed: 1 } });
    expect(await bench.collections.answers.countDocuments({ datasetId: orders })).toBe(recorded);
  });

  it('is used when a rejected row is taken back', async () => {
    const customers = await given.customers('Ada', 'Ben');
    const orders = await given.orders(customers);
    const job = await bench.push(orders, [order(1), order(2)], 'UPSERT');
    const writeRows: RecordStore['writeRows'] = async (generation, writes, stillOwned) => {
      const all = [...writes];
      const isBad = (write: (typeof all)[number]) => 'values' in write && write.values.c1 === 2;
      await bench.records.writeRows(
        generation,
        all.filter((one) => !isBad(one)),
        stillOwned,
      );
      return all.filter(isBad).map(({ id }) => ({ id, reason: 'made to be rejected' }));
    };
    await bench.load(orders, { records: { writeRows } });
    expect(bench.errors.splice(0)).toHaveLength(1);
    expect(await bench.ledger.findJob(job)).toMatchObject({ status: 'COMPLETE', counts: { added: 1, failed: 1 } });
    expect(await given.found(orders)).toEqual({ 1: 'Ada' });
  });
});
