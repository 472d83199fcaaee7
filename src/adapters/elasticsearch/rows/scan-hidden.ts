import type { ScanBounds } from '../../../ports/record-store.js';
import type { HiddenRecord } from '../../../ports/row-writes.js';
import type { OpenIndex } from '../open-indices.js';
import { nextIds } from './next-ids.js';
import { type HiddenSource, toHiddenRecord } from './row-source.js';
import { searchRows } from './search-rows.js';

/** Reads the next hidden records after a row's id, in the order of ids and with their sources. */
export async function scanHidden(
  index: OpenIndex,
  after: string,
  { maxRows: limit, maxBytes }: ScanBounds,
): Promise<HiddenRecord[]> {
  for (let from = after; ; ) {
    const { query, last, largest } = await nextIds(index, 'h', from, limit);
    const search = { query, sort: [{ h: 'asc' as const }], limit, maxBytes, read: 'VALUES_AND_SOURCE' as const };
    const { hits } = await searchRows<HiddenSource>(index, search, largest);
    // All of them may have been replaced meanwhile, and more may follow.
    if (hits.length > 0 || last === null) return hits.map(toHiddenRecord);
    from = last;
  }
}
