import type { Collection, Document } from 'mongodb';
import type { StoredValues } from '../../../domain/design/stored-value.js';
import type { StoredRow } from '../../../ports/record-store.js';
import { readFlatBson } from './flat-bson.js';
import { type RowDocument, toRow, toStoredRow } from './row-document.js';

const IDS_AT_ONCE = 1_000;
const IN_FLIGHT = 2;

type SizedDocument = RowDocument & { readonly size: number };

/** Reads what is stored under these ids, without values. As long as there is room for them, with sources. */
export async function readRows(
  rows: Collection<RowDocument>,
  ids: readonly string[],
  maxSourceLength = 0,
): Promise<StoredRow[]> {
  const found: StoredRow[] = [];
  let room = maxSourceLength;
  /** Returns null if it read all, or the ids of those for whose sources there was room. */
  async function take($match: Document, withSources: boolean): Promise<ReadonlySet<string> | null> {
    const $project = { v: 1, n: 1, d: 1, size: { $bsonSize: '$$ROOT' }, ...(withSources && { j: 1 }) };
    const documents = rows.aggregate<Buffer>([{ $match }, { $project }], { batchSize: IDS_AT_ONCE, raw: true });
    const taken: StoredRow[] = [];
    const isCut = () => withSources && room < 0;
    while (!isCut() && (await documents.hasNext())) {
      for (const bson of documents.readBufferedDocuments()) {
        const document = readFlatBson(bson) as unknown as SizedDocument;
        room -= document.j?.length ?? 0;
        taken.push(toStoredRow(document, room >= 0));
      }
    }
    for (const row of taken) found.push(row);
    if (!isCut()) return null;
    await documents.close();
    return new Set(taken.map(({ id }) => id));
  }

  const pending = queriesFor(ids);
  const readNext = async () => {
    for (const query of pending) {
      const read = room > 0 ? await take(query, true) : NOTHING;
      if (read) await take({ _id: { $in: query._id.$in.filter((id) => !read.has(id)) } }, false);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, readNext));
  return found;
}

const NOTHING: ReadonlySet<string> = new Set();

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
