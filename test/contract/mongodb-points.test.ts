import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mongoRecordStore } from '../../src/adapters/mongodb/mongo-record-store.js';
import { geoPoint } from '../../src/domain/geo-point.js';
import type { RecordFilter, StoredColumn } from '../../src/domain/query/record-query.js';
import type { RecordStore } from '../../src/ports/record-store.js';
import { type TestDatabase, testDatabase } from '../support/mongod.js';
import { operationsOf } from '../support/query-plans.js';
import { COLUMNS, NUMERIC, POINT, row } from './record-store.rows.js';

const GENERATION = 'rows_points_1';
/** Rows at every whole degree of a part of Earth. */
const SIDE = 100;
const CENTER = geoPoint(20, 20);

/** 50 km around a place: one point. */
const NEAR: RecordFilter = { kind: 'WITHIN_DISTANCE', column: POINT, circle: { center: CENTER, meters: 50_000 } };
const IN_BOX: RecordFilter = { kind: 'WITHIN_BOX', column: POINT, box: { north: 21, south: 20, east: 21, west: 20 } };

describe('the geo index of a column of points in MongoDB', () => {
  let database: TestDatabase;
  let store: RecordStore;
  beforeAll(async () => {
    database = await testDatabase();
    store = mongoRecordStore(database.db);
    await store.createGeneration(GENERATION, COLUMNS);
    const rows = Array.from({ length: SIDE * SIDE }, (_, n) =>
      row(`r${n}`, { c2: n, c9: geoPoint((n % SIDE) - 40, Math.floor(n / SIDE) - 40) }),
    );
    await store.writeRows(GENERATION, rows, () => undefined);
  });
  afterAll(() => database.close());

  it.each<[string, RecordFilter, number]>([
    ['circle', NEAR, 1],
    ['box', IN_BOX, 4],
    [
      'circle and another condition',
      { kind: 'AND', filters: [NEAR, { kind: 'NOT', filter: { kind: 'IS_NULL', column: NUMERIC } }] },
      1,
    ],
  ])('finds the rows of a small %s among many', async (_name, filter, found) => {
    const order = [{ column: NUMERIC, direction: 'ASC' as const }];
    const pages: number[] = [];
    const operations = await operationsOf(database.db, async () => {
      pages.push(await store.count(GENERATION, filter));
      for (const sorted of [[], order])
        pages.push((await store.readPage(GENERATION, { filter, order: sorted, limit: 50 })).rows.length);
      pages.push((await store.scan(GENERATION, filter, '', { maxRows: 50, maxBytes: 1_000_000 })).length);
    });
    expect(pages).toEqual([found, found, found, found]);
    expect(operations).toHaveLength(4);
    for (const { plan, keysExamined, documentsExamined } of operations) {
      expect(plan).toContain('c9: "2dsphere"');
      expect(documentsExamined).toBeLessThan(SIDE);
      expect(keysExamined).toBeLessThan(SIDE);
    }
  });

  it('is there for the first 20 such columns', async () => {
    const columns = Array.from({ length: 30 }, (_, n): StoredColumn => ({ storedKey: `c${n + 1}`, type: 'GEO_POINT' }));
    await store.createGeneration('rows_points_2', columns);
    const indexes = await database.db.collection('rows_points_2').indexes();
    const geo = indexes.filter(({ key }) => Object.values(key).includes('2dsphere'));
    expect(geo.map(({ key }) => Object.keys(key))).toEqual(columns.slice(0, 20).map(({ storedKey }) => [storedKey]));
    const last = Object.fromEntries(columns.map(({ storedKey }, n) => [storedKey, geoPoint(n, n)]));
    await store.writeRows('rows_points_2', [row('a', last)], () => undefined);
    const circle = { center: geoPoint(29, 29), meters: 1 };
    const filter: RecordFilter = { kind: 'WITHIN_DISTANCE', column: columns[29] ?? POINT, circle };
    expect(await store.count('rows_points_2', filter)).toBe(1);
  });
});
