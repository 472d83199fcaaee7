import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CALLER, type OpenLaneBench, openLaneBench } from '../support/lane.js';
import { lookupDatasets } from '../support/lookup-datasets.js';
import { pausedWorkers } from '../support/paused-workers.js';
import type { Pause } from '../support/pauses.js';

/** What the names of customers are when the worker pauses, and after it was killed. */
type Which = 'old' | 'new';

const CASES: readonly [Pause, Which][] = [
  ['before reading', 'new'],
  ['before the commit', 'new'],
  ['after the commit', 'old'],
  ['half way through writing', 'old'],
  ['after writing', 'old'],
  ['before the end', 'old'],
];

describe('a worker that is killed while it loads a dataset with lookups', () => {
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
  const given = lookupDatasets(() => bench);

  async function killedAt(pause: Pause, customers: string, orders: string): Promise<void> {
    const worker = await workers.pausedAt(pause, orders);
    await given.name(customers, 'new 1', 'new 2');
    await workers.kill(worker);
    await bench.lanes.freeAll();
    await bench.load(orders);
    expect(bench.errors).toEqual([]);
  }

  async function expectFound(orders: string, customers: string, names: Record<string, unknown>): Promise<void> {
    expect(await given.found(orders)).toEqual(names);
    await given.name(customers, 'newest', 'newest');
    await bench.useCases.rebuildDataset(orders, CALLER);
    await bench.load(orders);
    expect(await given.found(orders)).toEqual(names);
  }

  it.each(CASES)('%s: all records have the %s values, also after a rebuild', async (pause, which) => {
    const customers = await given.customers('old 1', 'old 2');
    const orders = await given.orders(customers);
    await bench.push(orders, [{ order: 0, customer: 1, note: 'x' }]);
    await bench.load(orders);
    await bench.push(
      orders,
      [1, 2, 3].map((order) => ({ order, customer: (order % 2) + 1, note: 'x' })),
    );
    await bench.push(
      orders,
      [
        { order: 0, customer: 2 },
        { order: 1, note: 'y' },
      ],
      'UPSERT',
    );
    await killedAt(pause, customers, orders);
    await expectFound(orders, customers, { 0: `${which} 2`, 1: `${which} 2`, 2: `${which} 1`, 3: `${which} 2` });
  });

  it.each<[Pause, Which]>([
    ['before the commit', 'new'],
    ['after the commit', 'old'],
    ['before the end', 'old'],
  ])('in a reload %s: all records have the %s values, also after a rebuild', async (pause, which) => {
    const customers = await given.customers('first', 'first');
    const orders = await given.orders(customers);
    await bench.push(
      orders,
      [1, 2].map((order) => ({ order, customer: order, note: 'x' })),
    );
    await bench.load(orders);
    await given.name(customers, 'old 1', 'old 2');
    await given.edit(orders, { columns: [{ id: 'note', undetermined: true }] });
    await bench.useCases.applyChanges(orders, CALLER);
    await killedAt(pause, customers, orders);
    await expectFound(orders, customers, { 1: `${which} 1`, 2: `${which} 2` });
  });
});
