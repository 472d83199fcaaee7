import { describe, expect, it } from '@jest/globals';
import type { Collection } from 'mongodb';
import { RepliesTogether } from '../../../../test/support/replies-together.js';
import type { RowWrite } from '../../../ports/row-writes.js';
import type { RowDocument } from './row-document.js';
import { sizeOfRow } from './row-size.js';
import { batchesOf, writeRows } from './write-rows.js';

function row(id: number, text: string): RowWrite {
  const values = { c1: text };
  return { id: String(id), recordId: String(id), ordinal: 0, rowCount: 1, version: 1, savedAt: new Date(0), values };
}

const lengths = (writes: readonly RowWrite[]) => [...batchesOf(writes)].map(({ length }) => length);

describe('batchesOf', () => {
  it('cuts at 1,000 rows, at 4 MB, and never drops or reorders', () => {
    const small = Array.from({ length: 2_500 }, (_, id) => row(id, 'x'));
    expect(lengths(small)).toEqual([1_000, 1_000, 500]);
    expect([...batchesOf(small)].flat()).toEqual(small);
    const megabyte = 'x'.repeat(1_000_000);
    expect(lengths(Array.from({ length: 9 }, (_, id) => row(id, megabyte)))).toEqual([4, 4, 1]);
    expect(lengths([])).toEqual([]);
  });

  it('counts the source of a hidden record, which has no values', () => {
    const hidden = (id: number): RowWrite => ({
      id: String(id),
      recordId: String(id),
      version: 1,
      savedAt: new Date(0),
      hidden: true,
      source: '語'.repeat(600_000),
    });
    expect(lengths([hidden(1), hidden(2), hidden(3)])).toEqual([2, 1]);
    const tombstones = Array.from(
      { length: 1_001 },
      (_, id): RowWrite => ({ id: `t${id}`, version: 1, deleted: true }),
    );
    expect(lengths(tombstones)).toEqual([1_000, 1]);
  });

  it('sends a row above the limit alone', () => {
    const big = 'x'.repeat(9_000_000);
    expect(lengths([row(1, 'x'), row(2, big), row(3, big), row(4, 'x'), row(5, 'x')])).toEqual([1, 1, 1, 2]);
  });
});

describe('writeRows', () => {
  it('makes one batch in a turn of the event loop, also when the replies to several arrive together', async () => {
    const together = new RepliesTogether(4);
    let sent = 0;
    const command = async () => {
      sent += 1;
      await together.reply();
      return { ok: 1 };
    };
    const collection = { collectionName: 'rows', db: { command } } as unknown as Collection<RowDocument>;
    const rows = Array.from({ length: 12_000 }, (_, id) => row(id, 'x'));
    const writing = async () => expect(await writeRows(collection, rows, () => undefined)).toEqual([]);
    expect(await together.mostInOneRound(writing)).toBe(1);
    expect(sent).toBe(12);
  });
});

describe('sizeOfRow', () => {
  it('is never less than the bytes of its texts, also in an array', () => {
    for (const text of ['x'.repeat(20_000), '語'.repeat(5_000), '😀'.repeat(7_000)]) {
      const bytes = Buffer.byteLength(text);
      expect(sizeOfRow({ c1: text })).toBeGreaterThanOrEqual(bytes);
      expect(sizeOfRow({ c1: [text, null, text] })).toBeGreaterThanOrEqual(2 * bytes);
    }
  });
});
