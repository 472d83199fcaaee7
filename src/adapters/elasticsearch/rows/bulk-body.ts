import type { EncodedWrite, HiddenRecord, PlainWrite, Row, RowWrite, Tombstone } from '../../../ports/row-writes.js';
import type { ReusedMemory } from '../../reused-memory.js';
import { mostPlainBytes, writePlainLines } from './plain-lines.js';
import { hiddenJson, rowJson, tombstoneJson } from './row-json.js';

/** One item of a bulk: two lines. Those of a plain record, and those that are encoded already, are written when the bulk is sent. */
export type BulkItem = PlainWrite | EncodedWrite | Lines;

interface Lines {
  readonly id: string;
  readonly lines: string;
  readonly bytes: number;
}

/** Items are made when their batch is sent, so that not all of them are in memory. Tombstones get this time of the server. */
export function* bulkItems(writes: Iterable<RowWrite>, writtenAt: number): Generator<BulkItem> {
  for (const write of writes) {
    if ('plain' in write || 'encoded' in write) yield write;
    else {
      const lines = linesOf(write, writtenAt);
      yield { id: write.id, lines, bytes: Buffer.byteLength(lines) };
    }
  }
}

/** The most bytes that an item takes in a bulk. Asked twice of each, since an item that waits for its reply is to have no object of its own. */
export function mostBytesOf(item: BulkItem): number {
  if ('lines' in item) return item.bytes;
  return 'plain' in item ? mostPlainBytes(item) : item.end - item.start;
}

function linesOf(write: Row | HiddenRecord | Tombstone, writtenAt: number): string {
  return 'deleted' in write ? linesWith(write, tombstoneJson(write.id, writtenAt)) : linesOfRow(write);
}

/** The lines of a row or hidden record. */
export function linesOfRow(write: Row | HiddenRecord): string {
  return linesWith(write, 'hidden' in write ? hiddenJson(write) : rowJson(write));
}

function linesWith({ id, version }: Pick<RowWrite, 'id' | 'version'>, source: string): string {
  const action = JSON.stringify({ index: { _id: id, version, version_type: 'external' } });
  return `${action}\n${source}\n`;
}

/** The body of a bulk request with these items, written to `memory`, which grows if necessary. */
export function bulkBody(items: readonly BulkItem[], memory: ReusedMemory): Buffer {
  let most = 0;
  for (const item of items) most += mostBytesOf(item);
  const body = memory.ofBytes(most);
  let next = 0;
  for (const item of items) next = writeLines(body, next, item);
  if (next > most) throw new RangeError(`rows take ${next} bytes, not at most ${most}`);
  return body.subarray(0, next);
}

function writeLines(target: Buffer, at: number, item: BulkItem): number {
  if ('lines' in item) return at + target.write(item.lines, at);
  return 'plain' in item ? writePlainLines(target, at, item) : at + item.encoded.copy(target, at, item.start, item.end);
}
