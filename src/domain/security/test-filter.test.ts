import { describe, expect, it } from '@jest/globals';
import { columnsWith } from '../../../test/support/random-permissions.js';
import type { StoredValues } from '../design/stored-value.js';
import { satisfies } from '../query/evaluate-filter.js';
import { EVERYTHING } from '../query/record-query.js';
import { compilePermissions } from './compile-permissions.js';
import { readPermissions } from './read-permissions.js';

/** The values of one column that a condition on it permits, or why none; null stands for no value. */
function permitted(id: string, values: readonly unknown[], condition: object) {
  const columns = columnsWith(() => false).map((one) => (one.id === id ? { ...one, securityName: id } : one));
  const key = columns.find((column) => column.id === id)?.storedKey ?? '';
  const claim = [{ dataset_id: 'd1', record_permissions: [{ security_name: id, ...condition }] }];
  const view = compilePermissions(readPermissions(claim), 'd1', columns);
  if ('reason' in view) return view.reason;
  const rows = values.map((value) => (value === null ? {} : { [key]: value }) as StoredValues);
  return rows.filter((row) => satisfies(row, view.filter ?? EVERYTHING)).map((row) => row[key] ?? null);
}

describe('a condition', () => {
  const TEXTS = ['', 'a', 'ab', 'B', null];
  it.each<[string, unknown[] | undefined, unknown[]]>([
    ['EQUAL', ['a', ''], ['', 'a']],
    ['NOT_EQUAL', ['a'], ['', 'ab', 'B']],
    ['CONTAIN', ['b', 'B'], ['ab', 'B']],
    ['NOT_CONTAIN', ['b', 'B'], ['', 'a']],
    ['START_WITH', ['a'], ['a', 'ab']],
    ['NOT_START_WITH', ['a'], ['', 'B']],
    ['END_WITH', ['b'], ['ab']],
    ['NOT_END_WITH', ['b'], ['', 'a', 'B']],
    ['RANGE', [{ gt: 'a' }, { lte: 'B' }], ['', 'ab', 'B']],
    ['NOT_RANGE', [{ gt: 'a' }, { lte: 'B' }], ['a']],
    ['BETWEEN', ['B', 'a'], ['a', 'B']],
    ['GREATER_THAN', ['a'], ['ab']],
    ['GREATER_THAN_OR_EQUAL', ['a'], ['a', 'ab']],
    ['LESS_THAN', ['a'], ['', 'B']],
    ['LESS_THAN_OR_EQUAL', ['a'], ['', 'a', 'B']],
    ['IS_EMPTY', undefined, ['', null]],
    ['IS_NOT_EMPTY', undefined, ['a', 'ab', 'B']],
  ])('%s permits texts, and null with IS_EMPTY alone', (validation_type, values, expected) => {
    expect(permitted('text', TEXTS, { validation_type, values })).toEqual(expected);
  });

  const ARRAYS = [[1, 5], [9], [], [null], [null, 5], null];
  it.each<[string, unknown[] | undefined, unknown[]]>([
    [
      'EQUAL',
      [5],
      [
        [1, 5],
        [null, 5],
      ],
    ],
    ['NOT_EQUAL', [5], [[9]]],
    [
      'RANGE',
      [{ gt: 1, lt: 9 }],
      [
        [1, 5],
        [null, 5],
      ],
    ],
    ['NOT_RANGE', [{ gt: 1, lt: 9 }], [[9]]],
    ['BETWEEN', [6, 8], []],
    ['LESS_THAN', [5], [[1, 5]]],
    ['IS_EMPTY', undefined, [[], [null], null]],
    ['IS_NOT_EMPTY', undefined, [[1, 5], [9], [null, 5]]],
  ])(
    '%s permits arrays by any of their elements, and by none without elements',
    (validation_type, values, expected) => {
      expect(permitted('numeric_array', ARRAYS, { validation_type, values })).toEqual(expected);
    },
  );

  const DATES = [
    '2023-12-31T23:59:59.999Z',
    '2024-01-01T00:00:00.000Z',
    '2024-01-01T12:00:00.000Z',
    '2024-01-31T00:00:00.000Z',
    '2024-04-01T00:00:00.000Z',
  ];
  it.each<[string, object, number[]]>([
    ['a day', { validation_type: 'DATE', values: ['2024-01-01'] }, [1, 2]],
    ['a day, unless it says otherwise', { values: ['2024-01-01'] }, [1, 2]],
    ['no other day', { validation_type: 'NOT_EQUAL', values: ['2024-01-01T00:00:00Z'] }, [0, 3, 4]],
    ['an instant', { values: ['2024-01-01T12:00:00Z'], group_value: 'MILLISECOND' }, [2]],
    ['an hour, in another zone', { values: ['2024-01-01T13:00:00+01:00'], group_value: 'hour' }, [2]],
    ['a week', { values: ['2024-01-29'], group_value: 'WEEK' }, [3]],
    ['a month', { values: ['2024-01-01'], group_value: 'month' }, [1, 2, 3]],
    ['quarters', { values: ['2023-10-01', '2024-04-01'], group_value: 'QUARTER' }, [0, 4]],
    ['a year', { values: ['2024-01-01'], group_value: 'YEAR' }, [1, 2, 3, 4]],
    ['what follows a day', { validation_type: 'GREATER_THAN', values: ['2024-01-01'] }, [3, 4]],
    ['a day and before', { validation_type: 'LESS_THAN_OR_EQUAL', values: ['2024-01-01'] }, [0, 1, 2]],
    [
      'from a month to another',
      { validation_type: 'RANGE', values: [{ gt: '2023-12-01', lte: '2024-01-01' }], group_value: 'month' },
      [1, 2, 3],
    ],
  ])('on dates is about %s', (_what, condition, expected) => {
    const dates = DATES.map((text) => new Date(text));
    const indexes = permitted('datetime', dates, condition);
    expect(typeof indexes === 'string' ? indexes : indexes.map((date) => dates.indexOf(date as Date))).toEqual(
      expected,
    );
  });

  it.each<[string, string, object, string]>([
    ['a text for a number', 'numeric', { values: ['1'] }, '"1" is no value, and the column is NUMERIC'],
    ['a number for a boolean', 'boolean', { values: [1] }, '1 is no value, and the column is BOOLEAN'],
    ['no date', 'datetime', { values: ['2024-02-30'] }, '"2024-02-30" is no value, and the column is DATETIME'],
    ['a text for an array of numbers', 'numeric_array', { values: ['x'] }, '"x" is no value'],
    ['one unfit value of several', 'numeric', { values: [1, 'x'] }, '"x" is no value'],
    ['a part of a number', 'numeric', { validation_type: 'CONTAIN', values: ['1'] }, 'CONTAIN is for texts'],
    ['a day of a text', 'text', { validation_type: 'DATE', values: ['2024-01-01'] }, 'DATE is for dates'],
    ['a period of texts', 'text', { values: ['2024-01-01'], group_value: 'DAY' }, 'group_value is for dates'],
    [
      'an instant inside a day',
      'datetime',
      { values: ['2024-01-01T12:00:00Z'] },
      'is not the beginning, in UTC, of a period DAY',
    ],
    ['a Tuesday for a week', 'datetime', { values: ['2024-01-02'], group_value: 'WEEK' }, 'of a period WEEK'],
    ['a February for a quarter', 'datetime', { values: ['2024-02-01'], group_value: 'QUARTER' }, 'of a period QUARTER'],
    [
      'a range the wrong way round',
      'numeric',
      { validation_type: 'NOT_RANGE', values: [{ gt: 5, lt: 1 }] },
      'no value is in the range {"gt":5,"lt":1}',
    ],
    [
      'a range without its only value',
      'numeric',
      { validation_type: 'NOT_RANGE', values: [{ gt: 5, lte: 5 }] },
      'no value is in the range',
    ],
    [
      'a range between two days',
      'datetime',
      { validation_type: 'NOT_RANGE', values: [{ gt: '2024-01-01', lt: '2024-01-02' }] },
      'no value is in the range',
    ],
  ])('with %s shows nothing', (_what, id, condition, expected) => {
    const reason = permitted(id, [null], condition);
    expect(reason).toContain(`the condition on "${id}" does not fit`);
    expect(reason).toContain(expected);
  });
});
