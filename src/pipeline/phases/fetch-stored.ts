import { rowId } from '../../domain/record-id.js';
import type { RecordStore, RowWrite } from '../../ports/record-store.js';
import type { JobInWork } from '../job-in-work.js';

/** What is stored of a record: its first row, or the tombstone of one. */
export type StoredRecords = ReadonlyMap<string, RowWrite>;

/** FillingJoinLakes: the stored records with the same identifiers, with their sources where something is to be merged with them. */
export async function fetchStored(
  work: readonly JobInWork[],
  records: Pick<RecordStore, 'readRows'>,
  generation: string,
): Promise<StoredRecords> {
  const merged = new Set<string>();
  const others = new Set<string>();
  for (const { given } of work)
    for (const { use, recordId } of given) (use === 'UPSERT' ? merged : others).add(recordId);
  for (const id of merged) others.delete(id);
  const stored = new Map<string, RowWrite>();
  for (const [ids, withSource] of [
    [merged, true],
    [others, false],
  ] as const) {
    if (ids.size === 0) continue;
    const rows = await records.readRows(
      generation,
      [...ids].map((id) => rowId(id, 0)),
      withSource,
    );
    for (const row of rows) stored.set(row.id.slice(0, -'-0'.length), row);
  }
  return stored;
}
