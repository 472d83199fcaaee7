import type { estypes } from '@elastic/elasticsearch';
import type { StoredRow } from '../../../ports/record-store.js';
import type { OpenIndex } from '../open-indices.js';
import { storeError } from '../store-error.js';
import type { RowHit, RowSource } from './row-source.js';

const IDS_AT_ONCE = 2_000;
/** What a tombstone takes, about. */
const TOMBSTONE_BYTES = 100;

/** What is stored under these ids at this moment, visible to searches or not. */
export async function readRows(index: OpenIndex, ids: readonly string[]): Promise<StoredRow[]> {
  const rows: StoredRow[] = [];
  for await (const { version, source } of stored(index, ids, ['i', 'm', 'b', 'd'])) {
    const { i: id, m, b: bytes = TOMBSTONE_BYTES, d } = source;
    rows.push({ id, version, rowCount: d ? 0 : (m?.[2] ?? 1), bytes });
  }
  return rows;
}

/** Their source records, by row id. */
export async function readSources(index: OpenIndex, ids: readonly string[]): Promise<Map<string, string>> {
  const sources = new Map<string, string>();
  for await (const { source } of stored(index, ids, ['i', 'j'])) {
    if (source.j !== undefined) sources.set(source.i, source.j);
  }
  return sources;
}

async function* stored(
  { client, alias }: OpenIndex,
  ids: readonly string[],
  fields: readonly string[],
): AsyncGenerator<RowHit> {
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
    const { docs } = await client.mget<RowSource>({
      index: alias,
      ids: ids.slice(start, start + IDS_AT_ONCE),
      _source_includes: [...fields],
    });
    for (const doc of docs) {
      const hit = toHit(doc);
      if (hit) yield hit;
    }
  }
}

function toHit(doc: estypes.MgetResponseItem<RowSource>): RowHit | null {
  if ('error' in doc) {
    const { type, reason } = doc.error;
    throw storeError({ status: 503, type, reason: reason ?? type });
  }
  const { found, _version: version, _source: source } = doc;
  return found && version !== undefined && source ? { version, source } : null;
}
