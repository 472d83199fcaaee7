import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CALLER, type OpenLaneBench, openLaneBench } from '../../test/support/lane.js';
import { lookingUp, lookupDatasets } from '../../test/support/lookup-datasets.js';
import { mongoPurge } from '../adapters/mongodb/purge.js';
import type { Access, Caller } from '../domain/security/caller.js';
import type { LookupSource } from '../ports/lookup-source.js';
import { previewDesign } from './preview-design.js';

const TAKE_NAME = { by: [{ identifier: 'id', column: 'customer' }], take: 'name' };

describe('a design with lookups', () => {
  let bench: OpenLaneBench;
  beforeAll(async () => {
    bench = await openLaneBench();
  });
  afterAll(() => bench.close());
  const given = lookupDatasets(() => bench);

  const restricted = (access: Partial<Access>): Caller => ({ ...CALLER, access: { ...CALLER.access, ...access } });
  const plainOrders = () => bench.dataset({ order: 1, customer: 1 });

  it.each<[string, (hidden: string) => Partial<Access>]>([
    ['the design', (hidden) => ({ sees: (_, id) => id !== hidden })],
    [
      'all rows',
      (hidden) => ({ restrictionOf: (id) => (id === hidden ? (columns) => ({ filter: null, columns }) : null) }),
    ],
  ])('cannot be saved, tried or applied by a caller who may not read %s of the other dataset', async (_, access) => {
    const customers = await given.customers('Ada');
    const orders = await plainOrders();
    const caller = restricted(access(customers));
    const save = (dataset: string, who: Caller) => {
      const transformations = [lookingUp('found', { ...TAKE_NAME, dataset })];
      return bench.useCases.designDrafts.update(orders, { expectedRevision: 1, transformations }, who);
    };
    const forbidden = { code: 'FORBIDDEN' };
    await expect(save(customers, caller)).rejects.toMatchObject(forbidden);
    await save(customers, CALLER);
    await expect(bench.useCases.tryChanges(orders, caller)).rejects.toMatchObject(forbidden);
    await expect(bench.useCases.applyChanges(orders, caller)).rejects.toMatchObject(forbidden);
    await expect(bench.useCases.previewDesign(orders, {}, caller)).rejects.toMatchObject(forbidden);
  });

  it('is previewed by lookups of at most 1,000 records in one go', async () => {
    const customers = await given.customers('Ada', 'Bo');
    const orders = await bench.dataset({ customers: [1] });
    const settings = { column: 'customers', keepEmpty: false };
    const flatten = {
      ...lookingUp('customer', { ...TAKE_NAME, dataset: '' }),
      step: { kind: 'flatten', settings } as const,
    };
    await given.edit(orders, { transformations: [flatten, lookingUp('found', { ...TAKE_NAME, dataset: customers })] });
    const asked: [ids: number, maxBytes: number][] = [];
    const lookups: LookupSource = {
      find(datasetId, wanted, ids, maxBytes) {
        asked.push([ids.length, maxBytes]);
        return bench.lookups.find(datasetId, wanted, ids, maxBytes);
      },
    };
    const data = [{ customers: Array.from({ length: 1_500 }, (_, index) => index + 1) }];
    const [record] = await previewDesign({ ...bench, lookups })(orders, { data }, CALLER);
    expect(record?.rows.slice(0, 3).map(({ found }) => found)).toEqual(['Ada', 'Bo', null]);
    expect(asked.map(([ids]) => ids)).toEqual([1_000, 500]);
    expect(asked[1]?.[1]).toBeLessThan(asked[0]?.[1] ?? 0);
  });

  it('is refused in the same words for a dataset that does not exist, if the caller may not read it', async () => {
    const customers = await given.customers();
    const orders = await plainOrders();
    const caller = restricted({ sees: (_, id) => id === orders });
    const messages = await Promise.all(
      [customers, 'none'].map(async (dataset) => {
        const transformations = [lookingUp('found', { ...TAKE_NAME, dataset })];
        const saved = bench.useCases.designDrafts.update(orders, { expectedRevision: 1, transformations }, caller);
        return saved.then(String, (error: Error) => error.message);
      }),
    );
    expect(messages[0]).toBe(messages[1]);
    expect(messages[0]).toContain('may not read');
  });

  it('cannot be applied if two saves at the same time have made a circle', async () => {
    const [a, b] = [await given.customers(), await given.customers()];
    const settings = { by: [{ identifier: 'id', column: 'id' }], take: 'name' };
    await given.edit(a, { transformations: [lookingUp('from_b', { ...settings, dataset: b })] });
    // What the other save stores, which read the first design before it was saved.
    const { draftRevision } = await bench.reader.catalog.existingDataset(b);
    const [design, ofA] = [
      await bench.catalog.findDesign(b, draftRevision),
      await bench.catalog.findDesign(a, draftRevision + 1),
    ];
    const [first] = ofA?.transformations ?? [];
    if (!design || first?.step.kind !== 'lookup') throw new Error('the designs are not there');
    const back = { ...first, step: { ...first.step, settings: { ...first.step.settings, dataset: a } } };
    await bench.catalog.replaceDraft({ ...design, revision: draftRevision + 1, transformations: [back] });
    for (const id of [a, b])
      await expect(bench.useCases.applyChanges(id, CALLER)).rejects.toMatchObject({
        code: 'INVALID_DESIGN',
        message: expect.stringContaining('datasets must not look each other up in a circle'),
      });
  });

  it('cannot be stored if the other dataset was deleted at the same time', async () => {
    const customers = await given.customers();
    const orders = await given.orders(customers);
    const { draftRevision: revision } = await bench.reader.catalog.existingDataset(orders);
    const design = await bench.catalog.findDesign(orders, revision);
    await given.edit(orders, { transformations: [] });
    await given.apply(orders);
    expect(await bench.catalog.deleteDataset(customers, new Date())).toEqual({ kind: 'DELETED' });
    if (!design) throw new Error('the design is not there');
    const stored = bench.catalog.replaceDraft({ ...design, revision: revision + 2 });
    await expect(stored).rejects.toMatchObject({ code: 'DESIGN_CONFLICT' });
    expect((await bench.reader.catalog.existingDataset(orders)).draftRevision).toBe(revision + 1);
  });

  it('holds the other dataset while a job that applies it waits, although the draft has dropped the lookup', async () => {
    const customers = await given.customers();
    const orders = await plainOrders();
    await given.edit(orders, { transformations: [lookingUp('found', { ...TAKE_NAME, dataset: customers })] });
    const { reload } = await bench.useCases.applyChanges(orders, CALLER);
    await given.edit(orders, { transformations: [] });
    const deletion = () => bench.useCases.deleteDataset(customers, CALLER);
    await expect(deletion()).rejects.toMatchObject({ code: 'IN_USE' });
    await bench.useCases.terminateJob(reload?.id ?? '', CALLER);
    expect(await deletion()).toBe(customers);
  });

  it('releases the other dataset when its own is deleted, and what it found is purged', async () => {
    const customers = await given.customers('Ada');
    const orders = await given.orders(customers);
    await bench.push(orders, [{ order: 1, customer: 1, note: 'x' }]);
    await bench.load(orders);
    const recorded = () => bench.collections.answers.countDocuments({ datasetId: orders });
    expect(await recorded()).toBeGreaterThan(0);
    await bench.useCases.deleteDataset(orders, CALLER);
    expect(await bench.useCases.deleteDataset(customers, CALLER)).toBe(customers);
    await mongoPurge(bench.collections).deletedDatasets(new Date(Date.now() + 60_000));
    expect(await recorded()).toBe(0);
  });
});
