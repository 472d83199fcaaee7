import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  DeleteDataDocument,
  PushDataDocument,
  ReadDatasetDocument,
  ReadRecordsDocument,
  UpdateDesignDocument,
} from '../generated/graphql.js';
import { type Sluice, startSluice } from '../support/sluice.js';

const AREAS = 10;
const PARTS = 10;
const FIELDS = 20;

/** A record with 2,000 values on three levels: texts of digits, numbers, booleans and dates in turn. */
function wide(key: string, n: number): Record<string, Record<string, Record<string, unknown>>> {
  const value = (field: number) => [String(n + field), n + field, n % 2 === 0, '2024-01-02'][field % 4];
  const named = <T>(count: number, name: string, of: (index: number) => T) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`${name}${index}`, of(index)]));
  const part = () => named(FIELDS, 'f', value);
  const areas = named(AREAS, 'area', () => named(PARTS, 'part', part));
  return { ...areas, area0: { ...areas.area0, part0: { ...part(), f0: key } } };
}

describe('a design with 2,000 columns on three levels', () => {
  let sluice: Sluice;
  let id: string;
  beforeAll(async () => {
    sluice = await startSluice();
    id = await sluice.dataset(wide('sample', 0));
  });
  afterAll(() => sluice.close());

  const deep = (column: string) => `area9.part9.${column}`;
  async function where(n: number) {
    const query = { id, where: { column: deep('f0'), op: 'GTE' as const, value: n }, first: 10 };
    const orderBy = [{ column: deep('f1'), direction: 'DESC' as const }];
    const { dataset } = await sluice.query(ReadRecordsDocument, { ...query, orderBy });
    return dataset?.records.nodes.map(({ values }) => values as Record<string, unknown>) ?? [];
  }

  it('is created, edited and applied', async () => {
    const { dataset } = await sluice.query(ReadDatasetDocument, { id });
    const columns = dataset?.design.columns.filter(({ enabled }) => enabled) ?? [];
    expect(columns).toHaveLength(AREAS * PARTS * FIELDS);
    expect(columns.every(({ depth }) => depth === 2)).toBe(true);
    const texts = columns.filter(({ type, id: column }) => type === 'TEXT' && column !== 'area0.part0.f0');
    const edits = [
      ...texts.map((column) => ({ id: column.id, type: 'NUMERIC' as const, name: `Number ${column.id}` })),
      { id: 'area0.part0.f0', uniqueIdentifier: true },
    ];
    const expectedRevision = dataset?.design.revision ?? 0;
    const input = { expectedRevision, columns: edits };
    const { updateDesign } = await sluice.query(UpdateDesignDocument, { datasetId: id, input });
    expect(updateDesign?.design.faults).toEqual([]);
    expect(updateDesign?.changes).toHaveLength(2 * texts.length + 1);
    expect(await sluice.apply(id)).toMatchObject({ status: 'COMPLETE' });
  });

  it('is pushed to and queried, over REST and GraphQL', async () => {
    const job = await sluice.push(id, [wide('a', 1), wide('b', 2)]);
    expect(job).toMatchObject({ status: 'COMPLETE', counts: { read: 2, added: 2, rows: 2 } });
    const data = [{ area0: { part0: { f0: 'a' } }, area9: { part9: { f0: '7' } } }, wide('c', 3)];
    const input = { datasetId: id, data, documentUpdateMethod: 'UPSERT' as const };
    const { pushData } = await sluice.query(PushDataDocument, { input });
    expect(await sluice.finalJob(pushData.id)).toMatchObject({ status: 'COMPLETE', counts: { added: 1, updated: 1 } });
    const found = await where(3);
    expect(found.map((values) => [values['area0.part0.f0'], values[deep('f0')], values[deep('f1')]])).toEqual([
      ['c', 3, 4],
      ['a', 7, 2],
    ]);
    expect(Object.keys(found[0] ?? {})).toHaveLength(AREAS * PARTS * FIELDS);
    expect(found[0]).toMatchObject({ [deep('f2')]: false, [deep('f3')]: '2024-01-02T00:00:00.000Z' });
  });

  it('names the place of a value that does not fit, and deletes by identifier', async () => {
    const bad = wide('d', 4);
    const area = { ...bad.area9, part9: { ...bad.area9?.part9, f1: 'four' } };
    const job = await sluice.push(id, [{ ...bad, area9: area }]);
    expect(job.errors.nodes).toMatchObject([{ pointer: '/area9/part9/f1', column: deep('f1'), code: 'WRONG_TYPE' }]);
    const input = { datasetId: id, data: [{ area0: { part0: { f0: 'a' } } }], waitSeconds: 60 };
    expect((await sluice.query(DeleteDataDocument, { input })).deleteData.counts).toMatchObject({ deleted: 1 });
    expect((await where(0)).map((values) => values['area0.part0.f0'])).toEqual(['c', 'b']);
  });

  it('ends a page early that would have more than 25,000 values, and loses no row', async () => {
    const keys = Array.from({ length: 60 }, (_, n) => `page${String(n).padStart(2, '0')}`);
    await sluice.push(
      id,
      keys.map((key, n) => wide(key, n)),
    );
    const query = { id, first: 60, orderBy: [{ column: 'area0.part0.f0' }] };
    const inKeys = { column: 'area0.part0.f0', op: 'STARTS_WITH' as const, value: 'page' };
    const read: unknown[] = [];
    const lengths: number[] = [];
    const pageAfter = async (after: string | null): Promise<string | null> => {
      const { dataset } = await sluice.query(ReadRecordsDocument, { ...query, where: inKeys, after });
      const rows = dataset?.records.nodes ?? [];
      read.push(...rows.map(({ values }) => (values as Record<string, unknown>)['area0.part0.f0']));
      lengths.push(rows.length);
      return dataset?.records.pageInfo.hasNextPage ? dataset.records.pageInfo.endCursor : null;
    };
    for (let end = await pageAfter(null); end !== null; ) end = await pageAfter(end);
    expect(lengths).toEqual([12, 12, 12, 12, 12]);
    expect(read).toEqual(keys);
  });
});
