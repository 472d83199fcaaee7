import type { PlainWrite, RowWrite } from '../../../ports/record-store.js';
import type { ReusedMemory } from '../../reused-memory.js';
import { mostPlainBytes, writePlainLines } from './plain-lines.js';
import { hiddenJson, rowJson, tombstoneJson } from './row-json.js';

/** One item of a bulk: two lines. Those of a plain record are written when the bulk is sent. */
export type BulkItem =
  | { readonly write: PlainWrite; readonly lines: null; readonly bytes: number }
  | { readonly write: RowWrite; readonly lines: string; readonly bytes: number };

/** Items are made when their batch is sent, so that not all of them are in memory. Tombstones get this time of the server. */
export function* bulkItems(writes: Iterable<RowWrite>, writtenAt: number): Generator<BulkItem> {
  for (const write of writes) {
    if ('plain' in write) yield { write, lines: null, bytes: mostPlainBytes(write) };
    else {
      const lines = linesOf(write, writtenAt);
      yield { write, lines, bytes: Buffer.byteLength(lines) };
    }
  }
}

function linesOf(write: Exclude<RowWrite, PlainWrite>, writtenAt: number): string {
  const { id, version } = write;
  const action = JSON.stringify({ index: { _id: id, version, version_type: 'external' } });
  return `${action}\n${toJson(write, writtenAt)}\n`;
}

function toJson(write: Exclude<RowWrite, PlainWrite>, writtenAt: number): string {
  if ('deleted' in write) return tombstoneJson(write.id, writtenAt);
  return 'hidden' in write ? hiddenJson(write) : rowJson(write);
}

/** The body of a bulk request with these items, written to `memory`, which grows if necessary. */
export function bulkBody(items: readonly BulkItem[], memory: ReusedMemory): Buffer {
  let most = 0;
  for (const { bytes } of items) most += bytes;
  const body = memory.ofBytes(most);
  let next = 0;
  for (const { write, lines } of items)
    next = lines === null ? writePlainLines(body, next, write) : next + body.write(lines, next);
  if (next > most) throw new RangeError(`rows take ${next} bytes, not at most ${most}`);
  return body.subarray(0, next);
}
