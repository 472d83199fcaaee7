import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareRows, placeOfRow } from '../../src/domain/query/compare-rows.js';
import { satisfies } from '../../src/domain/query/evaluate-filter.js';
import { EVERYTHING, type PageKey, type RecordOrder } from '../../src/domain/query/record-query.js';
import type { StoreBench } from './record-store.bench.js';
import {
  BOOLEAN,
  DATETIME,
  hidden,
  NUMERIC,
  row,
  someFilter,
  someOrder,
  someRows,
  TEXT,
  tombstone,
} from './record-store.rows.js';

/** `numRuns`: how many random sets of rows are queried, each in its own index or collection. */
export function describeReading(bench: () => StoreBench, numRuns = 25): void {
  describe('order', () => {
    it('is by code point, not by UTF-16 unit', async () => {
      const texts = ['', 'Z', 'a', 'aa', 'é', '\uE000', '～', '😀'];
      await bench().write(texts.map((c1, n) => row(`r${9 - n}`, { c1 })));
      const sorted = await bench().walk(EVERYTHING, [{ column: TEXT, direction: 'ASC' }], 3);
      expect(sorted.map(({ values }) => values.c1)).toEqual(texts);
    });

    it.each(['ASC', 'DESC'] as const)('puts nulls last and breaks ties by row id, %s', async (direction) => {
      const values = { a: 1, b: undefined, c: 2, d: undefined, e: 1 };
      await bench().write(Object.entries(values).map(([id, c2]) => row(id, c2 === undefined ? {} : { c2 })));
      const expected = direction === 'ASC' ? ['a', 'e', 'c', 'b', 'd'] : ['c', 'a', 'e', 'b', 'd'];
      for (const limit of [1, 2, 3, 4, 5, 6]) {
        const walked = await bench().walk(EVERYTHING, [{ column: NUMERIC, direction }], limit);
        expect(walked.map(({ id }) => id)).toEqual(expected);
      }
    });

    it('compares each column in turn', async () => {
      await bench().write([
        row('a', { c3: true, c4: new Date(1) }),
        row('b', { c3: false }),
        row('c', { c3: true, c4: new Date(-1) }),
        row('d', { c3: false, c4: new Date(0) }),
        row('e', { c4: new Date(0) }),
      ]);
      const order: RecordOrder[] = [
        { column: BOOLEAN, direction: 'DESC' },
        { column: DATETIME, direction: 'ASC' },
      ];
      expect(await bench().ids(EVERYTHING, order)).toEqual(['c', 'a', 'd', 'b', 'e']);
    });
  });

  describe('paging', () => {
    it('returns every row once while others are added and deleted', async () => {
      const order: RecordOrder[] = [{ column: NUMERIC, direction: 'DESC' }];
      await bench().write(Array.from({ length: 30 }, (_, n) => row(`r${n}`, n % 7 === 0 ? {} : { c2: n % 5 })));
      const seen: string[] = [];
      let after: PageKey | undefined;
      for (let step = 0; ; step += 1) {
        const query = { filter: EVERYTHING, order, limit: 4, ...(after && { after }) };
        const page = await bench().store.readPage(bench().generation, query);
        seen.push(...page.rows.map(({ id }) => id).filter((id) => id.startsWith('r')));
        if (!page.hasNext) break;
        after = page.end ?? undefined;
        await bench().write([row(`new${step}`, { c2: step % 5 }), { id: `new${step - 1}`, version: 2, deleted: true }]);
      }
      expect([...seen].sort()).toEqual(Array.from({ length: 30 }, (_, n) => `r${n}`).sort());
    });

    it('says whether rows follow, and where the page ended', async () => {
      await bench().write(['a', 'b', 'c'].map((id) => row(id, { c2: 1 })));
      const query = { filter: EVERYTHING, order: [{ column: NUMERIC, direction: 'ASC' as const }] };
      const first = await bench().store.readPage(bench().generation, { ...query, limit: 2 });
      expect(first).toMatchObject({ hasNext: true, end: { values: [1], rowId: 'b' } });
      const after = first.end ?? undefined;
      const last = await bench().store.readPage(bench().generation, { ...query, limit: 1, ...(after && { after }) });
      expect(last).toMatchObject({ hasNext: false, end: { values: [1], rowId: 'c' }, rows: [{ id: 'c' }] });
    });

    it('end early if rows are large, and the next page continues after them', async () => {
      const rows = Array.from({ length: 6 }, (_, n) => row(`r${n}`, { c1: `${n}${'x'.repeat(10_000_000)}` }));
      for (const one of rows) await bench().write([one]);
      const sizes: number[] = [];
      const seen: string[] = [];
      for (let after: PageKey | undefined; ; ) {
        const query = { filter: EVERYTHING, order: [], limit: 100, ...(after && { after }) };
        const page = await bench().store.readPage(bench().generation, query);
        seen.push(...page.rows.map(({ id }) => id));
        sizes.push(page.rows.length);
        if (!page.hasNext) break;
        after = page.end ?? undefined;
      }
      expect(seen).toEqual(rows.map(({ id }) => id));
      expect(Math.max(...sizes)).toBeLessThan(4);
    });

    it('follows the rules for random filters and orders, page by page', async () => {
      const queries = fc.array(fc.tuple(someFilter, someOrder), { minLength: 5, maxLength: 5 });
      await fc.assert(
        fc.asyncProperty(someRows, queries, async (rows, all) => {
          const into = await bench().newGeneration();
          const others = rows.flatMap(({ id }) => [hidden(`${id}-h`, 1, '{}'), tombstone(`${id}-t`, 1)]);
          await bench().write([...rows, ...others], into);
          for (const [filter, order] of all) {
            const places = rows
              .filter(({ values }) => satisfies(values, filter))
              .map(({ id, values }) => placeOfRow(id, values, order));
            const expected = places.sort((a, b) => compareRows(a, b, order)).map(({ rowId }) => rowId);
            expect((await bench().walk(filter, order, 4, into)).map(({ id }) => id)).toEqual(expected);
            expect(await bench().store.count(into, filter)).toBe(expected.length);
          }
          await bench().store.dropGeneration(into);
        }),
        { numRuns },
      );
    });
  });
}
