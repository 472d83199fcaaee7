import type { CompiledDesign } from '../../domain/design/compiled-design.js';
import type { LaneJob } from '../../domain/job/job.js';
import { RecordMismatches } from '../../domain/job/record-mismatches.js';
import type { JsonObject } from '../../domain/json/json-value.js';
import { parseKeptJson } from '../../domain/json/parse-json.js';
import { stringifyJson } from '../../domain/json/stringify-json.js';
import type { ReplaceRecord, UpsertRecord } from '../../domain/load/examined-payload.js';
import { NO_ANSWERS, recordToRows, rowsOrMismatches } from '../../domain/load/record-to-rows.js';
import { mergeRecords } from '../../domain/push/merge-records.js';
import type { RecordState, WholeContent } from './record-state.js';
import { mergedOnto, type Sources } from './stored-sources.js';

/** The content of a record that is not merged. */
export function wholeOf({ rows, source }: ReplaceRecord): WholeContent {
  return { kind: 'WHOLE', rows, source, record: null };
}

/** The content after an upsert: merged into the previous content, or unchanged if there was none. Mismatches if the merged record does not fit. */
export function mergedContent(
  design: CompiledDesign,
  incoming: UpsertRecord,
  before: RecordState,
  { job, sources }: { readonly job: LaneJob; readonly sources: Sources },
): WholeContent | RecordMismatches {
  const record = merged(incoming, before, sources);
  const found = rowsOrMismatches(recordToRows(design, record, { savedAt: job.acceptedAt, answers: NO_ANSWERS }));
  if (found instanceof RecordMismatches) return found;
  return { kind: 'WHOLE', rows: found.rows, source: stringifyJson(record), record };
}

function merged({ recordId, record }: UpsertRecord, { content, rowCount }: RecordState, sources: Sources): JsonObject {
  if (rowCount === 0) return record;
  switch (content.kind) {
    case 'WHOLE':
      return mergeRecords(content.record ?? (parseKeptJson(content.source ?? '{}') as JsonObject), record);
    case 'MERGED':
      return mergedOnto(recordId, sources, { record, before: content.upserts });
    case 'STORED':
      return mergedOnto(recordId, sources, { record, before: null });
    case 'DELETED':
      return record;
  }
}
