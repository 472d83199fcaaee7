import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareRows, placeOfRow } from '../../src/domain/query/compare-rows.js';
import { satisfies } from '../../src/domain/query/evaluate-filter.js';
import { INDEXED_CODE_POINTS, indexedText } from '../../src/domain/query/indexed-text.js';
import type { PageKey, RecordFilter, RecordOrder } from '../../src/domain/query/record-query.js';
import type { RecordStore, Row, RowWrite } from '../../src/ports/record-store.js';
import { COLUMNS, EVERYTHING, NUMERIC, row, someFilter, someOrder, someRows, TEXT } from './record-store.rows.js';

export interface StoreUnderTest {
  readonly store: RecordStore;
  close(): Promise<void>;
}

/** What every record store promises, as {@link RecordStore} says it. */
export function describeRecordStore(name: string, create: () => Promise<StoreUnderTest>): void {
  describe(`record store: ${name}`, () => {
    let underTest: StoreUnderTest;
    let store: RecordStore;
    let generation: string;
    beforeAll(async () => {
      underTest = await create();
      store = underTest.store;
    });
    afterAll(() => underTest.close());
    beforeEach(async () => {
      generation = await newGeneration();
    });

    async function newGeneration(): Promise<string> {
      const made = `rows_${randomUUID()}_1`;
      await store.createGeneration(made, COLUMNS);
      return made;
    }

    async function write(writes: readonly RowWrite[], into = generation): Promise<void> {
      await store.writeRows(into, writes, () => undefined);
      await store.refresh(into);
    }

    /** All rows that match, in pages. */
    async function walk(
      filter: RecordFilter,
      order: readonly RecordOrder[],
      limit = 7,
      from = generation,
    ): Promise<Row[]> {
      const rows: Row[] = [];
      let after: PageKey | undefined;
      for (;;) {
        const page = await store.readPage(from, { filter, order, limit, ...(after && { after }) });
        rows.push(...page.rows);
        if (!page.hasNext) return rows;
        after = page.end ?? undefined;
      }
    }

    const idsOf = async (filter: RecordFilter = EVERYTHING) => (await walk(filter, [])).map(({ id }) => id);

    describe('writing', () => {
      it('gives rows back as they were, in the order of their ids', async () => {
        const rows = [
          row('b', { c1: 'x', c2: -0.5, c3: false, c4: new Date(5), c5: ['y', null], c6: [] }),
          row('a', {}),
        ];
        await write(rows);
        expect(await walk(EVERYTHING, [])).toEqual([rows[1], rows[0]]);
      });

      it('may be repeated', async () => {
        const rows = [row('a', { c2: 1 }), row('b', { c2: 2 })];
        await write(rows);
        await write(rows);
        expect(await walk(EVERYTHING, [])).toEqual(rows);
        expect(await store.count(generation, EVERYTHING)).toBe(2);
      });

      it('lets the greater version win, whatever comes first', async () => {
        await write([row('a', { c1: 'two' }, 2), row('b', { c1: 'one' }, 1)]);
        await write([row('a', { c1: 'one' }, 1), row('b', { c1: 'two' }, 2), row('b', { c1: 'three' }, 3)]);
        await write([row('a', { c1: 'other two' }, 2)]);
        expect((await walk(EVERYTHING, [])).map(({ values, version }) => [values.c1, version])).toEqual([
          ['two', 2],
          ['three', 3],
        ]);
      });

      it('keeps a deleted row away from late writes, and lets later ones raise it', async () => {
        await write([row('a', {}, 1), row('b', {}, 1), { id: 'c', version: 5, deleted: true }]);
        await write([{ id: 'a', version: 3, deleted: true }]);
        await write([row('a', {}, 2), row('a', {}, 3), row('c', {}, 4)]);
        expect(await idsOf()).toEqual(['b']);
        expect(await store.count(generation, EVERYTHING)).toBe(1);
        expect(
          await store.count(generation, { kind: 'NOT', filter: { kind: 'IN', column: TEXT, values: ['x'] } }),
        ).toBe(1);
        await write([row('a', {}, 4)]);
        expect(await idsOf()).toEqual(['a', 'b']);
      });

      it('sweeps tombstones by their age, and nothing else', async () => {
        await write([row('a', {}, 1), { id: 'b', version: 2, deleted: true }]);
        expect(await store.sweepTombstones(generation, 3_600_000)).toBe(0);
        expect(await store.sweepTombstones(generation, -60_000)).toBe(1);
        await write([row('b', {}, 1)]);
        expect(await idsOf()).toEqual(['a', 'b']);
      });

      it('asks whether the lane is still owned before each request, and stops when it is not', async () => {
        const rows = Array.from({ length: 10_000 }, (_, index) => row(`r${index}`, {}));
        let asked = 0;
        const stillOwned = () => {
          asked += 1;
          throw new Error('lost');
        };
        await expect(store.writeRows(generation, rows, stillOwned)).rejects.toThrow('lost');
        expect(asked).toBeGreaterThan(0);
        expect(await store.count(generation, EVERYTHING)).toBe(0);
      });

      it('takes 20,000 rows at once', async () => {
        await write(Array.from({ length: 20_000 }, (_, n) => row(`r${String(n).padStart(5, '0')}`, { c2: n })));
        expect(await store.count(generation, EVERYTHING)).toBe(20_000);
        expect(await walk({ kind: 'COMPARE', column: NUMERIC, op: 'GTE', value: 19_998 }, [])).toHaveLength(2);
      });

      it('ends with the newest versions when old and new writers work side by side', async () => {
        const versions = fc.array(
          fc.array(
            fc.record({
              id: fc.constantFrom('a', 'b', 'c'),
              version: fc.integer({ min: 1, max: 9 }),
              deleted: fc.boolean(),
            }),
            { maxLength: 6 },
          ),
          { minLength: 2, maxLength: 4 },
        );
        await fc.assert(
          fc.asyncProperty(versions, async (writers) => {
            const into = await newGeneration();
            await Promise.all(writers.map((writes) => store.writeRows(into, writes.map(toWrite), () => undefined)));
            const newest = new Map<string, number>();
            for (const { id, version } of writers.flat()) newest.set(id, Math.max(version, newest.get(id) ?? 0));
            // Two writes of one version are the same write in Sluice: what a version says is told by the version alone.
            const expected = [...newest].filter(([, version]) => !isDeleted(version)).sort();
            expect((await walk(EVERYTHING, [], 7, into)).map(({ id, version }) => [id, version])).toEqual(expected);
            await store.dropGeneration(into);
          }),
          { numRuns: 25 },
        );
      });
      const isDeleted = (version: number) => version % 3 === 0;
      const toWrite = ({ id, version }: { id: string; version: number }): RowWrite =>
        isDeleted(version) ? { id, version, deleted: true } : row(id, { c2: version }, version);
    });

    it('looks for any text as it is, a thousand odd characters of it too', async () => {
      const odd = '.*+?^$ {}()|[]\\/-# \n\t\u0000$x😀é';
      await write([row('a', { c1: `before ${odd} after` }), row('b', { c1: odd.repeat(30) }), row('c', { c1: 'x' })]);
      const sought = (op: 'CONTAINS' | 'STARTS_WITH' | 'ENDS_WITH', text: string) =>
        idsOf({ kind: 'TEXT_MATCH', column: TEXT, op, text });
      for (const character of odd)
        expect(await sought('CONTAINS', character)).toEqual(character === 'x' ? ['a', 'b', 'c'] : ['a', 'b']);
      expect(await sought('CONTAINS', odd)).toEqual(['a', 'b']);
      expect(await sought('STARTS_WITH', odd.repeat(30))).toEqual(['b']);
      expect(await sought('ENDS_WITH', 'after')).toEqual(['a']);
      expect(await sought('ENDS_WITH', 'before')).toEqual([]);
      expect(await sought('CONTAINS', '😀'.repeat(500))).toEqual([]);
    });

    describe('long texts', () => {
      const long = '😀'.repeat(INDEXED_CODE_POINTS);

      it('come back whole, are found by the whole, and differ from each other', async () => {
        await write([row('a', { c1: `${long}a`, c5: ['short', `${long}x`] }), row('b', { c1: `${long}b` })]);
        expect((await walk(EVERYTHING, [])).map(({ values }) => values.c1)).toEqual([`${long}a`, `${long}b`]);
        expect((await walk(EVERYTHING, []))[0]?.values.c5).toEqual(['short', `${long}x`]);
        expect(await idsOf({ kind: 'IN', column: TEXT, values: [indexedText(`${long}b`)] })).toEqual(['b']);
      });
    });

    describe('generations', () => {
      it('are made, listed and dropped, each as often as one likes', async () => {
        await write([row('a', {})]);
        await store.createGeneration(generation, COLUMNS);
        expect(await idsOf()).toEqual(['a']);
        expect(await store.listGenerations()).toContain(generation);
        await store.dropGeneration(generation);
        await store.dropGeneration(generation);
        expect(await store.listGenerations()).not.toContain(generation);
      });

      it('are told apart from empty ones when they are gone', async () => {
        await expect(store.count('rows_gone_1', EVERYTHING)).rejects.toMatchObject({
          code: 'GENERATION_MISSING',
          retriable: false,
        });
        const page = { filter: EVERYTHING, order: [], limit: 1 };
        await expect(store.readPage('rows_gone_1', page)).rejects.toMatchObject({ code: 'GENERATION_MISSING' });
        expect(await store.readPage(generation, page)).toEqual({ rows: [], end: null, hasNext: false });
      });
    });

    describe('reading', () => {
      it('walks through every row once while others are added', async () => {
        const order: RecordOrder[] = [{ column: NUMERIC, direction: 'DESC' }];
        await write(Array.from({ length: 30 }, (_, n) => row(`r${n}`, n % 7 === 0 ? {} : { c2: n % 5 })));
        const seen: string[] = [];
        let after: PageKey | undefined;
        for (let step = 0; ; step += 1) {
          const page = await store.readPage(generation, {
            filter: EVERYTHING,
            order,
            limit: 4,
            ...(after && { after }),
          });
          seen.push(...page.rows.map(({ id }) => id).filter((id) => id.startsWith('r')));
          if (!page.hasNext) break;
          after = page.end ?? undefined;
          await write([row(`new${step}`, { c2: step % 5 })]);
        }
        expect([...seen].sort()).toEqual(Array.from({ length: 30 }, (_, n) => `r${n}`).sort());
      });

      it('answers random filters and orders as the rules have it, page by page', async () => {
        await fc.assert(
          fc.asyncProperty(
            someRows,
            fc.array(fc.tuple(someFilter, someOrder), { minLength: 5, maxLength: 5 }),
            async (rows, queries) => {
              const into = await newGeneration();
              await write(rows, into);
              for (const [filter, order] of queries) {
                const places = rows
                  .filter(({ values }) => satisfies(values, filter))
                  .map(({ id, values }) => placeOfRow(id, values, order));
                const expected = places.sort((a, b) => compareRows(a, b, order)).map(({ rowId }) => rowId);
                expect((await walk(filter, order, 4, into)).map(({ id }) => id)).toEqual(expected);
                expect(await store.count(into, filter)).toBe(expected.length);
              }
              await store.dropGeneration(into);
            },
          ),
          { numRuns: 40 },
        );
      });
    });
  });
}
