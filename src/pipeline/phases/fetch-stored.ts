import { recordIdOf, rowId } from '../../domain/record-id.js';
import type { StoredRow, StoredRows } from '../../ports/record-store.js';
import type { ExaminedJob } from './examine.js';

/** The first row, or its tombstone, of each stored record, by record id. */
export type StoredRecords = ReadonlyMap<string, StoredRow>;

export const NOTHING_STORED: StoredRecords = new Map();

/** FILLING_JOIN_LAKES: reads what is stored under the ids of the examined records. Their sources may be large, so merges read them later, in slices. */
export async function fetchStored(
  jobs: readonly ExaminedJob[],
  records: Pick<StoredRows, 'readRows'>,
  generation: string,
): Promise<StoredRecords> {
  const ids = new Set<string>();
  for (const { fitting } of jobs) for (const { recordId } of fitting) ids.add(rowId(recordId, 0));
  if (ids.size === 0) return NOTHING_STORED;
  const rows = await records.readRows(generation, [...ids]);
  return new Map(rows.map((row) => [recordIdOf(row.id), row]));
}
