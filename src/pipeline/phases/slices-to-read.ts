import type { FittingRecord } from '../../domain/load/examined-payload.js';
import { SLICE_BYTES } from './stored-sources.js';

/** Some records of a job, and the ids of the stored records that they are merged into. */
interface Slice {
  readonly slice: readonly FittingRecord[];
  readonly toRead: ReadonlySet<string>;
}

/** Splits the records, in order, into slices whose stored records fit into memory. `bytesToRead`: the size of the stored record that must be read for a record; otherwise 0. */
export function* slicesOf(
  given: readonly FittingRecord[],
  bytesToRead: (one: FittingRecord) => number,
): Generator<Slice> {
  let slice: FittingRecord[] = [];
  let toRead = new Set<string>();
  let bytes = 0;
  for (const one of given) {
    let size = toRead.has(one.recordId) ? 0 : bytesToRead(one);
    if (size > 0 && slice.length > 0 && bytes + size > SLICE_BYTES) {
      yield { slice, toRead };
      [slice, toRead, bytes] = [[], new Set(), 0];
      // The slice may have changed the record.
      size = bytesToRead(one);
    }
    slice.push(one);
    if (size > 0) toRead.add(one.recordId);
    bytes += size;
  }
  if (slice.length > 0) yield { slice, toRead };
}
