import type { estypes } from '@elastic/elasticsearch';
import type { StoredValues } from '../../../domain/design/stored-value.js';
import type { StoredRow } from '../../../ports/record-store.js';
import type { OpenIndex } from '../open-indices.js';
import { storeError } from '../store-error.js';
import { type HiddenSource, type RowSource, type TombstoneSource, toRow } from './row-source.js';

const IDS_AT_ONCE = 2_000;
/** About how many bytes a tombstone takes. */
const TOMBSTONE_BYTES = 100;

type StoredSource = Partial<RowSource & Omit<HiddenSource, 'm'> & TombstoneSource>;

interface StoredDocument {
  readonly id: string;
  readonly version: number;
  readonly source: StoredSource;
}

/** Reads what is currently stored under these ids, visible to searches or not. */
export async function readRows(index: OpenIndex, ids: readonly string[]): Promise<StoredRow[]> {
  const rows: StoredRow[] = [];
  for await (const { id, version, source } of stored(index, ids, ['m', 'b', 'd', 'h'])) {
    const { m, b: bytes = TOMBSTONE_BYTES, d, h } = source;
    rows.push({ id, version, rowCount: d === undefined ? rowCountOf(m) : 0, hidden: h !== undefined, bytes });
  }
  return rows;
}

/** Reads the source records of these rows, by row id. */
export async function readSources(index: OpenIndex, ids: readonly string[]): Promise<Map<string, string>> {
  const sources = new Map<string, string>();
  for await (const { id, source } of stored(index, ids, ['j'])) {
    if (source.j !== undefined) sources.set(id, source.j);
  }
  return sources;
}

/** Reads the values of these rows under these stored keys, by row id. */
export async function readValuesOf(
  index: OpenIndex,
  ids: readonly string[],
  storedKeys: readonly string[],
): Promise<Map<string, StoredValues>> {
  const values = new Map<string, StoredValues>();
  const fields = storedKeys.flatMap((key) => [key, `${key}d`, `x.${key}`]);
  for await (const { id, version, source } of stored(index, ids, ['i', 'm', 'd', 'h', ...fields])) {
    if (isRow(source)) values.set(id, toRow({ version, source }).values);
  }
  return values;
}

function rowCountOf(m: StoredSource['m']): number {
  return typeof m === 'object' ? m[2] : 1;
}

function isRow(source: StoredSource): source is RowSource {
  return source.d === undefined && source.h === undefined;
}

async function* stored(
  { client, alias }: OpenIndex,
  ids: readonly string[],
  fields: readonly string[],
): AsyncGenerator<StoredDocument> {
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
    const { docs } = await client.mget<StoredSource>({
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

function toHit(doc: estypes.MgetResponseItem<StoredSource>): StoredDocument | null {
  if ('error' in doc) {
    const { type, reason } = doc.error;
    throw storeError({ status: 503, type, reason: reason ?? type });
  }
  const { found, _id: id, _version: version, _source: source } = doc;
  return found && version !== undefined && source ? { id, version, source } : null;
}
