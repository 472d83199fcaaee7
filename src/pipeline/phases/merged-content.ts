import type { CompiledDesign } from '../../domain/design/compiled-design.js';
import type { StoredValues } from '../../domain/design/stored-value.js';
import type { LaneJob } from '../../domain/job/job.js';
import { RecordMismatches } from '../../domain/job/record-mismatches.js';
import type { JsonObject } from '../../domain/json/json-value.js';
import { stringifyJson } from '../../domain/json/stringify-json.js';
import type { ReplaceRecord, UnmadeRecord, UpsertRecord } from '../../domain/load/examined-payload.js';
import { recordToRows, rowsOrMismatches } from '../../domain/load/record-to-rows.js';
import { mergeRecords } from '../../domain/push/merge-records.js';
import type { JobAnswers } from '../answers/answer-book.js';
import { keptText, maxLengthOf, recordOf } from '../record-text.js';
import type { RecordState, UnmadeContent, WholeContent } from './record-state.js';
import { mergedOnto, type Sources } from './stored-sources.js';

/** The content of a record that is not merged. */
export function replacedBy(given: ReplaceRecord | UnmadeRecord): WholeContent | UnmadeContent {
  const { rows, source } = given;
  const text = keptText(source);
  if (rows) return { kind: 'WHOLE', rows, text };
  const record = text ?? { record: given.record, maxLength: 0 };
  return { kind: 'UNMADE', record, hasText: text !== undefined, size: given.size };
}

export function rowCountOf(given: ReplaceRecord | UnmadeRecord): number {
  return given.rows === null ? given.rowCount : given.rows.length;
}

/** What the merge needs in addition to the upsert and the state of the record. */
interface MergeContext {
  readonly job: LaneJob;
  readonly sources: Sources;
  readonly answers: JobAnswers;
  /** The record in that state, if it was the last one merged. */
  readonly lastMerged: JsonObject | null;
}

/** The content after an upsert, in slices: merged into the previous record, or the upsert alone if there was none. Mismatches if the result does not fit. */
export function* mergedContent(
  design: CompiledDesign,
  given: UpsertRecord,
  before: RecordState,
  context: MergeContext,
): Generator<void, WholeContent | RecordMismatches> {
  const { record, baseLength } = merged(given, before, context);
  // A merge makes the text longer by at most the length of the upsert.
  const maxLength = baseLength + stringifyJson(given.record).length;
  return yield* contentOf(design, record, { savedAt: context.job.acceptedAt, maxLength, answers: context.answers });
}

/** What the content of a merged record depends on in addition to the record and the design. */
interface ContentContext {
  readonly savedAt: Date;
  /** The most characters that the record's JSON text can have. */
  readonly maxLength: number;
  readonly answers: JobAnswers;
}

/** The content of a merged record, in slices. Mismatches if it does not fit. While it waits for outside data, the content has one row without values. */
export function* contentOf(
  design: CompiledDesign,
  record: JsonObject,
  { savedAt, maxLength, answers }: ContentContext,
): Generator<void, WholeContent | RecordMismatches> {
  const result = yield* recordToRows(design, record, { savedAt, answers: answers.found });
  if (result.kind === 'NEEDS') {
    answers.want(result.needs);
    return { kind: 'WHOLE', rows: UNKNOWN_ROWS, text: { record, maxLength } };
  }
  const found = rowsOrMismatches(result);
  if (found instanceof RecordMismatches) return found;
  const content = { kind: 'WHOLE', rows: found.rows, text: { record, maxLength } } as const;
  return found.isUnplaced ? { ...content, isUnplaced: true } : content;
}

const UNKNOWN_ROWS: readonly StoredValues[] = [{}];

function merged({ recordId, record }: UpsertRecord, { content, held }: RecordState, context: MergeContext) {
  const { sources, lastMerged } = context;
  const storedLength = sources.get(recordId)?.length ?? 0;
  if (!held) return { record, baseLength: 0 };
  switch (content.kind) {
    case 'WHOLE': {
      const { text = { text: '{}' } } = content;
      return { record: mergeRecords(recordOf(text), record), baseLength: maxLengthOf(text) };
    }
    case 'UNMADE':
      return { record: mergeRecords(recordOf(content.record), record), baseLength: maxLengthOf(content.record) };
    case 'MERGED': {
      const upserts = { record, before: content.upserts };
      const made = lastMerged ? mergeRecords(lastMerged, record) : mergedOnto(recordId, sources, upserts);
      return { record: made, baseLength: content.maxLength };
    }
    case 'STORED':
      return { record: mergedOnto(recordId, sources, { record, before: null }), baseLength: storedLength };
    case 'DELETED':
      return { record, baseLength: 0 };
  }
}
