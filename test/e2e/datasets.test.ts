import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ApplyChangesDocument,
  CreateConnectionDocument,
  CreateDatasetDocument,
  ListDatasetsDocument,
  ReadDatasetDocument,
  ReadRecordsDocument,
  type ReadRecordsQueryVariables,
  UpdateConnectionDocument,
} from '../generated/graphql.js';
import { type Sluice, startSluice } from '../support/sluice.js';

describe('datasets', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice();
  });
  afterAll(() => sluice.close());

  async function records(variables: ReadRecordsQueryVariables) {
    const { dataset } = await sluice.query(ReadRecordsDocument, variables);
    if (!dataset) throw new Error('there is no such dataset');
    return dataset.records;
  }

  it('lists a column for every source field, applies, and shows how to push', async () => {
    const sample = { 'a.b': 1, o: { $x: 'x', list: [{ k: true }] } };
    const connection = await sluice.query(CreateConnectionDocument, { input: { name: 'c', sample } });
    const input = { name: 'd', connectionId: connection.createConnection.id };
    const { createDataset } = await sluice.query(CreateDatasetDocument, { input });
    expect(createDataset).toMatchObject({ name: 'd', status: 'DRAFT', connection: { id: input.connectionId } });
    expect(createDataset.pushInstructions.postData).toBeNull();
    expect(createDataset.pushInstructions.notes.join()).toContain('apply changes');

    const { dataset } = await sluice.query(ReadDatasetDocument, { id: createDataset.id });
    expect(dataset?.design.columns.map((c) => [c.id, c.type, c.parent, c.depth, c.enabled])).toEqual([
      ['a\\.b', 'NUMERIC', null, 0, true],
      ['o', 'OBJECT', null, 0, false],
      ['o.$x', 'TEXT', 'o', 1, true],
      ['o.list', 'OBJECT_ARRAY', 'o', 1, false],
      ['o.list.k', 'BOOLEAN', 'o.list', 2, false],
    ]);
    expect(dataset?.design.columns.every((c) => c.enabled === (c.disabledReason === null))).toBe(true);
    expect(dataset).toMatchObject({ appliedDesign: null, lastJob: null, recordCount: 0, rowCount: 0 });

    const { applyChanges } = await sluice.query(ApplyChangesDocument, { datasetId: createDataset.id });
    expect(applyChanges.dataset).toMatchObject({ status: 'ACTIVE', appliedDesign: { revision: 1 } });
    const again = await sluice.query(ApplyChangesDocument, { datasetId: createDataset.id });
    expect(again.applyChanges.dataset.status).toBe('ACTIVE');
  });

  it('is created directly from a sample, and its Post Data command pushes that sample', async () => {
    const input = { name: 'direct', sample: '{"id": 12345678901234567890, "q": "it\'s $HOME"}', apply: true };
    const { createDataset } = await sluice.query(CreateDatasetDocument, { input });
    expect(createDataset.status).toBe('ACTIVE');
    expect(createDataset.pushInstructions.postDataUrl).toBe(`${sluice.url}/dataload`);
    expect(createDataset.pushInstructions.postData).toContain('"data":[{"id":12345678901234567890,"q":"it\'s $HOME"}]');
    expect(createDataset.pushInstructions.status).toContain('/dataload/$JOB_ID/status');
  });

  it('needs either a connection or a sample, and the connection must exist', async () => {
    const codeFor = async (input: object) => {
      const { errors } = await sluice.execute(CreateDatasetDocument, { input: { name: 'x', ...input } });
      return errors?.[0]?.extensions?.code;
    };
    expect(await codeFor({})).toBe('BAD_REQUEST');
    expect(await codeFor({ connectionId: 'c', sample: { a: 1 } })).toBe('BAD_REQUEST');
    expect(await codeFor({ connectionId: 'nowhere' })).toBe('NOT_FOUND');
    expect(await codeFor({ name: ' ', sample: { a: 1 } })).toBe('BAD_REQUEST');
  });

  it('follows a new sample in its draft, and loads by the applied sample until the draft is applied', async () => {
    const { createConnection } = await sluice.query(CreateConnectionDocument, {
      input: { name: 'moving', sample: { a: 1 } },
    });
    const make = async (apply: boolean) =>
      (await sluice.query(CreateDatasetDocument, { input: { name: 'm', connectionId: createConnection.id, apply } }))
        .createDataset.id;
    const [draft, applied] = [await make(false), await make(true)];
    await sluice.query(UpdateConnectionDocument, { id: createConnection.id, input: { sample: { b: 'x' } } });
    const columnsOf = async (id: string) =>
      (await sluice.query(ReadDatasetDocument, { id })).dataset?.design.columns.map((column) => column.id);
    expect(await columnsOf(draft)).toEqual(['b']);
    expect(await columnsOf(applied)).toEqual(['b']);
    expect((await sluice.push(applied, { a: 2 })).status).toBe('COMPLETE');
    await sluice.query(ApplyChangesDocument, { datasetId: draft });
    expect((await sluice.push(draft, { b: 'y' })).status).toBe('COMPLETE');
  });

  it('are listed by name and status', async () => {
    await sluice.query(CreateDatasetDocument, { input: { name: 'find me', sample: { a: 1 } } });
    const { datasets } = await sluice.query(ListDatasetsDocument, { search: 'FIND', status: ['DRAFT'] });
    expect(datasets).toMatchObject({ totalCount: 1, nodes: [{ name: 'find me', status: 'DRAFT' }] });
    const active = await sluice.query(ListDatasetsDocument, { search: 'find', status: ['ACTIVE'] });
    expect(active.datasets.totalCount).toBe(0);
  });

  describe('reading records', () => {
    let id: string;
    beforeAll(async () => {
      id = await sluice.dataset({ n: 1, t: 'x', d: '2020-01-01', b: true, tags: ['a'], o: { k: 1 } });
      const rows = Array.from({ length: 25 }, (_, n) => ({
        n,
        t: n % 5 === 0 ? null : `t${n % 3}`,
        d: new Date(Date.UTC(2024, 0, n + 1)).toISOString(),
        b: n % 2 === 0,
        tags: n % 4 === 0 ? [] : [`x${n % 4}`, 'all'],
        o: { k: -n },
      }));
      expect((await sluice.push(id, rows)).status).toBe('COMPLETE');
    });

    const numbers = async (variables: Omit<ReadRecordsQueryVariables, 'id'>) =>
      (await records({ id, first: 100, ...variables })).nodes.map(({ values }) => values.n);

    it('filters', async () => {
      expect(await numbers({ where: { column: 'n', op: 'BETWEEN', values: [3, 5] } })).toEqual([3, 4, 5]);
      expect(await numbers({ where: { column: 't', op: 'IS_NULL' } })).toEqual([0, 5, 10, 15, 20]);
      expect(await numbers({ where: { column: 'd', op: 'LT', value: '2024-01-03' } })).toEqual([0, 1]);
      expect(await numbers({ where: { column: 'tags', op: 'EQ', value: 'x3' } })).toEqual([3, 7, 11, 15, 19, 23]);
      expect(await numbers({ where: { column: 'o.k', op: 'LTE', value: -23 } })).toEqual([23, 24]);
      const both = {
        and: [{ column: 'b', op: 'EQ' as const, value: true }],
        column: 'n',
        op: 'GT' as const,
        value: 20,
      };
      expect(await numbers({ where: both })).toEqual([22, 24]);
      const not = { not: { or: [{ column: 'n', op: 'GTE' as const, value: 2 }] } };
      expect(await numbers({ where: not })).toEqual([0, 1]);
    });

    it('orders with nulls last, and pages without missing or repeating a row', async () => {
      const orderBy = [{ column: 't' }, { column: 'n', direction: 'DESC' as const }];
      const whole = await numbers({ orderBy });
      const walked: unknown[] = [];
      let after: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof records>> = await records({ id, orderBy, first: 4, after });
        expect(page.totalCount).toBe(25);
        walked.push(...page.nodes.map(({ values }) => values.n));
        after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
      } while (after !== null);
      expect(walked).toEqual(whole);
      expect(whole.slice(-5)).toEqual([20, 15, 10, 5, 0]);
    });

    it('returns values by column id, and dates in UTC', async () => {
      const [row] = (await records({ id, first: 1 })).nodes;
      expect(row?.values).toEqual({ n: 0, t: null, d: '2024-01-01T00:00:00.000Z', b: true, tags: [], 'o.k': 0 });
      expect(row?.id).toBe(`${row?.recordId}-0`);
    });

    it.each([
      ['an unknown column', { where: { column: 'zz', op: 'EQ' as const, value: 1 } }, 'where.column'],
      ['an object', { where: { column: 'o', op: 'EQ' as const, value: 1 } }, 'where.column'],
      ['a value of another type', { where: { column: 'n', op: 'EQ' as const, value: '1' } }, 'where.value'],
      ['a column without an op', { where: { column: 'n' } }, 'where'],
      ['an order by arrays', { orderBy: [{ column: 'tags' }] }, 'orderBy[0].column'],
      ['an invalid cursor', { after: 'nonsense' }, 'after'],
      ['too large a page', { first: 1001 }, 'first'],
    ])('refuses %s', async (_name, variables, field) => {
      const { errors } = await sluice.execute(ReadRecordsDocument, { id, ...variables });
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_REQUEST', field });
    });
  });
});
