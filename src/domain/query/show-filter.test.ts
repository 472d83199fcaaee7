import { describe, expect, it } from '@jest/globals';
import { mergeFields, NO_COLUMNS } from '../design/design-from-fields.js';
import { inferFields } from '../sample/infer-fields.js';
import { parseFilter, type RecordFilterInput } from './parse-filter.js';
import { shownFilter } from './show-filter.js';

const sample = { t: 'x', n: 1.5, b: true, d: '2026-01-01T00:00:00Z', a: ['x'] };
const { columns: fields } = mergeFields(NO_COLUMNS, inferFields(sample));
const place = fields.slice(0, 1).map((column) => ({ ...column, id: 'p', storedKey: 'p', type: 'GEO_POINT' as const }));
const columns = [...fields, ...place];

describe('a filter that is shown', () => {
  it.each<RecordFilterInput>([
    {},
    { and: [] },
    { or: [] },
    { column: 't', op: 'EQ', value: 'x' },
    { column: 't', op: 'NE', value: 'x' },
    { column: 'n', op: 'IN', values: [1, 2.5] },
    { column: 'n', op: 'NOT_IN', values: [] },
    { column: 'b', op: 'EQ', value: false },
    { column: 'd', op: 'GT', value: '2026-02-01T00:00:00+01:00' },
    { column: 'd', op: 'BETWEEN', values: ['2026-02-01', '2026-03-01'] },
    { column: 't', op: 'IS_NULL' },
    { column: 't', op: 'IS_NOT_NULL' },
    { column: 'a', op: 'CONTAINS', value: 'x' },
    { not: { column: 't', op: 'STARTS_WITH', value: 'x' } },
    { not: { or: [{ column: 'n', op: 'LTE', value: 3 }, { not: { and: [{ column: 't', op: 'NE', value: 'y' }] } }] } },
    { column: 'p', op: 'WITHIN_DISTANCE', value: { lat: 1, lon: 2, meters: 3 } },
    { column: 'p', op: 'WITHIN_BOX', value: { north: 1, south: 0, east: 2, west: 1 } },
  ])('is parsed to the same filter again: %j', (input) => {
    const filter = parseFilter(input, columns);
    expect(parseFilter(shownFilter(filter, columns), columns)).toEqual(filter);
  });

  it('has the words of callers', () => {
    const where = {
      and: [
        { column: 't', op: 'EQ', value: 'x' },
        { column: 'd', op: 'LT', value: '2026-02-01T00:00:00.000Z' },
      ],
    } as const;
    expect(shownFilter(parseFilter(where, columns), columns)).toEqual(where);
  });

  it('has two comparisons for a range with open ends', () => {
    const column = columns.find(({ id }) => id === 'n');
    if (!column) throw new Error('the column n is missing');
    const between = { kind: 'BETWEEN', column, from: 1, to: 2 } as const;
    const comparisons = (from: string, to: string) => ({
      and: [
        { column: 'n', op: from, value: 1 },
        { column: 'n', op: to, value: 2 },
      ],
    });
    expect(shownFilter({ ...between, openFrom: true }, columns)).toEqual(comparisons('GT', 'LTE'));
    expect(shownFilter({ ...between, openTo: true }, columns)).toEqual(comparisons('GTE', 'LT'));
  });
});
