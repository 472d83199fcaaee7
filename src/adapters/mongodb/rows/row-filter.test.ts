import { describe, expect, it } from '@jest/globals';
import type { RecordFilter, StoredColumn } from '../../../domain/query/record-query.js';
import { toMatch } from './row-filter.js';

const TEXT: StoredColumn = { storedKey: 'c1', type: 'TEXT' };
const NUMBERS: StoredColumn = { storedKey: 'c2', type: 'NUMERIC_ARRAY' };
const LIVE = { d: { $exists: false } };

describe('toMatch', () => {
  it.each<[string, RecordFilter, unknown]>([
    ['one of some values', { kind: 'IN', column: TEXT, values: ['$a'] }, { c1: { $in: ['$a'] } }],
    [
      'a complement',
      { kind: 'NOT', filter: { kind: 'IS_NULL', column: TEXT } },
      { $nor: [{ c1: { $exists: false } }] },
    ],
    ['a comparison', { kind: 'COMPARE', column: TEXT, op: 'LTE', value: 'b' }, { c1: { $lte: 'b' } }],
    ['a range', { kind: 'BETWEEN', column: TEXT, from: 'a', to: 'b' }, { c1: { $gte: 'a', $lte: 'b' } }],
    [
      'a range without its ends',
      { kind: 'BETWEEN', column: TEXT, from: 'a', to: 'b', openFrom: true, openTo: true },
      { c1: { $gt: 'a', $lt: 'b' } },
    ],
    [
      'a range of one element',
      { kind: 'BETWEEN', column: NUMBERS, from: 1, to: 2 },
      { c2: { $elemMatch: { $gte: 1, $lte: 2 } } },
    ],
    [
      'the start of a text',
      { kind: 'TEXT_MATCH', column: TEXT, op: 'STARTS_WITH', text: 'a.b' },
      { c1: { $regex: '\\Aa\\x{2e}b', $options: 's' } },
    ],
    [
      'the end of a text',
      { kind: 'TEXT_MATCH', column: TEXT, op: 'ENDS_WITH', text: '$\u0000' },
      { c1: { $regex: '\\A.*+(?<=\\x{24}\\x{0})\\z', $options: 's' } },
    ],
    [
      'a part of a text',
      { kind: 'TEXT_MATCH', column: TEXT, op: 'CONTAINS', text: '$c2' },
      { $expr: { $gte: [{ $indexOfBytes: ['$c1', { $literal: '$c2' }] }, 0] } },
    ],
    ['an OR of nothing', { kind: 'OR', filters: [] }, { _id: { $exists: false } }],
  ])('translates %s, and leaves hidden records and tombstones out', (_name, filter, expected) => {
    expect(toMatch(filter)).toEqual({ $and: [LIVE, expected] });
  });

  it('matches every row, but no hidden record or tombstone, for an empty AND', () => {
    expect(toMatch({ kind: 'AND', filters: [] })).toEqual(LIVE);
  });
});
