import { describe, expect, it } from '@jest/globals';
import type { StoreBench } from './record-store.bench.js';
import { hidden, row, TEXT, tombstone } from './record-store.rows.js';

export function describeWriting(bench: () => StoreBench): void {
  describe('writing', () => {
    it('returns rows unchanged, in the order of their ids', async () => {
      const odd = ['$c1', '$$ROOT', 'a.b', 'a\u0000b', '__proto__', '{"$gt":1}'];
      const rows = [
        row('b', { c1: odd.join(' '), c2: -0.5, c3: false, c4: new Date(5), c5: [...odd, null], c6: [] }),
        row('a', {}),
        { ...row('c', { c1: '', c2: 2 ** 53 - 1, c7: [true, null], c8: [new Date(0)] }), ordinal: 1, rowCount: 3 },
      ];
      await bench().write(rows);
      expect(await bench().walk()).toEqual([rows[1], rows[0], rows[2]]);
      const replaced = rows.map((one) => ({ ...one, version: 2 }));
      await bench().write(replaced);
      expect(await bench().walk()).toEqual([replaced[1], replaced[0], replaced[2]]);
    });

    it('may be repeated, in any order, and without rows', async () => {
      const rows = [row('a', { c2: 1 }), row('b', { c2: 2 }), tombstone('c', 1)];
      await bench().write(rows);
      await bench().write([...rows].reverse());
      await bench().write([]);
      expect(await bench().walk()).toEqual(rows.slice(0, 2));
      expect(await bench().count()).toBe(2);
    });

    it('lets the greater version win, whatever comes first, also within one call', async () => {
      await bench().write([row('a', { c1: 'two' }, 2), row('b', { c1: 'one' }, 1)]);
      await bench().write([row('a', { c1: 'one' }, 1), row('b', { c1: 'two' }, 2), row('b', { c1: 'three' }, 3)]);
      await bench().write([row('a', { c1: 'other two' }, 2), row('b', { c1: 'again' }, 2)]);
      const stored = (await bench().walk()).map(({ values, version }) => [values.c1, version]);
      expect(stored).toEqual([
        ['two', 2],
        ['three', 3],
      ]);
    });

    it('gives the same result for rows that are said to be stored, whatever is stored', async () => {
      const isStored = true;
      const many = Array.from({ length: 120 }, (_, index) => row(`m${index}`, { c1: '$v', c2: index }, 1));
      await bench().write([...many, row('newer', { c2: 9 }, 9), hidden('hid', 1), tombstone('dead', 1)]);
      const others = [row('newer', {}, 2), row('hid', { c2: 2 }, 2), row('dead', { c2: 2 }, 2), row('none', {}, 2)];
      const twice = [row('m0', { c1: 'two' }, 2), row('m0', { c1: 'three' }, 3)];
      const changed = many.slice(1).map((one) => ({ ...one, version: 2, values: { c1: '$$ROOT', c3: true } }));
      await bench().write(changed.map((one) => ({ ...one, isStored })));
      await bench().write([...others, ...twice].map((one) => ({ ...one, isStored })));
      await bench().write([
        { ...hidden('m1', 3, '{}'), isStored },
        { ...row('m2', { c1: 'late' }, 1), isStored },
      ]);
      const rows = [...changed.slice(1), ...others.slice(1), row('newer', { c2: 9 }, 9), row('m0', { c1: 'three' }, 3)];
      expect(await bench().walk()).toEqual(rows.sort((one, other) => (one.id < other.id ? -1 : 1)));
      const { store, generation } = bench();
      expect(await store.readRows(generation, ['m1'])).toMatchObject([{ version: 3, hidden: true }]);
    });

    it('leaves nothing of an older row', async () => {
      await bench().write([row('a', { c1: 'x'.repeat(8_000), c2: 1 }, 1)]);
      await bench().write([row('a', { c3: true }, 2)]);
      expect(await bench().walk()).toEqual([row('a', { c3: true }, 2)]);
    });

    it('does not let late writes bring back a deleted row, but later ones', async () => {
      await bench().write([row('a', {}, 1), row('b', {}, 1), tombstone('c', 5)]);
      await bench().write([tombstone('a', 3), tombstone('b', 1)]);
      await bench().write([row('a', {}, 2), row('a', {}, 3), row('c', {}, 4)]);
      expect(await bench().ids()).toEqual(['b']);
      expect(await bench().count()).toBe(1);
      const unlike = { kind: 'NOT', filter: { kind: 'IN', column: TEXT, values: ['x'] } } as const;
      expect(await bench().ids(unlike)).toEqual(['b']);
      expect(await bench().count(unlike)).toBe(1);
      await bench().write([row('a', {}, 4)]);
      expect(await bench().ids()).toEqual(['a', 'b']);
    });

    it('returns what is stored under ids: versions, sizes, tombstones, and separately the source records', async () => {
      const { store, generation } = bench();
      const source = `{"c1":"${'x'.repeat(5_000)}"}`;
      const values = { c1: 'x'.repeat(5_000), c3: true, c5: ['', null], c7: [true, null, null] };
      await bench().write([{ ...row('a', values, 2), source }, { ...row('b', {}, 1), rowCount: 3 }, tombstone('c', 5)]);
      const ids = ['a', 'b', 'c', 'none'];
      const found = [...(await store.readRows(generation, ids))].sort((one, other) => (one.id < other.id ? -1 : 1));
      expect(found).toMatchObject([
        { id: 'a', version: 2, rowCount: 1 },
        { id: 'b', version: 1, rowCount: 3 },
        { id: 'c', version: 5, rowCount: 0 },
      ]);
      expect(found[0]?.bytes).toBeGreaterThan(10_000);
      expect(store.sizeOf(values) + source.length).toBeLessThanOrEqual(32 * (found[0]?.bytes ?? 0));
      expect(await store.readSources(generation, ids)).toEqual(new Map([['a', source]]));
    });

    it('returns rows with their sources only as long as there is room for them, and never fewer rows', async () => {
      const { store, generation } = bench();
      const source = (n: number) => `{"c1":"${String(n % 10).repeat(n < 30 ? 500_000 : 10)}"}`;
      const ids = Array.from({ length: 2_100 }, (_, n) => `r${n}`);
      await bench().write(ids.map((id, n) => ({ ...row(id, {}), source: source(n) })));
      for (const room of [0, 100, 2_000_000, 100_000_000]) {
        const found = await store.readRows(generation, [...ids, 'none'], room);
        expect(new Set(found.map(({ id }) => id))).toEqual(new Set(ids));
        const withSource = found.filter((one) => one.source !== undefined);
        expect(withSource.reduce((length, one) => length + (one.source?.length ?? 0), 0)).toBeLessThanOrEqual(room);
        for (const one of withSource) expect(one.source === source(Number(one.id.slice(1)))).toBe(true);
      }
    });

    it('returns the current values of some columns by row id, without other columns, hidden records and tombstones', async () => {
      const { store, generation } = bench();
      const long = 'x'.repeat(40_000);
      const date = new Date('2024-02-29T12:00:00.123Z');
      await bench().write([
        { ...row('a', { c1: long, c2: 1, c4: date }), source: '{}' },
        row('b', { c2: 2 }),
        row('c', {}),
        hidden('d', 2),
        tombstone('e', 2),
      ]);
      await store.writeRows(generation, [row('b', { c1: 'new', c2: 3 }, 2)], () => undefined);
      const values = await store.readValuesOf(generation, ['a', 'b', 'c', 'd', 'e', 'none'], ['c1', 'c4']);
      expect([...values.keys()].sort()).toEqual(['a', 'b', 'c']);
      expect(values.get('a')).toEqual({ c1: long, c4: date });
      expect(values.get('b')).toEqual({ c1: 'new' });
      expect(Object.values(values.get('c') ?? {}).filter((value) => value !== undefined)).toEqual([]);
    });

    it('returns tombstones in the order of ids, a bounded number at a time', async () => {
      const { store, generation } = bench();
      await bench().write([tombstone('d', 4), row('c', {}, 1), tombstone('b', 2), tombstone('a', 3)]);
      expect(await store.scanTombstones(generation, '', 2)).toEqual([tombstone('a', 3), tombstone('b', 2)]);
      expect(await store.scanTombstones(generation, 'b', 2)).toEqual([tombstone('d', 4)]);
      expect(await store.scanTombstones(generation, 'd', 2)).toEqual([]);
    });

    it('sweeps tombstones by their age, and nothing else', async () => {
      const { store, generation } = bench();
      await bench().write([row('a', {}, 1), row('b', {}, 1), tombstone('b', 2), tombstone('c', 2)]);
      expect(await store.sweepTombstones(generation, 3_600_000)).toBe(0);
      expect(await store.sweepTombstones(generation, -60_000)).toBe(2);
      expect(await store.sweepTombstones(generation, -60_000)).toBe(0);
      await bench().write([row('b', {}, 3)]);
      expect(await bench().ids()).toEqual(['a', 'b']);
    });

    it('stops before its next request once the lane is lost', async () => {
      const rows = Array.from({ length: 10_000 }, (_, index) => row(`r${index}`, {}));
      const { store, generation } = bench();
      const lost = new Error('lost');
      let left = 0;
      const stillOwned = () => {
        if (left === 0) throw lost;
        left -= 1;
      };
      await expect(store.writeRows(generation, rows, stillOwned)).rejects.toBe(lost);
      await store.refresh(generation);
      expect(await bench().count()).toBe(0);
      left = 1;
      await store.writeRows(generation, rows, stillOwned).catch((error) => expect(error).toBe(lost));
      await store.refresh(generation);
      const written = await bench().count();
      expect(written).toBeGreaterThan(0);
      await expect(store.writeRows(generation, rows, stillOwned)).rejects.toBe(lost);
      await store.refresh(generation);
      expect(await bench().count()).toBe(written);
    });

    it('sweeps a tombstone that queries still see, and leaves what was written over it', async () => {
      const { store, generation } = bench();
      await bench().write(['a', 'b', 'c'].map((id) => tombstone(id, 2)));
      // Without a refresh, a search of the sweep still finds all three.
      await store.writeRows(generation, [row('b', {}, 3), tombstone('c', 3)], () => undefined);
      await store.sweepTombstones(generation, -60_000);
      await store.refresh(generation);
      expect(await bench().walk()).toEqual([row('b', {}, 3)]);
    });
  });
}
