import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CALLER, type OpenLaneBench, openLaneBench } from '../../test/support/lane.js';
import type { Column } from '../domain/design/column.js';
import { geoPoint } from '../domain/geo-point.js';
import type { RecordFilterInput } from '../domain/query/parse-filter.js';
import type { RowWrite } from '../ports/record-store.js';

const SAMPLE = { name: 'x', lat: 1.5, lon: 1.5 };
const PLACES = [
  { name: 'Kyoto', lat: 35.0116, lon: 135.7681 },
  { name: 'Osaka', lat: 34.6937, lon: 135.5023 },
  { name: 'Nara', lat: 34.6851, lon: 135.8048 },
  { name: 'Tokyo', lat: 35.6895, lon: 139.6917 },
  { name: 'Suva', lat: -18.1416, lon: 178.4419 },
  { name: 'Nowhere', lat: null, lon: null },
];
const NEAR_KYOTO = {
  column: 'place',
  op: 'WITHIN_DISTANCE',
  value: { lat: 35.0116, lon: 135.7681, meters: 50_000 },
} as const;
const OVER_THE_LINE = { north: 0, south: -30, east: -170, west: 170 };

describe('queries and deletes of rows with points', () => {
  let bench: OpenLaneBench;
  let id: string;
  beforeAll(async () => {
    bench = await openLaneBench();
    id = (await bench.useCases.createDataset({ name: 'places', sample: SAMPLE, apply: false, rules: {} }, CALLER)).id;
    const [first] = (await bench.catalog.findDesign(id, 1))?.columns ?? [];
    if (!first) throw new Error('the design has no columns');
    // As a geolocation group makes it.
    const place: Column = {
      ...first,
      id: 'place',
      name: 'Place',
      key: 'place',
      storedKey: 'c9',
      origin: 'TRANSFORMATION',
    };
    const column = { ...place, type: 'GEO_POINT', sourceType: 'GEO_POINT' } as const;
    await bench.collections.designs.updateOne({ _id: `${id}:1` }, { $push: { columns: column } as never });
    await bench.useCases.applyChanges(id, CALLER);
    await bench.push(id, PLACES);
    await bench.load(id, located());
  });
  afterAll(() => bench.close());

  /** Gives rows their points, from the columns lat and lon. */
  function located() {
    const at = (write: RowWrite): RowWrite => {
      if (!('values' in write) || write.values.c2 === undefined) return write;
      return { ...write, values: { ...write.values, c9: geoPoint(Number(write.values.c2), Number(write.values.c3)) } };
    };
    const { writeRows } = bench.records;
    const withPoints: typeof writeRows = (generation, writes, stillOwned) =>
      writeRows(generation, [...writes].map(at), stillOwned);
    return { records: { writeRows: withPoints } };
  }

  async function namesOf(where: RecordFilterInput): Promise<unknown[]> {
    const dataset = await bench.reader.catalog.existingDataset(id);
    const names: unknown[] = [];
    let after: string | undefined;
    for (;;) {
      const orderBy = [{ column: 'name', direction: 'ASC' as const }];
      const page = await bench.reader.records.page(dataset, { first: 2, where, orderBy, ...(after && { after }) });
      names.push(...page.nodes.map(({ values }) => values.name));
      expect(await page.totalCount()).toBeGreaterThanOrEqual(names.length);
      if (!page.hasNextPage) return names;
      after = page.endCursor ?? undefined;
    }
  }

  it('are shown as latitude and longitude', async () => {
    const dataset = await bench.reader.catalog.existingDataset(id);
    const where = { column: 'name', op: 'IN', values: ['Kyoto', 'Nowhere'] } as const;
    const orderBy = [{ column: 'name', direction: 'ASC' }] as const;
    const { nodes } = await bench.reader.records.page(dataset, { first: 9, where, orderBy });
    expect(nodes.map(({ values }) => values.place)).toEqual([{ lat: 35.0116, lon: 135.7681 }, null]);
  });

  it.each<[RecordFilterInput, string[]]>([
    [NEAR_KYOTO, ['Kyoto', 'Nara', 'Osaka']],
    [{ not: NEAR_KYOTO }, ['Nowhere', 'Suva', 'Tokyo']],
    [{ column: 'place', op: 'IS_NULL' }, ['Nowhere']],
    [{ column: 'place', op: 'WITHIN_BOX', value: OVER_THE_LINE }, ['Suva']],
    [{ and: [NEAR_KYOTO, { column: 'lat', op: 'LT', value: 35 }] }, ['Nara', 'Osaka']],
  ])('find by %j, page by page', async (where, expected) => {
    expect(await namesOf(where)).toEqual(expected);
  });

  it('refuse an order by points, and other operators', async () => {
    const dataset = await bench.reader.catalog.existingDataset(id);
    const orderBy = [{ column: 'place', direction: 'ASC' }] as const;
    await expect(bench.reader.records.page(dataset, { first: 9, orderBy })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    });
    const where = { column: 'place', op: 'EQ', value: { lat: 1, lon: 2 } } as const;
    await expect(bench.useCases.deleteData.matching({ datasetId: id, where }, CALLER)).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    });
  });

  it('delete what is within a circle or a box, and nothing else', async () => {
    await bench.useCases.deleteData.matching({ datasetId: id, where: NEAR_KYOTO }, CALLER);
    await bench.load(id);
    expect(await namesOf({})).toEqual(['Nowhere', 'Suva', 'Tokyo']);
    const where = { not: { column: 'place', op: 'WITHIN_BOX', value: OVER_THE_LINE } } as const;
    await bench.useCases.deleteData.matching({ datasetId: id, where }, CALLER);
    await bench.load(id);
    expect(await namesOf({})).toEqual(['Suva']);
  });
});
