import type { Collection, Document } from 'mongodb';
import type { StoredValues } from '../../../domain/design/stored-value.js';
import type { StoredRow } from '../../../ports/record-store.js';
import { type RowDocument, toRow, toStoredRow } from './row-document.js';

const IDS_AT_ONCE = 2_000;

type SizedDocument = RowDocument & { readonly size: number };

/** Reads what is stored under these ids, without values. As long as there is room for them, with sources. */
export async function readRows(
  rows: Collection<RowDocument>,
  ids: readonly string[],
  maxSourceLength = 0,
): Promise<StoredRow[]> {
  const found: StoredRow[] = [];
  let room = maxSourceLength;
  /** Returns whether all were read, and not only those for whose sources there was room. */
  async function take($match: Document, withSources: boolean): Promise<boolean> {
    const $project = { v: 1, n: 1, d: 1, size: { $bsonSize: '$$ROOT' }, ...(withSources && { j: 1 }) };
    const documents = rows.aggregate<SizedDocument>([{ $match }, { $project }], { batchSize: IDS_AT_ONCE });
    while (await documents.hasNext()) {
      for (const document of documents.readBufferedDocuments()) {
        room -= document.j?.length ?? 0;
        found.push(toStoredRow(document, room >= 0));
      }
      if (withSources && room < 0) {
        await documents.close();
        return false;
      }
    }
    return true;
  }

  for (const query of queriesFor(ids)) {
    const before = found.length;
    if (room > 0 && (await take(query, true))) continue;
    const read = new Set(found.slice(before).map(({ id }) => id));
    await take({ _id: { $in: query._id.$in.filter((id) => !read.has(id)) } }, false);
  }
  return found;
}

/** Reads the source records under these ids, by row id. */
export async function readSources(rows: Collection<RowDocument>, ids: readonly string[]): Promise<Map<string, string>> {
  const sources = new Map<string, string>();
  for (const query of queriesFor(ids))
    for await (const { _id, j } of rows.find(query, { projection: { j: 1 } })) if (j !== undefined) sources.set(_id, j);
  return sources;
}

/** Reads the values of these rows under these stored keys, by row id. */
export async function readValuesOf(
  rows: Collection<RowDocument>,
  ids: readonly string[],
  storedKeys: readonly string[],
): Promise<Map<string, StoredValues>> {
  const values = new Map<string, StoredValues>();
  const projection = { _id: 1, ...Object.fromEntries(storedKeys.map((key) => [key, 1])) };
  for (const query of queriesFor(ids))
    for await (const document of rows.find({ ...query, d: { $exists: false } }, { projection }))
      values.set(document._id, toRow(document).values);
  return values;
}

function* queriesFor(ids: readonly string[]): Generator<{ _id: { $in: string[] } }> {
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE)
    yield { _id: { $in: ids.slice(start, start + IDS_AT_ONCE) } };
}
