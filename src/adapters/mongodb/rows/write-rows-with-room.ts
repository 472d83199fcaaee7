import { type RecordStore, RecordStoreError } from '../../../ports/record-store.js';
import type { RowWrite } from '../../../ports/row-writes.js';
import type { StorageHealth } from '../../../ports/storage-health.js';

/**
 * A record store that accepts no rows and no hidden records while its disk is full, so that loads wait before MongoDB itself runs out of space and ends. Tombstones are accepted, because they
 * delete rows.
 */
export function writeRowsWithRoom(records: RecordStore, storage: Pick<StorageHealth, 'shortage'>): RecordStore {
  return {
    ...records,
    async writeRows(generation, writes, stillOwned) {
      const shortage = takeRoom(writes) ? storage.shortage() : null;
      if (shortage !== null) throw new RecordStoreError('UNAVAILABLE', shortage);
      return records.writeRows(generation, writes, stillOwned);
    },
  };
}

function takeRoom(writes: Iterable<RowWrite>): boolean {
  for (const write of writes) if (!('deleted' in write)) return true;
  return false;
}
