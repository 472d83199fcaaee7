import { recordIdOf, rowId } from '../../domain/record-id.js';
import type { StoredRow, StoredRows } from '../../ports/record-store.js';
import type { ExaminedJob } from './examine.js';

/** What is stored of a record: its first row, or the tombstone of one. */
export type StoredRecords = ReadonlyMap<string, StoredRow>;

export const NOTHING_STORED: StoredRecords = new Map();

/** FillingJoinLakes: what is stored of the records with the same identifiers. Their sources, which may be large, are fetched as they are merged with. */
export async function fetchStored(
  jobs: readonly ExaminedJob[],
  records: Pick<StoredRows, 'readRows'>,
  generation: string,
): Promise<StoredRecords> {
  const ids = new Set<string>();
  for (const { given } of jobs) for (const { recordId } of given) ids.add(rowId(recordId, 0));
  if (ids.size === 0) return NOTHING_STORED;
  const rows = await records.readRows(generation, [...ids]);
  return new Map(rows.map((row) => [recordIdOf(row.id), row]));
}
