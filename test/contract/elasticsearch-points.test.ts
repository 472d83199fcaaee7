import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { geoPoint } from '../../src/domain/geo-point.js';
import { distanceInMeters } from '../../src/domain/query/geo-areas.js';
import type { RecordFilter } from '../../src/domain/query/record-query.js';
import { type TestDatabase, testDatabase } from '../support/mongod.js';
import { COLUMNS, POINT, row } from './record-store.rows.js';

const GENERATION = 'rows_rims_1';
const POLE = geoPoint(90, 0);
const RIM = distanceInMeters(POLE, geoPoint(80, 0));
const circle = (meters: number): RecordFilter => ({
  kind: 'WITHIN_DISTANCE',
  column: POINT,
  circle: { center: POLE, meters },
});

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await database.records.createGeneration(GENERATION, COLUMNS);
});
afterAll(async () => {
  await database.records.dropGeneration(GENERATION);
  await database.close();
});

it('decides about 200 different points on the rim of a circle, and refuses more', async () => {
  const { records } = database;
  const write = async (from: number, count: number) => {
    const rows = Array.from({ length: count }, (_, n) => row(`r${from + n}`, { c9: geoPoint(80, (from + n) / 2) }));
    await records.writeRows(GENERATION, rows, () => undefined);
    await records.refresh(GENERATION);
  };
  await write(0, 200);
  await records.writeRows(GENERATION, [row('same', { c9: geoPoint(80, 1) })], () => undefined);
  await records.refresh(GENERATION);
  expect(await records.count(GENERATION, circle(RIM + 0.001))).toBe(201);
  expect(await records.count(GENERATION, circle(RIM - 0.001))).toBe(0);
  expect(await records.count(GENERATION, { kind: 'NOT', filter: circle(RIM - 0.001) })).toBe(201);
  await write(200, 1);
  await expect(records.count(GENERATION, circle(RIM))).rejects.toMatchObject({
    code: 'QUERY_REFUSED',
    message: expect.stringContaining('more than 200 different points are within centimetres of a circle'),
  });
  expect(await records.count(GENERATION, circle(RIM + 0.03))).toBe(202);
  expect(await records.count(GENERATION, circle(RIM - 0.03))).toBe(0);
});
