import { describe, expect, it } from '@jest/globals';
import { EVERYTHING, type RecordFilter } from '../../src/domain/query/record-query.js';
import { rowId } from '../../src/domain/record-id.js';
import type { HiddenRecord, RowWrite } from '../../src/ports/row-writes.js';
import type { StoreBench } from './record-store.bench.js';
import { hidden, NUMERIC, row, TEXT, tombstone } from './record-store.rows.js';

const SOURCE = '{"a":[]}';
const WIDE = { maxRows: 100, maxBytes: 1_000_000 };

/** Each kind of write, and what is stored of it. */
const KINDS = {
  row: { write: (id: string, version: number): RowWrite => row(id, {}, version), rowCount: 1, hidden: false },
  hidden: { write: (id: string, version: number): RowWrite => hidden(id, version), rowCount: 0, hidden: true },
  tombstone: { write: tombstone, rowCount: 0, hidden: false },
};
type Kind = keyof typeof KINDS;
const ALL = Object.keys(KINDS) as Kind[];
const PAIRS = ALL.flatMap((before) => ALL.map((after) => ({ before, after, id: `${before} then ${after}` })));

export function describeHidden(bench: () => StoreBench): void {
  const scanned = (after = '', bounds = WIDE) => bench().store.scanHidden(bench().generation, after, bounds);

  describe('hidden records', () => {
    it('replace rows and tombstones, and are replaced by them, if the version is greater', async () => {
      const { store, generation } = bench();
      const held = async () => {
        const stored = await store.readRows(
          generation,
          PAIRS.map(({ id }) => id),
        );
        return new Map(stored.map(({ id, version, rowCount, hidden }) => [id, { version, rowCount, hidden }]));
      };
      const asWritten = (which: 'before' | 'after', version: number) =>
        new Map(
          PAIRS.map((pair) => {
            const { rowCount, hidden } = KINDS[pair[which]];
            return [pair.id, { version, rowCount, hidden }];
          }),
        );
      const idsOf = (which: 'before' | 'after', kind: Kind) =>
        PAIRS.flatMap((pair) => (pair[which] === kind ? [pair.id] : [])).sort();
      const expectStored = async (which: 'before' | 'after', version: number) => {
        expect(await held()).toEqual(asWritten(which, version));
        expect(await bench().ids()).toEqual(idsOf(which, 'row'));
        expect((await scanned()).map(({ id }) => id)).toEqual(idsOf(which, 'hidden'));
        const tombstones = await store.scanTombstones(generation, '', 100);
        expect(tombstones.map(({ id }) => id)).toEqual(idsOf(which, 'tombstone'));
      };
      await bench().write(PAIRS.map(({ id, before }) => KINDS[before].write(id, 5)));
      await expectStored('before', 5);
      await bench().write(PAIRS.map(({ id, after }) => KINDS[after].write(id, 4)));
      await bench().write(PAIRS.map(({ id, after }) => KINDS[after].write(id, 5)));
      await expectStored('before', 5);
      await bench().write(PAIRS.map(({ id, after }) => KINDS[after].write(id, 6)));
      await expectStored('after', 6);
    });

    it('keep nothing of the row that they replace, nor rows anything of them', async () => {
      const whole = row('a', { c1: 'x'.repeat(8_000), c5: [null] }, 1);
      await bench().write([{ ...whole, source: '{"old":1}' }]);
      await bench().write([hidden('a', 2)]);
      expect(await scanned()).toEqual([hidden('a', 2)]);
      await bench().write([hidden('a', 3, SOURCE)]);
      await bench().write([{ ...whole, version: 4 }]);
      expect(await bench().store.scan(bench().generation, EVERYTHING, '', WIDE)).toEqual([{ ...whole, version: 4 }]);
      expect(await scanned()).toEqual([]);
    });

    it('are left out of every query, count and scan of rows', async () => {
      const { store, generation } = bench();
      await bench().write([hidden('a', 1, SOURCE), row('b', { c2: 1 }), hidden('c', 1), row('d', {}), hidden('e', 1)]);
      const filters: [RecordFilter, string[]][] = [
        [EVERYTHING, ['b', 'd']],
        [{ kind: 'IS_NULL', column: TEXT }, ['b', 'd']],
        [{ kind: 'NOT', filter: { kind: 'IN', column: NUMERIC, values: [1] } }, ['d']],
        [{ kind: 'NOT', filter: { kind: 'OR', filters: [] } }, ['b', 'd']],
      ];
      for (const [filter, ids] of filters) {
        expect(await bench().ids(filter)).toEqual(ids);
        expect(await bench().ids(filter, [{ column: NUMERIC, direction: 'ASC' }])).toEqual(ids);
        expect(await bench().count(filter)).toBe(ids.length);
        expect((await store.scan(generation, filter, '', WIDE)).map(({ id }) => id)).toEqual(ids);
        expect(await store.readPage(generation, { filter, order: [], limit: ids.length })).toMatchObject({
          hasNext: false,
          end: { rowId: 'd' },
        });
      }
      expect(await store.readValues(generation, 'a')).toBeNull();
      expect(await store.scanTombstones(generation, '', 10)).toEqual([]);
    });

    it('are read by their ids, with their size and their source', async () => {
      const { store, generation } = bench();
      const source = `{"c1":"${'x'.repeat(50_000)}"}`;
      await store.writeRows(generation, [hidden('a', 7, source), hidden('b', 8)], () => undefined);
      const found = [...(await store.readRows(generation, ['a', 'b', 'none']))].sort((x, y) => (x.id < y.id ? -1 : 1));
      expect(found).toMatchObject([
        { id: 'a', version: 7, rowCount: 0, hidden: true },
        { id: 'b', version: 8, rowCount: 0, hidden: true },
      ]);
      expect(found[0]?.bytes).toBeGreaterThan(50_000);
      expect(found[1]?.bytes).toBeLessThan(1_000);
      expect(await store.readSources(generation, ['a', 'b', 'none'])).toEqual(new Map([['a', source]]));
    });

    it('are scanned in the order of ids, as many rows and bytes at a time as requested', async () => {
      const large = JSON.stringify({ c1: 'x'.repeat(40_000) });
      const all = ['f', 'b', 'e', 'a', 'd'].map((id, n) => hidden(id, n + 1, n % 2 ? large : SOURCE));
      await bench().write([...all, row('c', {}), tombstone('aa', 3)]);
      const inOrder = [...all].sort((a, b) => (a.id < b.id ? -1 : 1));
      expect(await scanned()).toEqual(inOrder);
      expect(await scanned('a', { ...WIDE, maxRows: 2 })).toEqual(inOrder.slice(1, 3));
      expect(await scanned('f')).toEqual([]);
      for (const maxBytes of [1, 60_000, 90_000]) {
        const pages: (readonly HiddenRecord[])[] = [];
        for (let after = ''; ; after = pages.at(-1)?.at(-1)?.id ?? '') {
          const page = await scanned(after, { maxRows: 4, maxBytes });
          if (page.length === 0) break;
          pages.push(page);
        }
        expect(pages.flat()).toEqual(inOrder);
        for (const page of pages.filter(({ length }) => length > 1))
          expect(page.reduce((bytes, { source = '' }) => bytes + source.length, 0)).toBeLessThanOrEqual(maxBytes);
      }
    });

    it('are never swept', async () => {
      const { store, generation } = bench();
      await bench().write([hidden('a', 1), tombstone('b', 1), tombstone('c', 1), tombstone('d', 1)]);
      // Without a refresh, a search of the sweep still finds the tombstone.
      await store.writeRows(generation, [hidden('c', 2, SOURCE)], () => undefined);
      await store.sweepTombstones(generation, -60_000);
      await store.refresh(generation);
      expect(await store.sweepTombstones(generation, -60_000)).toBe(0);
      expect(await scanned()).toEqual([hidden('a', 1), hidden('c', 2, SOURCE)]);
      expect(await store.readRows(generation, ['b', 'd'])).toEqual([]);
    });

    it('belong to a generation', async () => {
      const missing = { name: 'RecordStoreError', code: 'GENERATION_MISSING' };
      await expect(bench().store.scanHidden('rows_gone_1', '', WIDE)).rejects.toMatchObject(missing);
    });
  });

  describe('the rows of a record', () => {
    it('come in the order of its elements: in scans, in pages, and where an order has ties', async () => {
      const { store, generation } = bench();
      const count = 112;
      const rows = ['r1', 'r2'].flatMap((recordId) =>
        Array.from({ length: count }, (_, ordinal) => {
          const values = { c1: recordId, c2: ordinal % 2 };
          return { ...row(rowId(recordId, ordinal), values), recordId, ordinal, rowCount: count };
        }),
      );
      await bench().write([...rows].reverse());
      expect(await bench().walk()).toEqual(rows);
      const last = rows[count - 1]?.id ?? '';
      expect(await store.scan(generation, EVERYTHING, last, { ...WIDE, maxRows: 12 })).toEqual(
        rows.slice(count, count + 12),
      );
      const ofFirst: RecordFilter = { kind: 'IN', column: TEXT, values: ['r1'] };
      const ordinals = (await bench().walk(ofFirst, [{ column: NUMERIC, direction: 'DESC' }], 5)).map((r) => r.ordinal);
      const all = rows.slice(0, count).map(({ ordinal }) => ordinal);
      expect(ordinals).toEqual([...all.filter((n) => n % 2 === 1), ...all.filter((n) => n % 2 === 0)]);
    });
  });
}
