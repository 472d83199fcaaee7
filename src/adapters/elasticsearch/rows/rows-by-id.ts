import { EVERYTHING, type RecordFilter } from '../../../domain/query/record-query.js';
import type { OpenIndex } from '../open-indices.js';
import { type Limits, nextOfFew } from './few-documents.js';
import { nextIds } from './next-ids.js';
import { toQuery } from './row-filter.js';
import { sortOf } from './row-page.js';
import { type FoundRows, searchRows } from './search-rows.js';
import { findTies, NO_TIES } from './ties.js';

/**
 * Reads the next rows after a row's id that match, in the order of ids, as many as are requested and fit. Without a condition it reads only those documents; with one, it
 * reads those that match.
 */
export async function rowsById(
  index: OpenIndex,
  filter: RecordFilter,
  after: string,
  limits: Limits,
): Promise<FoundRows> {
  if (isEverything(filter)) return nextRows(index, after, limits);
  const query = toQuery(filter, await findTies(index, filter));
  return searchRows(index, { query, sort: sortOf([]), after, ...limits });
}

function isEverything(filter: RecordFilter): boolean {
  return filter.kind === 'AND' && filter.filters.every(isEverything);
}

async function nextRows(index: OpenIndex, after: string, limits: Limits): Promise<FoundRows> {
  const found = await nextOfFew(index, after, limits);
  if (found) return found;
  for (let from = after; ; ) {
    const ids = await nextIds(index, 'i', from, limits.limit + 1);
    const query = toQuery(EVERYTHING, NO_TIES, ids.query);
    const { hits, more } = await searchRows(index, { query, sort: sortOf([]), ...limits }, ids.largest);
    // All of them may have been deleted meanwhile, and more rows may follow.
    if (hits.length > 0 || ids.last === null) return { hits, more: more || ids.last !== null };
    from = ids.last;
  }
}
