import { describe, expect, it } from '@jest/globals';
import {
  EVERYTHING,
  type QueryValue,
  type RecordFilter,
  type StoredColumn,
} from '../../src/domain/query/record-query.js';
import type { StoreBench } from './record-store.bench.js';
import { BOOLEAN, BOOLEANS, DATETIME, DATETIMES, NUMBERS, NUMERIC, row, TEXT, TEXTS } from './record-store.rows.js';

const day = (date: number) => new Date(Date.UTC(2024, 0, date));
const isNull = (column: StoredColumn): RecordFilter => ({ kind: 'IS_NULL', column });
const within = (column: StoredColumn, ...values: QueryValue[]): RecordFilter => ({ kind: 'IN', column, values });
const not = (filter: RecordFilter): RecordFilter => ({ kind: 'NOT', filter });
const between = (column: StoredColumn, from: QueryValue, to: QueryValue) => ({
  kind: 'BETWEEN' as const,
  column,
  from,
  to,
});
const compare = (column: StoredColumn, op: 'GT' | 'GTE' | 'LT' | 'LTE', value: QueryValue): RecordFilter => ({
  kind: 'COMPARE',
  column,
  op,
  value,
});
const match = (column: StoredColumn, op: 'CONTAINS' | 'STARTS_WITH' | 'ENDS_WITH', text: string): RecordFilter => ({
  kind: 'TEXT_MATCH',
  column,
  op,
  text,
});

/** `none` has no value at all; `odd` has an empty array and one of null. */
const ROWS = [
  row('low', {
    c1: 'ab\ncd',
    c2: -1.5,
    c3: false,
    c4: day(1),
    c5: ['ab', 'x.y'],
    c6: [1, 9],
    c7: [false],
    c8: [day(1), day(9)],
  }),
  row('high', {
    c1: 'cd\n',
    c2: 10,
    c3: true,
    c4: day(2),
    c5: ['b', null],
    c6: [5],
    c7: [true, false],
    c8: [day(5)],
  }),
  row('none', {}),
  row('odd', { c1: '', c2: 0, c5: [], c6: [null] }),
];

const CASES: [string, RecordFilter, string[]][] = [
  ['everything', EVERYTHING, ['high', 'low', 'none', 'odd']],
  ['nothing', { kind: 'OR', filters: [] }, []],
  ['not nothing', not({ kind: 'OR', filters: [] }), ['high', 'low', 'none', 'odd']],
  ['null text', isNull(TEXT), ['none']],
  ['no null text', not(isNull(TEXT)), ['high', 'low', 'odd']],
  ['null array: an empty one and one of null are none', isNull(TEXTS), ['none']],
  ['null numbers', isNull(NUMBERS), ['none']],
  ['an empty text', within(TEXT, ''), ['odd']],
  ['unlike a text, null too', not(within(TEXT, '')), ['high', 'low', 'none']],
  ['in nothing', within(TEXT), []],
  ['one of two numbers', within(NUMERIC, 10, -1.5, 3), ['high', 'low']],
  ['true', within(BOOLEAN, true), ['high']],
  ['not true, null too', not(within(BOOLEAN, true)), ['low', 'none', 'odd']],
  ['a date', within(DATETIME, day(2)), ['high']],
  ['greater numbers', compare(NUMERIC, 'GT', -1.5), ['high', 'odd']],
  ['greater or equal', compare(NUMERIC, 'GTE', -1.5), ['high', 'low', 'odd']],
  ['less', compare(NUMERIC, 'LT', 0), ['low']],
  ['less or equal', compare(NUMERIC, 'LTE', 0), ['low', 'odd']],
  ['not less, null too', not(compare(NUMERIC, 'LT', 0)), ['high', 'none', 'odd']],
  ['greater texts', compare(TEXT, 'GT', 'ab'), ['high', 'low']],
  ['lesser texts', compare(TEXT, 'LT', 'ab'), ['odd']],
  ['greater booleans', compare(BOOLEAN, 'GT', false), ['high']],
  ['later dates', compare(DATETIME, 'GT', day(1)), ['high']],
  ['between, both ends', between(NUMERIC, -1.5, 0), ['low', 'odd']],
  ['between, the wrong way round', between(NUMERIC, 0, -1.5), []],
  ['between, without its lower end', { ...between(NUMERIC, -1.5, 0), openFrom: true }, ['odd']],
  ['between, without its upper end', { ...between(NUMERIC, -1.5, 0), openTo: true }, ['low']],
  ['between dates', between(DATETIME, day(1), day(1)), ['low']],
  ['an element', within(TEXTS, 'b', 'x.y'), ['high', 'low']],
  ['no such element: empty arrays and null too', not(within(TEXTS, 'b')), ['low', 'none', 'odd']],
  ['a greater element', compare(NUMBERS, 'GT', 5), ['low']],
  ['one element between, not two around', between(NUMBERS, 2, 8), ['high']],
  ['no open ends of one element', { ...between(NUMBERS, 1, 5), openFrom: true, openTo: true }, []],
  ['one element between open ends', { ...between(NUMBERS, 5, 10), openFrom: true, openTo: true }, ['low']],
  ['texts between open ends', { ...between(TEXTS, 'ab', 'x'), openFrom: true, openTo: true }, ['high']],
  ['no element between', not(between(NUMBERS, 2, 8)), ['low', 'none', 'odd']],
  ['a boolean element', within(BOOLEANS, true), ['high']],
  ['a date element between', between(DATETIMES, day(2), day(8)), ['high']],
  ['a date element after', compare(DATETIMES, 'GTE', day(9)), ['low']],
  ['containing a new line', match(TEXT, 'CONTAINS', 'b\nc'), ['low']],
  ['containing nothing', match(TEXT, 'CONTAINS', ''), ['high', 'low', 'odd']],
  ['starting, not at a line', match(TEXT, 'STARTS_WITH', 'cd'), ['high']],
  ['ending, not before a last new line', match(TEXT, 'ENDS_WITH', 'cd'), ['low']],
  ['not containing, null too', not(match(TEXT, 'CONTAINS', 'c')), ['none', 'odd']],
  ['an element that starts', match(TEXTS, 'STARTS_WITH', 'x.'), ['low']],
  ['a pattern taken by the letter', match(TEXTS, 'CONTAINS', '.'), ['low']],
  ['case matters', match(TEXT, 'CONTAINS', 'CD'), []],
  [
    'and, or, not',
    {
      kind: 'AND',
      filters: [{ kind: 'OR', filters: [isNull(BOOLEAN), within(BOOLEAN, true)] }, not(within(NUMERIC, 0))],
    },
    ['high', 'none'],
  ],
];

export function describeRules(bench: () => StoreBench): void {
  describe('filters', () => {
    it('find what their rules say', async () => {
      await bench().write(ROWS);
      const found: Record<string, string[]> = {};
      for (const [name, filter] of CASES) {
        found[name] = await bench().ids(filter);
        expect([name, await bench().count(filter)]).toEqual([name, found[name].length]);
      }
      expect(found).toEqual(Object.fromEntries(CASES.map(([name, , ids]) => [name, ids])));
    });

    it('may be as deep and as wide as callers can write them', async () => {
      await bench().write(ROWS);
      let deep = not(within(NUMERIC, 10));
      for (let level = 0; level < 20; level += 1) {
        deep = { kind: level % 2 ? 'AND' : 'OR', filters: [deep, level % 2 ? EVERYTHING : within(TEXT)] };
      }
      expect(await bench().ids(deep)).toEqual(['low', 'none', 'odd']);
      const wide = within(NUMERIC, ...Array.from({ length: 999 }, (_, n) => n + 1));
      expect(await bench().ids({ kind: 'OR', filters: Array(499).fill(wide) })).toEqual(['high']);
    });

    it('search for any text literally, also for a thousand odd characters', async () => {
      const odd = '.*+?^$ {}()|[]\\/-# \n\t\u0000$x😀é';
      const rows = [row('a', { c1: `before ${odd} after` }), row('b', { c1: odd.repeat(30) }), row('c', { c1: 'x' })];
      await bench().write(rows);
      for (const character of odd)
        expect(await bench().ids(match(TEXT, 'CONTAINS', character))).toEqual(
          character === 'x' ? ['a', 'b', 'c'] : ['a', 'b'],
        );
      expect(await bench().ids(match(TEXT, 'CONTAINS', odd))).toEqual(['a', 'b']);
      expect(await bench().ids(match(TEXT, 'STARTS_WITH', odd.repeat(30)))).toEqual(['b']);
      expect(await bench().ids(match(TEXT, 'ENDS_WITH', 'after'))).toEqual(['a']);
      expect(await bench().ids(match(TEXT, 'ENDS_WITH', 'before'))).toEqual([]);
      expect(await bench().ids(match(TEXT, 'CONTAINS', '😀'.repeat(500)))).toEqual([]);
      expect(await bench().ids(match(TEXT, 'CONTAINS', `${'x'.repeat(999)}y`))).toEqual([]);
    });
  });

  it.each([
    ['two bytes', 'é'.repeat(1_000)],
    ['three bytes', '語'.repeat(1_000)],
    ['four bytes', '😀'.repeat(500)],
    ['the last character there is', '\u{10ffff}'.repeat(500)],
  ])('search for a thousand characters of %s', async (_name, text) => {
    const rows = [
      row('whole', { c1: text, c5: ['x', text] }),
      row('longer', { c1: `${text}x` }),
      row('less', { c1: text.slice(2) }),
    ];
    await bench().write([...rows, row('before', { c1: `x${text}` }), row('short', { c1: 'x' })]);
    expect(await bench().ids(match(TEXT, 'STARTS_WITH', text))).toEqual(['longer', 'whole']);
    expect(await bench().ids(match(TEXTS, 'STARTS_WITH', text))).toEqual(['whole']);
    expect(await bench().ids(match(TEXT, 'ENDS_WITH', text))).toEqual(['before', 'whole']);
    expect(await bench().ids(match(TEXT, 'CONTAINS', text))).toEqual(['before', 'longer', 'whole']);
  });

  describe('long texts', () => {
    const long = '😀'.repeat(7_000);

    it('are returned in full, found by their whole text, and distinguished from each other', async () => {
      const rows = [
        row('a', { c1: `${long}a`, c5: ['short', `${long}x`, null] }),
        row('b', { c1: `${long}b` }),
        row('c', { c1: long, c5: [`${long}y`] }),
      ];
      await bench().write(rows);
      expect(await bench().walk()).toEqual(rows);
      expect(await bench().ids(within(TEXT, `${long}b`))).toEqual(['b']);
      expect(await bench().ids(within(TEXT, long))).toEqual(['c']);
      expect(await bench().ids(within(TEXTS, `${long}y`))).toEqual(['c']);
      expect(await bench().ids(match(TEXT, 'STARTS_WITH', '😀😀'))).toEqual(['a', 'b', 'c']);
    });

    it('are ordered after the texts that they begin with', async () => {
      await bench().write([row('a', { c1: `${long}a` }), row('b', { c1: `${long}b` }), row('c', { c1: long })]);
      const walked = await bench().walk(EVERYTHING, [{ column: TEXT, direction: 'ASC' }], 1);
      expect(walked.map(({ id }) => id)).toEqual(['c', 'a', 'b']);
    });
  });
}
