import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CALLER, type OpenLaneBench, openLaneBench } from '../../test/support/lane.js';
import type { RecordFilterInput } from '../domain/query/parse-filter.js';
import { CompiledDesigns } from './compiled-designs.js';

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
    const step = { kind: 'locateCoordinates', settings: { latitude: 'lat', longitude: 'lon' } } as const;
    const placed = { id: null, name: 'place', enabled: true, step, output: null } as const;
    const geolocation = { ...placed, onError: 'IGNORE', replaceWith: null } as const;
    await bench.useCases.designDrafts.update(id, { expectedRevision: 1, geolocations: [geolocation] }, CALLER);
    await bench.useCases.applyChanges(id, CALLER);
    await bench.push(id, PLACES);
    await bench.load(id);
  });
  afterAll(() => bench.close());

  async function namesOf(where: RecordFilterInput): Promise<unknown[]> {
    const dataset = await bench.reader.catalog.existingDataset(id);
    const names: unknown[] = [];
    let after: string | undefined;
    for (;;) {
      const orderBy = [{ column: 'name', direction: 'ASC' as const }];
      const page = await bench.reader.records.page(dataset, { first: 2, where, orderBy, ...(after && { after }) });
      names.push(...page.nodes.map(({ valuesById }) => valuesById.name));
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
    expect(nodes.map(({ valuesById }) => valuesById.place)).toEqual([{ lat: 35.0116, lon: 135.7681 }, null]);
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

  it('load no places, because no address is placed', async () => {
    let loads = 0;
    const geocoder = { load: () => Promise.reject(new Error(`load ${++loads}`)) };
    await bench.push(id, [{ name: 'Oslo', lat: 59.91, lon: 10.75 }]);
    await bench.load(id, undefined, { designs: new CompiledDesigns(bench.catalog, geocoder) });
    expect([loads, await namesOf({ column: 'name', op: 'EQ', value: 'Oslo' })]).toEqual([0, ['Oslo']]);
    const where = { column: 'name', op: 'EQ', value: 'Oslo' } as const;
    await bench.useCases.deleteData.matching({ datasetId: id, where }, CALLER);
    await bench.load(id);
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
