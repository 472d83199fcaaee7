import { describe, expect, it } from '@jest/globals';
import { EVERYTHING } from '../../src/domain/query/record-query.js';
import type { StoreBench } from './record-store.bench.js';
import { COLUMNS, row, tombstone } from './record-store.rows.js';

export function describeGenerations(bench: () => StoreBench): void {
  describe('generations', () => {
    it('can be created and dropped repeatedly', async () => {
      const { store, generation } = bench();
      await bench().write([row('a', {})]);
      await store.createGeneration(generation, COLUMNS);
      expect(await bench().ids()).toEqual(['a']);
      await store.dropGeneration(generation);
      await store.dropGeneration(generation);
      await expect(store.count(generation, EVERYTHING)).rejects.toMatchObject({ code: 'GENERATION_MISSING' });
    });

    it('keep their rows apart', async () => {
      const other = await bench().newGeneration();
      await bench().write([row('a', {})]);
      await bench().write([row('b', {})], other);
      await bench().store.dropGeneration(other);
      expect(await bench().ids()).toEqual(['a']);
    });

    it('are distinguished from empty ones when they are missing', async () => {
      const { store, generation } = bench();
      const page = { filter: EVERYTHING, order: [], limit: 1 };
      const missing = { name: 'RecordStoreError', code: 'GENERATION_MISSING', retriable: false };
      await expect(store.count('rows_gone_1', EVERYTHING)).rejects.toMatchObject(missing);
      await expect(store.readPage('rows_gone_1', page)).rejects.toMatchObject(missing);
      await expect(store.readRows('rows_gone_1', ['a'])).rejects.toMatchObject(missing);
      await expect(store.scan('rows_gone_1', EVERYTHING, '', { maxRows: 1, maxBytes: 1 })).rejects.toMatchObject(
        missing,
      );
      await expect(store.writeRows('rows_gone_1', [row('a', {})], () => undefined)).rejects.toMatchObject(missing);
      await expect(store.writeRows('rows_gone_1', [tombstone('a', 1)], () => undefined)).rejects.toMatchObject(missing);
      await expect(store.count('rows_gone_1', EVERYTHING)).rejects.toMatchObject(missing);
      expect(await store.sweepTombstones('rows_gone_1', 0)).toBe(0);
      expect(await store.readPage(generation, page)).toEqual({ rows: [], end: null, hasNext: false });
      expect(await store.count(generation, EVERYTHING)).toBe(0);
    });
  });
}
