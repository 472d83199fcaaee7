import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareRows, placeOfRow } from '../../src/domain/query/compare-rows.js';
import { satisfies } from '../../src/domain/query/evaluate-filter.js';
import {
  EVERYTHING,
  MAX_SOUGHT_LENGTH,
  MAX_SOUGHT_NULS,
  type RecordFilter,
  type RecordOrder,
} from '../../src/domain/query/record-query.js';
import type { StoreBench } from './record-store.bench.js';
import { conditionOn, filterOf, NUMERIC, row, TEXT, TEXTS } from './record-store.rows.js';

/** The lengths at which stores cut, hash, duplicate or split texts: bytes of a keyword or range end, code points of a head, UTF-16 units of a part. */
const BOUNDS = [890, 900, 1_000, 7_000, 7_002, 8_000, 13_999, 14_001];
/** Characters of one, two, three and four bytes, and those that internal forms consist of. */
const CHARACTERS = ['b', 'é', '語', '😀', '\u0000', '0'];
const ENDS = ['', 'a', '0', 'f', '\u0000', '\u0000\u0000', '\u{10ffff}', 'ERROR', '語'];

/** Texts around these lengths, many of them with the same beginning. */
const someText: fc.Arbitrary<string> = fc
  .record({
    character: fc.constantFrom(...CHARACTERS),
    length: fc.constantFrom(0, 1, ...BOUNDS),
    off: fc.integer({ min: -1, max: 1 }),
    middle: fc.constantFrom('', '', 'x', '\u0000'),
    rest: fc.constantFrom(0, 0, 1, 999, 1_000, 7_001),
    end: fc.constantFrom(...ENDS),
  })
  .map(({ character, length, off, middle, rest, end }) =>
    [character.repeat(Math.max(0, length + off)), middle, character.repeat(rest), end].join(''),
  );

/** Texts to search for: a piece of a text, mostly around such a length, or what an internal form may consist of. */
function pieceOf(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const piece = fc
    .tuple(text, fc.constantFrom(0, ...BOUNDS, Number.MAX_SAFE_INTEGER), fc.constantFrom(1, 2, 500, 999, 1_000))
    .map(([whole, bound, length]) => {
      const units = whole.slice(0, Math.min(whole.length, bound + Math.ceil(length / 2))).slice(-length);
      const sought = units.isWellFormed() ? units : units.replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, '');
      return sought.startsWith('\u0000'.repeat(MAX_SOUGHT_NULS)) ? sought.slice(0, MAX_SOUGHT_NULS) : sought;
    });
  return fc.oneof({ weight: 3, arbitrary: piece }, fc.constantFrom(...'0123456789abcdef:hil', '', '\u0000', 'ERROR'));
}

/** Rows, and queries made from their texts. */
const someCase = fc.array(someText, { minLength: 3, maxLength: 10 }).chain((pool) => {
  const text = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...pool) }, someText);
  const rows = fc
    .array(
      fc.record(
        { c1: text, c2: fc.constantFrom(0, 1), c5: fc.array(fc.option(text), { maxLength: 3 }) },
        { requiredKeys: [] },
      ),
      { minLength: 1, maxLength: 12 },
    )
    .map((all) => all.map((values, index) => row(`r${String(index).padStart(2, '0')}`, values)));
  const filter = filterOf(
    conditionOn(
      [TEXT, TEXTS],
      () => text,
      () => pieceOf(text),
      3,
    ),
  );
  const direction = fc.constantFrom('ASC' as const, 'DESC' as const);
  const order = fc.oneof(
    fc.constant<RecordOrder[]>([]),
    direction.map((one): RecordOrder[] => [{ column: TEXT, direction: one }]),
    direction.map((one): RecordOrder[] => [
      { column: NUMERIC, direction: 'ASC' },
      { column: TEXT, direction: one },
    ]),
    direction.map((one): RecordOrder[] => [
      { column: TEXT, direction: one },
      { column: NUMERIC, direction: 'DESC' },
    ]),
  );
  return fc.record({ rows, queries: fc.array(fc.tuple(filter, order), { minLength: 5, maxLength: 5 }) });
});

/** Filters and orders over texts of every length, compared with the rules for whole texts. */
export function describeTexts(bench: () => StoreBench, numRuns = 10): void {
  describe('texts around the limits of a store', () => {
    it('filters and orders by whole texts, page by page', async () => {
      await fc.assert(
        fc.asyncProperty(someCase, async ({ rows, queries }) => {
          const into = await bench().newGeneration();
          await bench().write(rows, into);
          expect(await bench().walk(EVERYTHING, [], 50, into)).toEqual(rows);
          for (const [filter, order] of queries) {
            const places = rows
              .filter(({ values }) => satisfies(values, filter))
              .map(({ id, values }) => placeOfRow(id, values, order));
            const expected = places.sort((a, b) => compareRows(a, b, order)).map(({ rowId }) => rowId);
            expect((await bench().walk(filter, order, 3, into)).map(({ id }) => id)).toEqual(expected);
            expect(await bench().store.count(into, filter)).toBe(expected.length);
            const scanned = await bench().store.scan(into, filter, '', { maxRows: 100, maxBytes: 64_000_000 });
            expect(scanned.map(({ id }) => id)).toEqual([...expected].sort());
          }
          await bench().store.dropGeneration(into);
        }),
        { numRuns },
      );
    });

    const match = (op: 'CONTAINS' | 'STARTS_WITH' | 'ENDS_WITH', text: string): RecordFilter => ({
      kind: 'TEXT_MATCH',
      column: TEXT,
      op,
      text,
    });

    it('finds every end, and no digit of a hash, in texts of more than 7,000 characters', async () => {
      const long = 'x'.repeat(7_000);
      await bench().write([row('fine', { c1: `${long} fine` }), row('error', { c1: `${long} ERROR` })]);
      for (const digit of '0123456789abcdef\u0000') {
        const expected = 'fine'.includes(digit) ? ['fine'] : [];
        expect(await bench().ids(match('CONTAINS', digit))).toEqual(expected);
        expect(await bench().ids(match('ENDS_WITH', digit))).toEqual(digit === 'e' ? ['fine'] : []);
      }
      expect(await bench().ids(match('ENDS_WITH', 'ERROR'))).toEqual(['error']);
      expect(await bench().ids({ kind: 'NOT', filter: match('CONTAINS', 'ERROR') })).toEqual(['fine']);
      const { store, generation } = bench();
      const bounds = { maxRows: 10, maxBytes: 1_000_000 };
      const deleted = await store.scan(generation, { kind: 'NOT', filter: match('CONTAINS', 'ERROR') }, '', bounds);
      expect(deleted.map(({ id }) => id)).toEqual(['fine']);
    });

    it('finds a text at every place of another text', async () => {
      // All of its pieces are different.
      const text = Array.from({ length: 6_000 }, (_, n) => `${n}${'語é😀x'.charAt(n % 5)}`.toWellFormed()).join('');
      await bench().write([row('a', { c1: text }), row('b', { c1: text.slice(1) })]);
      for (let end = 1_000; end <= text.length; end += 977) {
        const piece = text.slice(end - MAX_SOUGHT_LENGTH, end);
        expect(await bench().ids(match('CONTAINS', piece))).toEqual(end === 1_000 ? ['a'] : ['a', 'b']);
        expect(await bench().ids(match('CONTAINS', `${piece.slice(1)}~`))).toEqual([]);
        expect(await bench().ids(match('ENDS_WITH', piece))).toEqual(end === text.length ? ['a', 'b'] : []);
      }
    });

    it('orders texts that differ after their indexed part, in pages of any size, with ties broken by later columns', async () => {
      const long = '語'.repeat(7_000);
      const texts = ['', 'a', 'a', 'b', 'b\u0000', '\u0000', 'z'.repeat(9_000), `${'z'.repeat(9_000)}a`];
      const rows = texts.map((text, index) => row(`r${index}`, { c1: long + text, c2: index % 2 }));
      await bench().write([...rows, row('s', { c1: '語' }), row('t', { c1: '龍' }), row('u', {})]);
      const order: RecordOrder[] = [
        { column: TEXT, direction: 'DESC' },
        { column: NUMERIC, direction: 'DESC' },
      ];
      const expected = ['t', 'r7', 'r6', 'r4', 'r3', 'r1', 'r2', 'r5', 'r0', 's', 'u'];
      for (const limit of [1, 2, 3, 7, 11, 20])
        expect((await bench().walk(EVERYTHING, order, limit)).map(({ id }) => id)).toEqual(expected);
    });

    it('returns the values of a row that exists', async () => {
      const { store, generation } = bench();
      const values = { c1: 'x'.repeat(8_000), c2: 1 };
      await bench().write([row('a', values), row('b', {}), { id: 'b', version: 2, deleted: true }]);
      expect(await store.readValues(generation, 'a')).toEqual(values);
      expect(await store.readValues(generation, 'b')).toBeNull();
      expect(await store.readValues(generation, 'c')).toBeNull();
    });
  });
}
