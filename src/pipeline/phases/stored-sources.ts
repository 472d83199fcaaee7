import type { JsonObject } from '../../domain/json/json-value.js';
import { parseKeptJson } from '../../domain/json/parse-json.js';
import { mergeInto, mergeRecords } from '../../domain/push/merge-records.js';
import { recordIdOf, rowId } from '../../domain/record-id.js';
import type { StoredRow } from '../../ports/record-store.js';
import type { GroupRun } from '../group-run.js';
import type { Upserts } from './record-state.js';

/** Stored records for merges are read in slices of at most this many bytes; a single record may be larger. */
export const SLICE_BYTES = 8 * 1024 * 1024;

/** Stored records as JSON text, by record id. */
export type Sources = ReadonlyMap<string, string>;

/** Reads the JSON texts of stored records. The caller must bound their bytes. */
export async function readSources(run: GroupRun, generation: string, recordIds: Iterable<string>): Promise<Sources> {
  const ids = [...new Set(recordIds)].map((recordId) => rowId(recordId, 0));
  if (ids.length === 0) return new Map();
  const sources = await run.storeStep((store) => store.readSources(generation, ids));
  return new Map([...sources].map(([id, source]) => [recordIdOf(id), source]));
}

/** The JSON text of a stored record: what was read with the row, or else later. */
export function sourceOf(stored: StoredRow | undefined, recordId: string, sources: Sources): string | undefined {
  return stored?.source ?? sources.get(recordId);
}

/** The stored record with the upserts merged into it. */
export function mergedOnto(recordId: string, source: string | undefined, upserts: Upserts): JsonObject {
  if (source === undefined) throw new Error(`record ${recordId} is stored without its source, which an upsert needs`);
  let first = upserts;
  const others: JsonObject[] = [];
  for (; first.before; first = first.before) others.push(first.record);
  // Only what was parsed is changed: the result may share objects with the upserts.
  const merged = mergeInto(parseKeptJson(source) as JsonObject, first.record);
  return others.reduceRight(mergeRecords, merged);
}
