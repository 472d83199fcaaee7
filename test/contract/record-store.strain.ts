import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Row, RowWrite } from '../../src/ports/row-writes.js';
import type { StoreBench } from './record-store.bench.js';
import { NUMERIC, row, tombstone } from './record-store.rows.js';

/** Many rows, large ones, and many writers: slower than the other parts. */
/** `numRuns`: how many random groups of writers are tried, each in its own index or collection. */
export function describeStrain(bench: () => StoreBench, numRuns = 40): void {
  describe('writing under strain', () => {
    it('accepts 20,000 rows at a time, both new rows and new versions', async () => {
      const rows = (version: number) =>
        Array.from({ length: 20_000 }, (_, n) => row(`r${String(n).padStart(5, '0')}`, { c2: n * version }, version));
      await bench().write(rows(1));
      expect(await bench().count()).toBe(20_000);
      await bench().write(rows(2));
      expect(await bench().count()).toBe(20_000);
      expect(await bench().walk({ kind: 'COMPARE', column: NUMERIC, op: 'GTE', value: 39_996 })).toHaveLength(2);
    });

    it('accepts rows as large as its limit, and many large ones', async () => {
      const { sizeOf, limits } = bench().store;
      const biggest = (make: (size: number) => Row, step: number): Row => {
        let size = step;
        while (sizeOf(make(size + step).values) <= limits.maxRowBytes) size += step;
        return make(size);
      };
      const rows = [
        biggest((size) => row('one', { c1: '語'.repeat(size) }), 500_000),
        biggest((size) => row('two', { c5: ['x'.repeat(7_001), ...Array(size).fill('語'.repeat(5_000))] }), 50),
        ...Array.from({ length: 20 }, (_, n) => row(`z${n}`, { c1: 'y'.repeat(600_000) })),
      ];
      await bench().write(rows);
      expect(await bench().count()).toBe(rows.length);
      expect((await bench().walk()).slice(0, 2)).toEqual(rows.slice(0, 2));
      const newer = rows.map((one) => ({ ...one, version: 2 }));
      await bench().write(newer.map((one) => ({ ...one, isStored: true })));
      expect((await bench().walk()).map(({ version }) => version)).toEqual(rows.map(() => 2));
    });

    it('ends with the newest versions when old and new writers and the sweep run in parallel', async () => {
      // As in Sluice, the version alone determines the content: every third version is a tombstone.
      const isDeleted = (version: number) => version % 3 === 0;
      const toWrite = ({ id, version }: { id: string; version: number }): RowWrite =>
        isDeleted(version)
          ? tombstone(id, version)
          : { ...row(id, { c2: version }, version), isStored: version % 2 === 0 };
      const id = fc.constantFrom('a', 'b', 'c');
      const write = fc.record({ id, version: fc.integer({ min: 1, max: 9 }) });
      const writers = fc.array(fc.array(write, { maxLength: 6 }), { minLength: 2, maxLength: 4 });
      const deletes = fc.array(fc.record({ id, version: fc.constantFrom(3, 6) }), { maxLength: 3 });
      await fc.assert(
        fc.asyncProperty(deletes, writers, fc.boolean(), async (before, all, swept) => {
          const into = await bench().newGeneration();
          const { store } = bench();
          await bench().write(before.map(toWrite), into);
          const writing = all.map((writes) => store.writeRows(into, writes.map(toWrite), () => undefined));
          const sweeping = swept ? [1, 2, 3].map(() => store.sweepTombstones(into, -60_000)) : [];
          await Promise.all([...writing, ...sweeping]);
          await store.refresh(into);
          const newest = new Map<string, number>();
          for (const { id, version } of [before, ...all].flat()) newest.set(id, Math.max(version, newest.get(id) ?? 0));
          const expected = [...newest].filter(([, version]) => !isDeleted(version)).sort();
          const stored = (await bench().walk(undefined, [], 7, into)).map(({ id, version }) => [id, version]);
          // A tombstone that was swept too early protects nothing.
          const promised = swept ? stored.filter(([id]) => !isDeleted(newest.get(String(id)) ?? 0)) : stored;
          expect(promised).toEqual(expected);
          await store.dropGeneration(into);
        }),
        { numRuns },
      );
    });
  });
}
