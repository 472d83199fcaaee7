import { describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '../json/json-value.js';
import { parseJson } from '../json/parse-json.js';
import { inferFields } from './infer-fields.js';
import { compileStructureCheck } from './structure-check.js';

function faults(sample: string, record: string): string[] {
  const check = compileStructureCheck(inferFields(parseJson(sample)));
  const mismatches = check(parseJson(record) as JsonObject)?.kept ?? [];
  return mismatches.map(({ code, pointer, expected, actual }) => `${code} ${pointer} ${expected} ${actual}`);
}

describe('compileStructureCheck', () => {
  it.each([
    ['{"a": 1, "o": {"t": "x"}}', '{"o": {"t": "y"}, "a": -1.5}'],
    ['{"a": 1}', '{"a": null}'],
    ['{"o": {"t": "x"}}', '{"o": null}'],
    ['{"l": [1]}', '{"l": []}'],
    ['{"l": [1]}', '{"l": [null, 2]}'],
    ['{"l": [{"a": 1}]}', '{"l": [{"a": null}, null]}'],
    ['{"l": [[1]]}', '{"l": ["anything", {"x": 1}]}'],
    ['{"o": {}}', '{"o": {"anything": [1]}}'],
    ['{"a": null}', '{"a": true}'],
    ['{"a": null}', '{"a": {"b": [1, {}]}}'],
    ['{"o": {}}', '{"o": 5}'],
    ['{"o": {}}', '{"o": []}'],
    ['{"a": []}', '{"a": {"b": 1}}'],
    ['[{"a": 1}, {"a": "x"}]', '{"a": true}'],
    ['{"a": [1, "x"]}', '{"a": [true, null, 2.5]}'],
    ['{"a": null}', '{"a": 12345678901234567890}'],
    ['{"a": []}', '{"a": ["x", 1, false]}'],
    ['{"a": 12345678901234567890}', '{"a": 5}'],
    ['{"a": 12345678901234567890}', '{"a": "98765432109876543210"}'],
    ['{"d": "2024-01-01"}', '{"d": "2024-01-01 10:00"}'],
    ['[{"a": 1}, {"b": 1}]', '{}'],
  ])('accepts, by the sample %s, the record %s', (sample, record) => {
    expect(faults(sample, record)).toEqual([]);
  });

  it.each<[string, string, string[]]>([
    ['{"a": 1}', '{}', ['MISSING_KEY /a NUMERIC missing']],
    ['{"a": 1}', '{"a": 1, "b/c": [2]}', ['UNKNOWN_KEY /b~1c no such key [2]']],
    ['{"a": 1}', '{"a": "1"}', ['WRONG_TYPE /a NUMERIC "1"']],
    ['{"a": 1}', '{"a": 9007199254740993}', ['NUMBER_OUT_OF_RANGE /a NUMERIC 9007199254740993']],
    ['{"a": 1}', '{"a": 1e999}', ['NUMBER_OUT_OF_RANGE /a NUMERIC 1e999']],
    ['{"a": "x"}', '{"a": 5}', ['WRONG_TYPE /a TEXT 5']],
    ['{"a": "x"}', '{"a": "\\ud800"}', ['INVALID_TEXT /a TEXT "\\ud800"']],
    ['{"a": true}', '{"a": "true"}', ['WRONG_TYPE /a BOOLEAN "true"']],
    ['{"a": "2024-01-01"}', '{"a": "2024-02-30"}', ['WRONG_TYPE /a DATETIME "2024-02-30"']],
    ['{"a": null}', '{"a": "\\ud800"}', ['INVALID_TEXT /a TEXT "\\ud800"']],
    ['[{"a": 1}, {"a": "x"}]', '{"a": {"b": 1}}', ['WRONG_TYPE /a a scalar, kept as TEXT {"b":1}']],
    ['{"a": 12345678901234567890}', '{"a": "x"}', ['WRONG_TYPE /a a number or the text of one, kept as TEXT "x"']],
    ['{"o": {"a": 1}}', '{"o": [1]}', ['WRONG_TYPE /o OBJECT [1]']],
    ['{"l": [1]}', '{"l": 1}', ['WRONG_TYPE /l NUMERIC_ARRAY 1']],
    ['{"l": [1]}', '{"l": [1, "x", [2]]}', ['WRONG_TYPE /l/1 NUMERIC "x"', 'WRONG_TYPE /l/2 NUMERIC [2]']],
    [
      '{"l": [{"a": {"b": 1}}]}',
      '{"l": [{"a": {"b": 1}}, {"a": {"b": "x"}}, 7]}',
      ['WRONG_TYPE /l/1/a/b NUMERIC "x"', 'WRONG_TYPE /l/2 OBJECT 7'],
    ],
    ['{"l": [[1]]}', '{"l": {}}', ['WRONG_TYPE /l OBJECT_ARRAY {}']],
  ])('refuses, by the sample %s, the record %s', (sample, record, expected) => {
    expect(faults(sample, record)).toEqual(expected);
  });

  it('keeps 10 mismatches of a record, counts all of them, and names the columns', () => {
    const check = compileStructureCheck(inferFields({ l: [{ a: 1 }] } as JsonValue));
    const mismatches = check({ l: Array.from({ length: 300 }, () => ({ a: 'x' })) });
    expect(mismatches?.count).toBe(300);
    expect(mismatches?.kept).toHaveLength(10);
    expect(mismatches?.kept[0]).toEqual({
      pointer: '/l/0/a',
      column: 'l.a',
      code: 'WRONG_TYPE',
      message: '/l/0/a: "x" is not a number',
      expected: 'NUMERIC',
      actual: '"x"',
    });
  });

  it('counts every kind of mismatch by its place without array indexes, however many others come first', () => {
    const sample = { l: [{ '0': 1, t: ['x'] }], o: { '0': { '1': 'x' } }, last: 1 };
    const check = compileStructureCheck(inferFields(sample));
    const unknown = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`x${n}`, n]));
    const record = {
      ...unknown,
      l: [...Array.from({ length: 500 }, () => ({ '0': 'x', t: [1, 'x', 2] })), { '0': 1, more: 1 }, 7],
      o: { '0': { '1': 5 } },
    };
    const kinds = [...(check(record)?.kinds.values() ?? [])].map(({ pointer, code }) => `${code} ${pointer}`);
    expect(kinds.sort()).toEqual([
      'MISSING_KEY /l/t',
      'MISSING_KEY /last',
      'UNKNOWN_KEY ',
      'UNKNOWN_KEY /l',
      'WRONG_TYPE /l',
      'WRONG_TYPE /l/0',
      'WRONG_TYPE /l/t',
      'WRONG_TYPE /o/0/1',
    ]);
  });
});
