import { errors, type estypes } from '@elastic/elasticsearch';
import type { OpenIndex } from '../open-indices.js';
import { sortOf } from './row-page.js';
import { NO_ROW, type RowSource } from './row-source.js';
import { searchIndex } from './search-index.js';
import { type FoundRows, LARGEST, largestIn, type RowSearch, sourceOf, toRowHit } from './search-rows.js';

/*
 * One search that reads all documents of an index finds the next rows in the order of ids. Its response must not have more bytes than were requested, so it is used while all rows are small.
 */

/** How long searches rely on what another one has found out: in this time, no more large rows can be added than loads hold in memory. */
const TRUSTED_MS = 1_000;
/** About what a response has for each row besides the row. */
const BYTES_AROUND_ROW = 1_000;

export type Limits = Pick<RowSearch, 'limit' | 'maxBytes' | 'read'>;

/** Notes what a search for {@link LARGEST} that counted up to `maxSmallIndex` documents has found out, and returns the bytes of the largest row. `since`: when it began. */
export function noteDocuments(index: OpenIndex, response: estypes.SearchResponse<unknown>, since: number): number {
  const { total } = response.hits;
  const largest = largestIn(response);
  index.documents.few = typeof total === 'object' && total.relation === 'eq' ? { largest, since } : null;
  return largest;
}

/** Reads the next rows after a row's id. Returns null if the index has many documents, or rows that are too large. */
export async function nextOfFew(index: OpenIndex, after: string, limits: Limits): Promise<FoundRows | null> {
  const { few } = index.documents;
  if (!few || few.largest > mostBytesOfOne(limits)) return null;
  const isRecent = performance.now() - few.since < TRUSTED_MS;
  return isRecent ? nextSmall(index, after, limits) : nextMeasured(index, after, limits);
}

/** The response is cut if there are large rows after all. */
async function nextSmall(index: OpenIndex, after: string, limits: Limits): Promise<FoundRows | null> {
  const { limit, maxBytes } = limits;
  const maxResponseSize = maxBytes + BYTES_AROUND_ROW * limit;
  try {
    const response = await searchIndex<Partial<RowSource>>(index, nextAfter(index, after, limits), { maxResponseSize });
    return toFound(response, limit);
  } catch (error) {
    if (!(error instanceof errors.RequestAbortedError)) throw error;
    index.documents.few = null;
    return null;
  }
}

/** Leaves large rows out, and also finds out whether there are any. */
async function nextMeasured(index: OpenIndex, after: string, limits: Limits): Promise<FoundRows | null> {
  const since = performance.now();
  const tooLarge = { range: { b: { gt: mostBytesOfOne(limits) } } };
  const response = await searchIndex<Partial<RowSource>>(index, {
    ...nextAfter(index, after, limits),
    // Without a query, the search for the largest row costs nothing.
    post_filter: { bool: { must_not: [...NO_ROW, tooLarge] } },
    aggs: LARGEST,
    track_total_hits: index.documents.maxSmallIndex,
  });
  const largest = noteDocuments(index, response, since);
  return largest > mostBytesOfOne(limits) ? null : toFound(response, limits.limit);
}

function nextAfter(index: OpenIndex, after: string, { limit, read }: Limits) {
  return {
    sort: sortOf([]),
    search_after: [after],
    size: limit + 1,
    version: true,
    _source: sourceOf(index, read),
  };
}

/** Tombstones and hidden records, which have no row id, come after all rows. */
function toFound({ hits }: estypes.SearchResponse<Partial<RowSource>>, limit: number): FoundRows {
  const rows = hits.hits.filter((hit): hit is estypes.SearchHit<RowSource> => hit._source?.i !== undefined);
  return { hits: rows.slice(0, limit).map(toRowHit), more: rows.length > limit };
}

/** The bytes that each of the requested rows may have. */
function mostBytesOfOne({ limit, maxBytes }: Limits): number {
  return Math.floor(maxBytes / limit);
}
