import { recordIdOf, rowId } from '../domain/record-id.js';
import type { GroupRun } from './group-run.js';

const TOMBSTONES_AT_ONCE = 5_000;

/**
 * Copies the tombstones of deleted records into another generation whose records have the same ids. Returns whether there were any. Leaves out those of other ordinals: a
 * record that is held may have fewer rows here than there.
 */
export async function carryTombstones(run: GroupRun, from: string, to: string): Promise<boolean> {
  let after = '';
  let isAny = false;
  for (;;) {
    const lastId = after;
    const page = await run.storeStep((store) => store.scanTombstones(from, lastId, TOMBSTONES_AT_ONCE));
    const last = page.at(-1);
    if (!last) return isAny;
    after = last.id;
    const ofRecords = page.filter(({ id }) => id === rowId(recordIdOf(id), 0));
    isAny ||= ofRecords.length > 0;
    await run.write(to, ofRecords);
  }
}
