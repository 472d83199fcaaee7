import { describe, expect, it } from '@jest/globals';
import { mergeFields, NO_COLUMNS } from '../design/design-from-fields.js';
import { SluiceError } from '../errors.js';
import { ExactNumber } from '../json/json-value.js';
import { parseJson } from '../json/parse-json.js';
import { inferFields } from '../sample/infer-fields.js';
import { FILTER_OPERATORS, parseFilter, type RecordFilterInput } from './parse-filter.js';
import { parseOrder } from './parse-order.js';

const columns = mergeFields(
  NO_COLUMNS,
  inferFields({ n: 1, t: 'x', d: '2024-01-01', b: true, l: ['x'], o: { k: 1 } }),
).columns;
const n = { storedKey: 'c1', type: 'NUMERIC' };
const [first] = columns;
const withPoint = first ? [...columns, { ...first, id: 'p', storedKey: 'c9', type: 'GEO_POINT' as const }] : [];
const p = { storedKey: 'c9', type: 'GEO_POINT' };

function faultOf(input: RecordFilterInput) {
  try {
    parseFilter(input, withPoint);
  } catch (error) {
    if (error instanceof SluiceError) return `${error.code} ${error.message}`;
    throw error;
  }
  return null;
}

describe('parseFilter', () => {
  it('turns operators into the few kinds of filters that stores know', () => {
    expect(parseFilter({}, columns)).toEqual({ kind: 'AND', filters: [] });
    expect(parseFilter({ column: 'n', op: 'EQ', value: 1 }, columns)).toEqual({ kind: 'IN', column: n, values: [1] });
    expect(parseFilter({ column: 'n', op: 'NOT_IN', values: [1, 2] }, columns)).toEqual({
      kind: 'NOT',
      filter: { kind: 'IN', column: n, values: [1, 2] },
    });
    expect(parseFilter({ column: 'd', op: 'GTE', value: '2024-01-01T01:00+01:00' }, columns)).toMatchObject({
      kind: 'COMPARE',
      op: 'GTE',
      value: new Date('2024-01-01T00:00:00Z'),
    });
    expect(parseFilter({ or: [], not: { column: 'n', op: 'IS_NULL' } }, columns)).toEqual({
      kind: 'AND',
      filters: [
        { kind: 'OR', filters: [] },
        { kind: 'NOT', filter: { kind: 'IS_NULL', column: n } },
      ],
    });
  });

  it.each<[RecordFilterInput, RegExp]>([
    [{ column: 'x', op: 'EQ', value: 1 }, /where\.column is "x", which is not a column/],
    [{ column: 'o', op: 'IS_NULL' }, /where\.column is "o", which has no values in the rows: an object/],
    [{ column: 'n', op: 'EQ', value: 'x' }, /where\.value is "x"; give a number/],
    [
      { column: 'n', op: 'EQ', value: new ExactNumber('9007199254740993') },
      /where\.value is 9007199254740993; give a number that needs no rounding/,
    ],
    [{ column: 'n', op: 'EQ', value: null }, /where\.value is null.*IS_NULL/],
    [{ column: 't', op: 'GT', value: '\ud800' }, /where\.value is "\\ud800"; give a well-formed text/],
    [{ column: 'd', op: 'LT', value: 'soon' }, /where\.value is "soon"; give a text with an existing date/],
    [{ column: 'l', op: 'EQ', value: ['x'] }, /where\.value is \["x"\]; give a well-formed text/],
    [{ column: 'n', op: 'CONTAINS', value: 1 }, /where\.op is CONTAINS, which works on texts/],
    [{ column: 't', op: 'CONTAINS', value: 'x'.repeat(1001) }, /where\.value has more than 1000 characters/],
    [
      { or: Array.from({ length: 11 }, () => ({ column: 't', op: 'CONTAINS' as const, value: 'x'.repeat(1000) })) },
      /where searches for texts that have more than 10000 characters in total/,
    ],
    [{ column: 'n', op: 'IN', values: [1, 'x'] }, /where\.values\[1\] is "x"/],
    [{ column: 'n', op: 'BETWEEN', values: [1] }, /where\.values must be two for BETWEEN/],
    [{ column: 'n', op: 'EQ' }, /where has no value, which EQ needs/],
    [{ column: 'n', op: 'IN', value: 1 }, /where\.value cannot be used with IN/],
    [{ column: 'n', op: 'EQ', values: [1] }, /where\.values cannot be used with EQ/],
    [{ column: 'n', op: 'IS_NULL', value: 1 }, /where gives a value, which IS_NULL does not take/],
    [{ column: 'n' }, /names the column "n" without an op/],
    [{ op: 'EQ', value: 1 }, /gives an op without a column/],
    [{ value: 1 }, /gives a value without column and op/],
    [{ and: [{}, { not: { column: 'x', op: 'IS_NULL' } }] }, /where\.and\[1\]\.not\.column is "x"/],
    [{ column: 'n', op: 'IN', values: Array(1001).fill(1) }, /has 1001 values; at most 1000/],
    [{ or: Array(500).fill({}) }, /more than 500 parts/],
  ])('refuses %j', (input, message) => {
    expect(faultOf(input)).toMatch(message);
    expect(faultOf(input)).toMatch(/^BAD_REQUEST/);
  });

  it.each<[RecordFilterInput, string, string, string]>([
    [
      { and: [{}, { column: 'n', op: 'EQ', value: 'x' }] },
      'where.and[1].value',
      'a number that needs no rounding',
      '"x"',
    ],
    [
      { or: [{ column: 'b', op: 'CONTAINS', value: 'x' }] },
      'where.or[0].op',
      'a column of type TEXT or TEXT_ARRAY',
      'BOOLEAN',
    ],
    [{ not: { column: 'x', op: 'IS_NULL' } }, 'where.not.column', 'the id of a column', '"x"'],
    [{ column: 'n', op: 'IN', values: Array(1001).fill(1) }, 'where.values', 'at most 1000 values', '1001 values'],
    [{ column: 'n', op: 'BETWEEN', values: [1, 2, 3] }, 'where.values', '2 values', '3 values'],
    [{ column: 'n', op: 'LIKE' as never, value: 1 }, 'where.op', FILTER_OPERATORS.join(', '), '"LIKE"'],
  ])('says where, what was expected and what was given: %j', (input, field, expected, actual) => {
    expect(() => parseFilter(input, columns)).toThrow(
      expect.objectContaining({ code: 'BAD_REQUEST', details: { field, expected, actual } }),
    );
  });

  it.each<[string, string, number | string]>([
    ['n', '0.12345678901234567890', 0.12345678901234568],
    ['n', '9007199254740994.0', 2 ** 53 + 2],
    ['n', '1e-400', 0],
    ['t', '9007199254740993.0', '9007199254740993'],
    ['t', '10e-1', '1'],
    ['t', '1e999999999', '1e+999999999'],
    ['t', '"1.0"', '1.0'],
  ])('compares the column %s with %s in the form in which it would store that value', (column, value, stored) => {
    expect(parseFilter({ column, op: 'EQ', value: parseJson(value) }, columns)).toMatchObject({ values: [stored] });
  });

  it('accepts a text that begins with 900 NULs, and refuses more', () => {
    const nuls = (count: number) =>
      parseFilter({ column: 't', op: 'CONTAINS', value: '\u0000'.repeat(count) }, columns);
    expect(nuls(900)).toMatchObject({ kind: 'TEXT_MATCH' });
    expect(() => nuls(901)).toThrow(/where\.value begins with more than 900 NUL characters, too many for CONTAINS/);
  });

  it('accepts long texts in full', () => {
    const long = 'x'.repeat(8_000);
    expect(parseFilter({ column: 't', op: 'EQ', value: long }, columns)).toMatchObject({ values: [long] });
  });

  it('refuses deep nesting', () => {
    let input: RecordFilterInput = {};
    for (let level = 0; level < 20; level += 1) input = { not: input };
    expect(faultOf(input)).toMatch(/nests more than 20 levels/);
  });
});

describe('parseOrder', () => {
  it('refuses arrays, objects, repeated columns and too many columns', () => {
    const order =
      (...ids: string[]) =>
      () =>
        parseOrder(
          ids.map((column) => ({ column, direction: 'ASC' })),
          columns,
        );
    expect(order('n', 't')()).toHaveLength(2);
    expect(order('l')).toThrow(/orderBy\[0\]\.column is "l", which holds arrays/);
    expect(order('n', 'o')).toThrow(/orderBy\[1\]\.column is "o"/);
    expect(order('n', 'n')).toThrow(/names "n" a second time/);
    expect(order(...Array(11).fill('n'))).toThrow(/has 11 columns/);
  });
});

describe('filters on points', () => {
  it('have a circle, a box, or ask for null', () => {
    const parsed = (input: RecordFilterInput) => parseFilter({ column: 'p', ...input }, withPoint);
    expect(parsed({ op: 'WITHIN_DISTANCE', value: { meters: 5e4, lon: 180, lat: -0 } })).toEqual({
      kind: 'WITHIN_DISTANCE',
      column: p,
      circle: { center: { lat: 0, lon: -180 }, meters: 50_000 },
    });
    const box = { north: 1, south: 1, east: -180, west: 180 };
    expect(parsed({ op: 'WITHIN_BOX', value: box })).toEqual({ kind: 'WITHIN_BOX', column: p, box });
    expect(parsed({ op: 'IS_NOT_NULL' })).toEqual({ kind: 'NOT', filter: { kind: 'IS_NULL', column: p } });
    const around = { lat: 1, lon: 2, meters: 20_015_115 };
    expect(parsed({ op: 'WITHIN_DISTANCE', value: around })).toMatchObject({
      circle: { meters: Math.PI * 6371008.7714 },
    });
  });

  const circle = { lat: 1, lon: 2, meters: 3 };
  const box = { north: 2, south: 1, east: 2, west: 1 };
  it.each<[RecordFilterInput, string]>([
    [{ op: 'WITHIN_DISTANCE', value: { ...circle, lat: 91 } }, 'where.value.lat is 91; give a number from -90 to 90'],
    [
      { op: 'WITHIN_DISTANCE', value: { ...circle, lon: -181 } },
      'where.value.lon is -181; give a number from -180 to 180',
    ],
    [{ op: 'WITHIN_DISTANCE', value: { ...circle, lat: '1' } }, 'where.value.lat is "1"; give a number from -90 to 90'],
    [
      { op: 'WITHIN_DISTANCE', value: { ...circle, meters: -1 } },
      'where.value.meters is -1; give a number from 0 to 20015115',
    ],
    [
      { op: 'WITHIN_DISTANCE', value: { ...circle, meters: 20_015_116 } },
      'where.value.meters is 20015116; give a number from 0',
    ],
    [{ op: 'WITHIN_DISTANCE', value: { ...circle, meters: null } }, 'where.value.meters is null; give a number from 0'],
    [
      { op: 'WITHIN_DISTANCE', value: { lat: 1, lon: 2 } },
      'where.value is an object without the key meters; give an object with the keys lat, lon, meters',
    ],
    [
      { op: 'WITHIN_DISTANCE', value: { ...circle, km: 1 } },
      'where.value is an object with the unknown key "km"; give an object with the keys lat, lon, meters',
    ],
    [{ op: 'WITHIN_DISTANCE', value: '1,2' }, 'where.value is "1,2"; give an object with the keys lat, lon, meters'],
    [{ op: 'WITHIN_DISTANCE' }, 'where has no value, which WITHIN_DISTANCE needs'],
    [{ op: 'WITHIN_BOX', values: [box] }, 'where.values cannot be used with WITHIN_BOX; give value'],
    [
      { op: 'WITHIN_BOX', value: { ...box, north: 0 } },
      'where.value.north is 0; give a latitude from south, which is 1, to 90',
    ],
    [{ op: 'WITHIN_BOX', value: { ...box, east: 180.1 } }, 'where.value.east is 180.1; give a number from -180 to 180'],
    [{ op: 'WITHIN_BOX', value: { ...box, south: null } }, 'where.value.south is null; give a number from -90 to 90'],
    [{ op: 'WITHIN_BOX', value: circle }, 'where.value is an object with the unknown key "lat"'],
    [
      { op: 'WITHIN_BOX', value: [box] },
      'where.value is [{"north":2,"south":1,"east":2,"west":1}]; give an object with the keys north, south, east, west',
    ],
    [
      { op: 'EQ', value: circle },
      'where.op is EQ, but the column "p" is GEO_POINT; use one of WITHIN_DISTANCE, WITHIN_BOX, IS_NULL, IS_NOT_NULL',
    ],
    [{ op: 'NOT_IN', values: [] }, 'where.op is NOT_IN, but the column "p" is GEO_POINT'],
    [{ op: 'CONTAINS', value: '1' }, 'where.op is CONTAINS, but the column "p" is GEO_POINT'],
    [{ op: 'BETWEEN', values: [1, 2] }, 'where.op is BETWEEN, but the column "p" is GEO_POINT'],
    [{ op: 'GT', value: 1 }, 'where.op is GT, but the column "p" is GEO_POINT'],
    [
      { column: 'n', op: 'WITHIN_BOX', value: box },
      'where.op is WITHIN_BOX, which works on points; the column "n" is NUMERIC',
    ],
    [
      { column: 't', op: 'WITHIN_DISTANCE', value: circle },
      'where.op is WITHIN_DISTANCE, which works on points; the column "t" is TEXT; name a column that a geolocation creates',
    ],
  ])('refuses %j', (input, message) => {
    expect(faultOf({ column: 'p', ...input })).toContain(`BAD_REQUEST ${message}`);
  });

  it('give no order', () => {
    expect(() => parseOrder([{ column: 'p', direction: 'ASC' }], withPoint)).toThrow(
      'orderBy[0].column is "p", which holds points; they have no order',
    );
  });
});
