import type { CompiledDesign } from '../../domain/design/compiled-design.js';
import type { StoredValues } from '../../domain/design/stored-value.js';
import type { JsonObject } from '../../domain/json/json-value.js';
import { parseKeptJson } from '../../domain/json/parse-json.js';
import { stringifyJson } from '../../domain/json/stringify-json.js';
import { mergeRecords } from '../../domain/push/merge-records.js';

/** A record, the values of its row, and the source that is kept of it. */
export interface WholeRecord {
  readonly record: JsonObject;
  readonly values: StoredValues;
  readonly source: string | undefined;
}

/** Upserts onto what is stored, from the last back to the first. */
export interface Upserts {
  readonly record: JsonObject;
  readonly before: Upserts | null;
}

/** What a record is at one place of the lane. */
export interface RecordState {
  /** Of the job that wrote it last; 0 where nobody did. */
  readonly version: number;
  /** When that was accepted; null where nobody of this group did. */
  readonly savedAt: Date | null;
  /** 0 when it is not there. */
  readonly rowCount: number;
  /** The whole of it, where this group gave it; otherwise it is what is stored with these upserts, if there are any. */
  readonly whole: WholeRecord | null;
  readonly upserts: Upserts | null;
  /** No row of it counts more bytes than this. */
  readonly maxBytes: number;
}

/** A record as it is stored, with upserts merged onto it. */
export function mergedOnto(recordId: string, source: string | undefined, upserts: Upserts | null): JsonObject {
  if (source === undefined) throw new Error(`record ${recordId} is stored without its source, which an upsert needs`);
  const inOrder: JsonObject[] = [];
  for (let last = upserts; last; last = last.before) inOrder.push(last.record);
  return inOrder.reduceRight(mergeRecords, parseKeptJson(source) as JsonObject);
}

/** A record made whole; its values come with it where they are known already. */
export function wholeOf(design: CompiledDesign, record: JsonObject, values?: StoredValues): WholeRecord {
  const source = design.hasIdentifier ? stringifyJson(record) : undefined;
  return { record, values: values ?? design.convert(record).values, source };
}
