import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../json/json-value.js';
import { parseJson } from '../json/parse-json.js';
import { inferFields } from './infer-fields.js';
import { compileStructureCheck } from './structure-check.js';

/** `path: TYPE`, with what else there is to say. */
function brief(sample: unknown): string[] {
  return inferFields(sample as JsonValue).map(({ path, type, textForm, nullable, optional }) => {
    const form = textForm === undefined || textForm === 'STRING' ? '' : ` ${textForm}`;
    return `${path}: ${type}${form}${nullable ? ' nullable' : ''}${optional ? ' optional' : ''}`;
  });
}

describe('inferFields', () => {
  it.each<[string, unknown, string[]]>([
    ['scalars', { t: 'x', n: 1.5, b: false, d: '2024-02-29' }, ['t: TEXT', 'n: NUMERIC', 'b: BOOLEAN', 'd: DATETIME']],
    ['null alone', { a: null }, ['a: TEXT ANY nullable']],
    ['null beside a value', [{ a: null }, { a: 1 }], ['a: NUMERIC nullable']],
    ['[] alone', { a: [] }, ['a: TEXT ANY']],
    ['[] beside values', [{ a: [] }, { a: [1] }], ['a: NUMERIC_ARRAY']],
    ['[] beside objects', [{ a: [{ b: 1 }] }, { a: [] }], ['a: OBJECT_ARRAY', 'a.b: NUMERIC']],
    ['an array of null', { a: [null] }, ['a: TEXT ANY']],
    ['{} alone', { a: {} }, ['a: TEXT ANY']],
    ['null, [] and {} of one field', [{ a: null }, { a: [] }, { a: {} }, { a: [null] }], ['a: TEXT ANY nullable']],
    ['{} inside an object', { o: { a: {} } }, ['o: OBJECT', 'o.a: TEXT ANY']],
    ['{} and null inside an array', { l: [{ a: {} }, { a: null }] }, ['l: OBJECT_ARRAY', 'l.a: TEXT ANY nullable']],
    ['an array of {}', { a: [{}] }, ['a: OBJECT_ARRAY']],
    ['a number and a text', [{ a: 1 }, { a: 'x' }], ['a: TEXT SCALAR']],
    ['a date and a number', [{ a: '2024-01-01' }, { a: 1 }], ['a: TEXT SCALAR']],
    ['scalars of all types', [{ a: 1 }, { a: true }, { a: 'x' }, { a: null }], ['a: TEXT SCALAR nullable']],
    ['scalars of several types in an array', { a: [1, true] }, ['a: TEXT_ARRAY SCALAR']],
    ['[] beside scalars of several types', [{ a: [] }, { a: ['x', 1] }], ['a: TEXT_ARRAY SCALAR']],
    ['{} beside a fuller one', [{ a: {} }, { a: { b: 1 } }], ['a: OBJECT', 'a.b: NUMERIC optional']],
    ['an array of arrays', { a: [[1]] }, ['a: OBJECT_ARRAY']],
    ['a mixed array', { a: [{ b: 1 }, 2] }, ['a: OBJECT_ARRAY']],
    ['an opaque array beside objects', [{ a: [{ b: 1 }] }, { a: [[1]] }], ['a: OBJECT_ARRAY']],
    ['dates and texts', [{ a: '2024-01-01' }, { a: 'soon' }], ['a: TEXT']],
    ['texts and dates in an array', { a: ['soon', '2024-01-01'] }, ['a: TEXT_ARRAY']],
    [
      'keys absent in some',
      [{ a: 1, o: { x: 1 } }, { o: { x: 1, y: 2 } }],
      ['a: NUMERIC optional', 'o: OBJECT', 'o.x: NUMERIC', 'o.y: NUMERIC optional'],
    ],
    ['an object that is null in some', [{ o: { x: 1 } }, { o: null }], ['o: OBJECT nullable', 'o.x: NUMERIC']],
    [
      'elements that differ',
      { l: [{ a: 1 }, { a: 2, b: [{ c: 'x' }] }] },
      ['l: OBJECT_ARRAY', 'l.a: NUMERIC', 'l.b: OBJECT_ARRAY optional', 'l.b.c: TEXT'],
    ],
    ['keys with dots and backslashes', { 'a.b': { 'c\\d': 1 } }, ['a\\.b: OBJECT', 'a\\.b.c\\\\d: NUMERIC']],
  ])('reads %s', (_name, sample, fields) => {
    expect(brief(sample)).toEqual(fields);
  });

  it('reads integers beyond 2^53 as TEXT that accepts numbers', () => {
    expect(brief(parseJson('[{"a": 12345678901234567890}, {"a": 5}]'))).toEqual(['a: TEXT NUMBER']);
    expect(brief(parseJson('{"a": [1, 12345678901234567890]}'))).toEqual(['a: TEXT_ARRAY NUMBER']);
  });

  it('gives parent, depth and example', () => {
    expect(inferFields({ o: { k: [1, null] } })).toEqual([
      { path: 'o', key: 'o', type: 'OBJECT', parent: null, depth: 0, nullable: false, optional: false },
      {
        path: 'o.k',
        key: 'k',
        type: 'NUMERIC_ARRAY',
        parent: 'o',
        depth: 1,
        nullable: false,
        optional: false,
        example: [1, null],
      },
    ]);
  });

  it.each<[string, unknown, RegExp]>([
    [
      '{} and []-like values',
      [{ a: {} }, { a: [1] }],
      /at \/1\/a\/0 is 1, but \{\} at \/0\/a; .*write null in its place/,
    ],
    ['[] and an object', [{ a: [] }, { a: { b: 1 } }], /at \/1\/a is \{"b":1\}, but \[\] at \/0\/a/],
    ['{} and a scalar', [{ a: {} }, { a: 1 }], /at \/1\/a is 1, but \{\} at \/0\/a/],
    ['a scalar and an object', [{ a: 1 }, { a: {} }], /at \/1\/a is \{\}, but 1 at \/0\/a/],
    ['a scalar and []', [{ a: 1 }, { a: [] }], /at \/1\/a is \[\], but 1 at \/0\/a/],
    ['[] and a scalar', [{ a: [] }, { a: 1 }], /at \/1\/a is 1, but \[\] at \/0\/a/],
    ['a scalar and an array of it', [{ a: 1 }, { a: [1] }], /at \/1\/a\/0 is 1, but 1 at \/0\/a/],
    ['a scalar array and an opaque one', [{ a: [1] }, { a: [[1]] }], /at \/1\/a is \[\[1\]\], but 1 at \/0\/a\/0/],
    ['half of a surrogate pair', { a: '\ud800' }, /at \/a holds half of a surrogate pair/],
    ['half of one in a key', { '\udc00': 1 }, /surrogate pair in a key/],
  ])('refuses %s, and names both places', (_name, sample, message) => {
    expect(() => inferFields(sample as JsonValue)).toThrow(message);
  });

  it.each([
    ['{"a": 0.12345678901234567890}', 'NUMERIC'],
    ['{"a": 1e23}', 'NUMERIC'],
    ['{"a": 1e-400}', 'NUMERIC'],
    ['{"a": 9007199254740993}', 'TEXT'],
    ['{"a": 9007199254740994}', 'TEXT'],
    ['{"a": 12345678901234567.89}', 'TEXT'],
    ['{"a": 1e999}', 'TEXT'],
    ['[{"a": 0.12345678901234567890}, {"a": 12345678901234567890}]', 'TEXT'],
    ['[{"a": 1e999}, {"a": 1.5}]', 'TEXT'],
  ])('infers from the numbers in %s the type %s', (sample, type) => {
    expect(inferFields(parseJson(sample))).toMatchObject([{ type, ...(type === 'TEXT' && { textForm: 'NUMBER' }) }]);
  });

  it('makes fields that every record of the sample fits', () => {
    const scalar = fc.oneof(fc.string({ unit: 'binary' }), fc.constant('2024-01-01'), fc.constant(null));
    const record = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.oneof(scalar, fc.array(scalar), fc.constant({})), {
      minKeys: 1,
    });
    fc.assert(
      fc.property(fc.array(record, { minLength: 1 }), (records) => {
        let check: ReturnType<typeof compileStructureCheck>;
        try {
          check = compileStructureCheck(inferFields(records as JsonValue));
        } catch {
          return; // types that disagree
        }
        for (const one of records) expect(check(one as JsonObject)).toBeNull();
      }),
    );
  });
});
