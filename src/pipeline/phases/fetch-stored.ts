import { recordIdOf, rowId } from '../../domain/record-id.js';
import type { StoredRow, StoredRows } from '../../ports/record-store.js';
import type { ExaminedJob } from './examine.js';
import { SLICE_BYTES } from './stored-sources.js';

/** The first row, or its tombstone, of each stored record, by record id. */
export type StoredRecords = ReadonlyMap<string, StoredRow>;

export const NOTHING_STORED: StoredRecords = new Map();

/** A group keeps so many characters of stored sources in memory, and so many times the bytes of its payloads, but at most a slice. */
const KEPT_LENGTH = { least: 64 * 1024, times: 4 };

/**
 * FILLING_JOIN_LAKES: reads what is stored under the ids of the examined records. The sources of upserted records come along as long as they are small together; merges read large ones
 * later, in slices.
 */
export async function fetchStored(
  jobs: readonly ExaminedJob[],
  records: Pick<StoredRows, 'readRows'>,
  generation: string,
): Promise<StoredRecords> {
  const ids = new Set<string>();
  let upsertBytes = 0;
  for (const { fitting, push } of jobs) {
    let isMerged = false;
    for (const { recordId, use } of fitting) {
      ids.add(rowId(recordId, 0));
      isMerged ||= use === 'UPSERT';
    }
    if (isMerged) upsertBytes += push.payload.length;
  }
  if (ids.size === 0) return NOTHING_STORED;
  const kept = upsertBytes === 0 ? 0 : Math.min(SLICE_BYTES, KEPT_LENGTH.least + KEPT_LENGTH.times * upsertBytes);
  const stored = new Map<string, StoredRow>();
  for (const row of await records.readRows(generation, [...ids], kept)) stored.set(recordIdOf(row.id), row);
  return stored;
}
