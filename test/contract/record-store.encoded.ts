import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RowEncoding } from '../../src/ports/row-encoding.js';
import type { EncodedWrite, HiddenRecord, Row } from '../../src/ports/row-writes.js';
import type { StoreBench } from './record-store.bench.js';
import { hidden, row, someRows, tombstone } from './record-store.rows.js';

/** As a thread encodes the rows of a payload: one after the other. */
function encodedWrites(encoding: RowEncoding, writes: readonly (Row | HiddenRecord)[]): EncodedWrite[] {
  const encoded = Buffer.alloc(4_000_000);
  let end = 0;
  return writes.map((write) => {
    const start = end;
    const { maxBytes, writeTo } = encoding.encode(write);
    end = writeTo(encoded, start);
    expect(end - start).toBeLessThanOrEqual(maxBytes);
    return { id: write.id, version: write.version, encoded, start, end };
  });
}

/** Rows that are encoded before the store gets them are the same as other rows. */
export function describeEncodedRows(bench: () => StoreBench, encoding: RowEncoding): void {
  it('writes encoded rows like any others, whatever their values', async () => {
    await fc.assert(
      fc.asyncProperty(someRows, async (all) => {
        const rows = all.map((one, ordinal) => ({ ...one, ordinal, rowCount: all.length }));
        const [plainly, encoded] = [await bench().newGeneration(), await bench().newGeneration()];
        await bench().write(rows, plainly);
        await bench().write(encodedWrites(encoding, rows), encoded);
        const walk = (generation: string) => bench().walk(undefined, undefined, undefined, generation);
        expect(await walk(encoded)).toEqual(await walk(plainly));
        expect((await walk(encoded)).length).toBe(rows.length);
      }),
      { numRuns: 10 },
    );
  });

  it('lets the greater version win, whether a row is encoded or not', async () => {
    await bench().write([row('a', { c1: 'newer' }, 3), row('b', { c1: 'older' }, 1), tombstone('c', 3)]);
    const writes = ['a', 'b', 'c', 'd'].map((id) => row(id, { c1: `encoded ${id}` }, 2));
    await bench().write(encodedWrites(encoding, writes));
    await bench().write(encodedWrites(encoding, [row('d', { c1: 'late' }, 1)]));
    expect((await bench().walk()).map(({ id, version, values }) => [id, version, values.c1])).toEqual([
      ['a', 3, 'newer'],
      ['b', 2, 'encoded b'],
      ['d', 2, 'encoded d'],
    ]);
  });

  it('hides what is encoded as hidden', async () => {
    await bench().write(encodedWrites(encoding, [hidden('a', 1), row('b', { c1: 'x' }, 1)]));
    expect(await bench().ids()).toEqual(['b']);
    expect(await bench().count()).toBe(1);
    const found = await bench().store.scanHidden(bench().generation, '', { maxRows: 10, maxBytes: 10_000 });
    expect(found).toEqual([hidden('a', 1)]);
  });
}
