import type { GroupRun } from './group-run.js';

const TOMBSTONES_AT_ONCE = 5_000;

/** Copies the tombstones of a generation into another one whose records have the same ids. Returns whether there were any. */
export async function carryTombstones(run: GroupRun, from: string, to: string): Promise<boolean> {
  let after = '';
  for (;;) {
    const lastId = after;
    const page = await run.storeStep((store) => store.scanTombstones(from, lastId, TOMBSTONES_AT_ONCE));
    const last = page.at(-1);
    if (!last) return after !== '';
    after = last.id;
    await run.write(to, page);
  }
}
