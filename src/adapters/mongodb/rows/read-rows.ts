import type { Collection } from 'mongodb';
import type { StoredValues } from '../../../domain/design/stored-value.js';
import type { StoredRow } from '../../../ports/record-store.js';
import { type RowDocument, toRow, toStoredRow } from './row-document.js';

const IDS_AT_ONCE = 5_000;

/** Reads what is stored under these ids, without values. */
export async function readRows(rows: Collection<RowDocument>, ids: readonly string[]): Promise<StoredRow[]> {
  const found: StoredRow[] = [];
  for (const $match of queriesFor(ids)) {
    const stages = [{ $match }, { $project: { v: 1, n: 1, d: 1, size: { $bsonSize: '$$ROOT' } } }];
    for await (const document of rows.aggregate<RowDocument & { size: number }>(stages))
      found.push(toStoredRow(document));
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
