import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileConversion } from '../design/convert-record.js';
import { mergeFields, NO_COLUMNS } from '../design/design-from-fields.js';
import { publicValues } from '../design/public-values.js';
import { storedColumns } from '../design/stored-columns.js';
import { ExactNumber, type JsonObject, type JsonValue } from '../json/json-value.js';
import { parseJson } from '../json/parse-json.js';
import { stringifyJson } from '../json/stringify-json.js';
import { inferFields } from './infer-fields.js';
import type { SourceField } from './source-field.js';
import { compileStructureCheck } from './structure-check.js';

const KEYS = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'a',
  'a.b',
  'a\\.b',
  '$set',
  '$',
  '',
  '😀',
  '/',
  '~0',
];
const key = fc.constantFrom(...KEYS);

/** Makes values of one type, so that the records of a sample agree. */
type Shape = fc.Arbitrary<JsonValue>;

const scalarShapes: Shape[] = [
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('2024-02-29', '0000-01-01', '2024-01-02T03:04:05.678+09:30', 'soon'),
  fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer()),
  fc.boolean(),
  fc.oneof(
    fc.bigInt({ min: 2n ** 53n + 1n, max: 10n ** 30n }).map((big): JsonValue => new ExactNumber(String(big))),
    fc.integer(),
  ),
];

function orNull(shape: Shape): Shape {
  return fc.oneof({ weight: 5, arbitrary: shape }, { weight: 1, arbitrary: fc.constant(null) });
}

/** Objects with some of these members; own keys only, whatever they are called. */
function objectOf(members: readonly (readonly [string, Shape])[]): Shape {
  const entries = members.map(([name, shape]) => fc.tuple(fc.constant(name), orNull(shape), fc.boolean()));
  return fc
    .tuple(...entries)
    .map((all) => all.filter(([, , given]) => given))
    .map((given) => parseJson(`{${given.map(([name, value]) => `${JSON.stringify(name)}:${stringifyJson(value)}`)}}`));
}

function shapes(depth: number): fc.Arbitrary<Shape> {
  const scalar = fc.constantFrom(...scalarShapes);
  const arrays = scalar.map((shape): Shape => fc.array(orNull(shape), { maxLength: 3 }));
  if (depth === 0) return fc.oneof(scalar, arrays);
  const object = fc
    .uniqueArray(fc.tuple(key, shapes(depth - 1)), { selector: ([name]) => name, maxLength: 4 })
    .map(objectOf);
  const list = object.map((shape): Shape => fc.array(orNull(shape), { maxLength: 3 }));
  return fc.oneof(scalar, arrays, object, list);
}

const samples: fc.Arbitrary<JsonObject[]> = fc
  .uniqueArray(fc.tuple(key, shapes(2)), { selector: ([name]) => name, minLength: 1, maxLength: 5 })
  .chain((members) => fc.array(objectOf(members), { minLength: 1, maxLength: 4 }))
  .map((records) => records as JsonObject[])
  .filter((records) => records.some((record) => Object.keys(record).length > 0));

const ENABLED_VALUE: Record<string, (value: unknown) => boolean> = {
  TEXT: (value) => typeof value === 'string',
  NUMERIC: (value) => typeof value === 'number',
  BOOLEAN: (value) => typeof value === 'boolean',
  DATETIME: (value) => value instanceof Date && !Number.isNaN(value.getTime()),
};

function isOfType(value: unknown, type: string): boolean {
  const isScalar = ENABLED_VALUE[type.replace('_ARRAY', '')] ?? (() => false);
  if (!type.endsWith('_ARRAY')) return isScalar(value);
  return Array.isArray(value) && value.every((one) => one === null || isScalar(one));
}

function parentsComeFirst(fields: readonly SourceField[]): boolean {
  const depths = new Map<string | null, number>([[null, -1]]);
  return fields.every(({ path, parent, depth }) => {
    const fits = !depths.has(path) && depths.get(parent) === depth - 1;
    depths.set(path, depth);
    return fits;
  });
}

describe('a sample of records that agree', () => {
  it('gives fields with unique paths, parents first', () => {
    fc.assert(fc.property(samples, (sample) => expect(parentsComeFirst(inferFields(sample))).toBe(true)));
  });

  it('passes the check compiled from it, record by record', () => {
    fc.assert(
      fc.property(samples, (sample) => {
        const check = compileStructureCheck(inferFields(sample));
        for (const record of sample) expect(check(record)).toBeNull();
      }),
    );
  });

  it("makes rows of values of their columns' types", () => {
    fc.assert(
      fc.property(samples, (sample) => {
        const columns = mergeFields(NO_COLUMNS, inferFields(sample)).columns;
        const convert = compileConversion(columns);
        const types = new Map(storedColumns(columns).map(({ storedKey, type }) => [storedKey, type]));
        for (const record of sample) {
          const { values: row, mismatches } = convert(record);
          expect(mismatches).toBeNull();
          for (const [storedKey, value] of Object.entries(row)) {
            if (value === undefined) continue;
            expect([value, types.get(storedKey), isOfType(value, types.get(storedKey) ?? '')]).toEqual([
              value,
              types.get(storedKey),
              true,
            ]);
          }
          const shown = Object.keys(publicValues(columns, row));
          expect(shown.toSorted()).toEqual(
            columns
              .filter((one) => one.enabled)
              .map(({ id }) => id)
              .toSorted(),
          );
        }
      }),
    );
  });

  it('still takes every record when all its values are null', () => {
    fc.assert(
      fc.property(samples, (sample) => {
        const check = compileStructureCheck(inferFields(sample));
        for (const record of sample) {
          const keys = Object.keys(record).map((name) => `${JSON.stringify(name)}:null`);
          expect(check(parseJson(`{${keys}}`) as JsonObject)).toBeNull();
        }
      }),
    );
  });

  it('refuses every record that has an extra key, and names only that key', () => {
    fc.assert(
      fc.property(samples, (sample) => {
        const check = compileStructureCheck(inferFields(sample));
        for (const record of sample) {
          expect(check({ ...record, 'no such key': 1 })?.kept).toEqual([
            {
              pointer: '/no such key',
              code: 'UNKNOWN_KEY',
              message:
                '/no such key: 1 is under a key that the sample does not have; leave it out, add it to the sample, or set unknownFields to IGNORE',
              expected: 'no such key',
              actual: '1',
            },
          ]);
        }
      }),
    );
  });
});

describe('a check compiled from any sample', () => {
  it('gives a reason for every record that it refuses, and none for the others', () => {
    const anyRecord = fc.dictionary(key, fc.jsonValue({ maxDepth: 3 }));
    fc.assert(
      fc.property(samples, anyRecord, (sample, record) => {
        const columns = mergeFields(NO_COLUMNS, inferFields(sample)).columns;
        const mismatches = compileStructureCheck(inferFields(sample))(record as JsonObject);
        expect(mismatches?.count).not.toBe(0);
        if (mismatches === null) expect(() => compileConversion(columns)(record as JsonObject)).not.toThrow();
        const fields = new Set(columns.map(({ id }) => id));
        for (const { pointer, message, column } of mismatches?.kept ?? []) {
          expect(message.startsWith(`${pointer}: `)).toBe(true);
          expect(column === undefined || fields.has(column)).toBe(true);
        }
      }),
    );
  });
});
