import type { CompiledDesign } from '../../domain/design/compiled-design.js';
import type { StoredValues } from '../../domain/design/stored-value.js';
import { RecordMismatches } from '../../domain/job/record-mismatches.js';
import type { JsonObject } from '../../domain/json/json-value.js';
import { stringifyJson } from '../../domain/json/stringify-json.js';
import type { EncodedRecord } from '../../domain/load/encoded-record.js';
import type { ReplaceRecord, UnmadeRecord, UpsertRecord } from '../../domain/load/examined-payload.js';
import type { PlainRecord } from '../../domain/load/plain-record.js';
import { recordToRows, rowsOrMismatches, rowsWithoutSteps } from '../../domain/load/record-to-rows.js';
import { mergeRecords } from '../../domain/push/merge-records.js';
import type { JobAnswers } from '../answers/answer-book.js';
import { keptText, maxLengthOf, type RecordText, recordOf } from '../record-text.js';
import type { EncodedContent, PlainContent, RecordState, UnmadeContent, WholeContent } from './record-state.js';
import { mergedOnto, type Sources, sourceOf } from './stored-sources.js';

/** A record that is not merged. */
type Replacing = ReplaceRecord | PlainRecord | EncodedRecord | UnmadeRecord;

/** The content of a record that is not merged. */
export function replacedBy(given: Replacing): WholeContent | PlainContent | EncodedContent | UnmadeContent {
  if ('plain' in given) return { kind: 'PLAIN', record: given };
  if ('encoded' in given) return { kind: 'ENCODED', record: given };
  const { rows, source } = given;
  const text = keptText(source);
  if (rows) return { kind: 'WHOLE', rows, text };
  const record = text ?? { record: given.record, maxLength: 0 };
  return { kind: 'UNMADE', record, hasText: text !== undefined, size: given.size };
}

export function rowCountOf(given: Replacing): number {
  if ('plain' in given) return 1;
  return 'rows' in given && given.rows ? given.rows.length : given.rowCount;
}

/** The text of a longer record is made when it is written. Until then, upserts that follow are merged into the record itself. */
const SHORT_LENGTH = 4_096;

/** What the merge needs in addition to the upsert and the state of the record. */
interface MergeContext {
  readonly sources: Sources;
  /** The record in that state, if it was the last one merged. */
  readonly lastMerged: JsonObject | null;
}

/** A record after an upsert, and its text. */
export interface MergedRecord {
  readonly record: JsonObject;
  readonly text: RecordText;
}

/** The record after an upsert: merged into the previous one, or the upsert alone if there was none. */
export function mergedRecord(given: UpsertRecord, before: RecordState, context: MergeContext): MergedRecord {
  const { record, baseLength } = merged(given, before, context);
  if (baseLength <= SHORT_LENGTH) return { record, text: { text: stringifyJson(record) } };
  // A merge makes the text longer by at most the length of the upsert.
  return { record, text: { record, maxLength: baseLength + stringifyJson(given.record).length } };
}

/** What the content of a merged record depends on in addition to the record and the design. */
interface ContentContext {
  readonly savedAt: Date;
  readonly text: RecordText;
  readonly answers: JobAnswers;
}

/** The content of a merged record, in slices. Mismatches if it does not fit. While it waits for outside data, the content has one row without values. */
export function* contentOf(
  design: CompiledDesign,
  record: JsonObject,
  { savedAt, text, answers }: ContentContext,
): Generator<void, WholeContent | RecordMismatches> {
  const result = yield* recordToRows(design, record, { savedAt, answers: answers.found });
  if (result.kind === 'NEEDS') {
    answers.want(result.needs);
    return { kind: 'WHOLE', rows: UNKNOWN_ROWS, text };
  }
  const found = rowsOrMismatches(result);
  if (found instanceof RecordMismatches) return found;
  const content = { kind: 'WHOLE', rows: found.rows, text } as const;
  return found.isUnplaced ? { isUnplaced: true, ...content } : content;
}

const UNKNOWN_ROWS: readonly StoredValues[] = [{}];

/** The same under a design without steps, at once. */
export function contentWithoutSteps(
  design: CompiledDesign,
  { record, text }: MergedRecord,
): WholeContent | RecordMismatches {
  const found = rowsWithoutSteps(design, record);
  return found instanceof RecordMismatches ? found : { kind: 'WHOLE', rows: found.rows, text };
}

function merged({ recordId, record }: UpsertRecord, { content, held, stored }: RecordState, context: MergeContext) {
  const { sources, lastMerged } = context;
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
      const source = sourceOf(stored, recordId, sources);
      const made = lastMerged ? mergeRecords(lastMerged, record) : mergedOnto(recordId, source, upserts);
      return { record: made, baseLength: content.maxLength };
    }
    case 'STORED': {
      const source = sourceOf(stored, recordId, sources);
      return { record: mergedOnto(recordId, source, { record, before: null }), baseLength: source?.length ?? 0 };
    }
    case 'DELETED':
      return { record, baseLength: 0 };
    case 'PLAIN':
    case 'ENCODED':
      throw new TypeError(`record ${recordId} has an identifier, so it is neither plain nor encoded`);
  }
}
