import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../json/json-value.js';
import { parseJson } from '../json/parse-json.js';
import { inferFields } from '../sample/infer-fields.js';
import type { Column } from './column.js';
import { compileConversion } from './convert-record.js';
import { mergeFields, NO_COLUMNS } from './design-from-fields.js';
import { publicValues } from './public-values.js';

const columnsOf = (sample: string) => mergeFields(NO_COLUMNS, inferFields(parseJson(sample))).columns;

describe('the columns of a sample', () => {
  it('disable objects, arrays of objects and everything below those, with a reason', () => {
    const columns = columnsOf('{"o": {"l": [{"p": {"q": 1}}]}, "t": "x", "s": [1]}');
    expect(columns.map(({ id, storedKey, enabled }) => [id, storedKey, enabled])).toEqual([
      ['o', 'c1', false],
      ['o.l', 'c2', false],
      ['o.l.p', 'c3', false],
      ['o.l.p.q', 'c4', false],
      ['t', 'c5', true],
      ['s', 'c6', true],
    ]);
    expect(columns.map(({ disabledReason }) => disabledReason)).toEqual([
      'an object has no value of its own; its children are columns',
      'an array of objects does not fit into one row; flatten it by a step, or set undetermined: true to store it whole as JSON text',
      'it is inside the array of objects o.l, whose values are not stored in rows; flatten that array by a step',
      'it is inside the array of objects o.l, whose values are not stored in rows; flatten that array by a step',
      null,
      null,
    ]);
  });
});

describe('compileConversion', () => {
  const convert = (sample: string, record: string) =>
    compileConversion(columnsOf(sample))(parseJson(record) as JsonObject).values;

  it('gives values by stored key: dates as instants, texts unchanged, no nulls', () => {
    const sample =
      '{"d": "2024-01-01", "o": {"n": 1, "m": null}, "big": 12345678901234567890, "any": null, "l": ["2024-01-01"], "r": [{"x": 1}]}';
    const record =
      '{"d": "2024-05-06T07:08+01:00", "o": {"n": -0.5, "m": null}, "big": 98765432109876543210, "any": false, "l": ["2024-01-02", null], "r": [{"x": 1}]}';
    expect(convert(sample, record)).toEqual({
      c1: new Date('2024-05-06T06:08:00Z'),
      c3: -0.5,
      c5: '98765432109876543210',
      c6: 'false',
      c7: [new Date('2024-01-02T00:00:00Z'), null],
    });
    expect(convert('{"o": {"n": 1}}', '{"o": null}')).toEqual({});
  });

  it.each([
    ['1700000000.12399999999999999999', 1_700_000_000_123],
    ['-1700000000.50000000000000000001', -1_700_000_000_501],
    ['0.00000000012345678901234567', 0],
    ['1e-400', 0],
  ])('converts the seconds %s to a date without losing digits', (seconds, milliseconds) => {
    const [column] = columnsOf('{"n": 1}');
    const columns = column ? [{ ...column, type: 'DATETIME' as const, inputFormat: 'EPOCH_SECONDS' }] : [];
    const record = parseJson(`{"n": ${seconds}}`) as JsonObject;
    expect(compileConversion(columns)(record).values).toEqual({ c1: new Date(milliseconds) });
  });

  it('ignores keys that a record only inherits', () => {
    expect(convert('[{"constructor": null, "a": 1}, {"a": 1}]', '{"a": 2}')).toEqual({ c2: 2 });
  });
});

describe('what cannot be converted', () => {
  const faults = (columns: readonly Column[], record: string) =>
    compileConversion(columns)(parseJson(record) as JsonObject).mismatches?.kept.map(({ code, pointer }) => [
      code,
      pointer,
    ]) ?? [];

  it.each([
    ['{"o": {"p": {"x": 1}}}', '{"o": "x"}', '/o'],
    ['{"o": {"p": {"x": 1}}}', '{"o": {"p": [{"x": 1}]}}', '/o/p'],
    ['{"o": {"p": {"x": 1}}}', '{"o": {"p": 12345678901234567890}}', '/o/p'],
    ['{"o": {"x": 1}}', '{"o": []}', '/o'],
    ['{"o": "x"}', '{"o": {"x": 1}}', '/o'],
    ['{"o": "x"}', '{"o": ["x"]}', '/o'],
    ['{"o": ["x"]}', '{"o": "x"}', '/o'],
    ['{"o": ["x"]}', '{"o": ["x", {"x": 1}]}', '/o/1'],
  ])('includes, under %s, a value of another shape in %s', (sample, record, place) => {
    expect(faults(columnsOf(sample), record)).toEqual([['CONVERSION_FAILED', place]]);
  });

  it('does not include missing and null values, and values without an enabled column', () => {
    const columns = columnsOf('{"o": {"p": {"x": 1}}, "l": [{"y": 1}], "e": {}}');
    for (const record of ['{}', '{"o": null}', '{"o": {}}', '{"o": {"p": null}}', '{"l": {"y": 1}, "e": "x"}']) {
      expect(faults(columns, record)).toEqual([]);
    }
    const disabled = columns.map((column) => ({ ...column, enabled: false }));
    expect(faults(disabled, '{"o": "x"}')).toEqual([]);
  });

  it.each([
    ['{"t": "x"}', '{"t": "\\ud800"}', '/t'],
    ['{"o": {"t": "x"}}', '{"o": {"t": "a\\udfff"}}', '/o/t'],
    ['{"l": ["x"]}', '{"l": ["x", "\\ud800"]}', '/l/1'],
    ['{"a": null}', '{"a": "\\ud800"}', '/a'],
  ])(
    'includes, under %s, half of a surrogate pair in %s, which no record store could keep',
    (sample, record, place) => {
      expect(faults(columnsOf(sample), record)).toEqual([['INVALID_TEXT', place]]);
    },
  );

  it('includes a text that is not a date, and the message says why', () => {
    const messageOf = (inputFormat: string | null, value: string, inputTimeZone: string | null = null) => {
      const settings = { type: 'DATETIME' as const, inputFormat, inputTimeZone };
      const columns = columnsOf('{"d": "x"}').map((column) => ({ ...column, ...settings }));
      return compileConversion(columns)({ d: value }).mismatches?.kept[0]?.message;
    };
    const required = 'cannot be converted to DATETIME, which the design requires for the column: it';
    expect(messageOf(null, '31/05/2024')).toContain(`"31/05/2024" ${required} is not spelled YYYY-MM-DD or YYYYMMDD`);
    expect(messageOf(null, '20230229')).toContain(`${required} has a day that the calendar does not have`);
    const newYork = (value: string) => messageOf(null, value, 'America/New_York');
    expect(newYork('9999-12-31T23:59:59')).toContain(`${required} is outside the years 0000 to 9999 in UTC`);
    expect(newYork('2016-12-31T23:59:60')).toContain(`${required} has a time that no clock shows`);
    expect(messageOf('DD/MM/YYYY', '2024-05-31')).toMatch(
      /to DATETIME as DD\/MM\/YYYY, which the design requires for the column$/,
    );
  });

  it('expects an array type for a value that is not an array, and the element type for an element', () => {
    const columns = columnsOf('{"l": ["x"]}').map((column) => ({ ...column, type: 'DATETIME_ARRAY' as const }));
    const expectedOf = (record: JsonObject) => compileConversion(columns)(record).mismatches?.kept[0]?.expected;
    expect(expectedOf({ l: 'x' })).toBe('DATETIME_ARRAY');
    expect(expectedOf({ l: ['x'] })).toBe('DATETIME');
  });

  it('includes a number that would be rounded, also as text, and the message says so', () => {
    const columns = columnsOf('{"n": "1"}').map((column) => ({ ...column, type: 'NUMERIC' as const }));
    for (const given of ['"12345678901234567890"', '" 1e400 "', '12345678901234567890', '1e400']) {
      const [fault] = compileConversion(columns)(parseJson(`{"n": ${given}}`) as JsonObject).mismatches?.kept ?? [];
      expect(fault?.code).toBe('NUMBER_OUT_OF_RANGE');
      expect(fault?.message).toContain('would be rounded');
    }
    expect(faults(columns, '{"n": "12 apples"}')).toEqual([['CONVERSION_FAILED', '/n']]);
  });
});

describe('publicValues', () => {
  it('gives values by column id, with null for missing ones, and takes any id as data', () => {
    const columns = columnsOf('{"__proto__": "x", "d": "2024-01-01", "l": ["2024-01-01"], "o": {"k": 1}}');
    const values = publicValues(columns, { c1: 'y', c2: new Date(0), c3: [new Date(0), null] });
    expect(Object.entries(values)).toEqual([
      ['__proto__', 'y'],
      ['d', '1970-01-01T00:00:00.000Z'],
      ['l', ['1970-01-01T00:00:00.000Z', null]],
      ['o.k', null],
    ]);
  });
});
