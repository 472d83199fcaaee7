import type { CompiledDesign } from '../domain/design/compiled-design.js';
import type { StoredValues } from '../domain/design/stored-value.js';
import { RecordMismatches } from '../domain/job/record-mismatches.js';
import type { JsonObject } from '../domain/json/json-value.js';
import { parseKeptJson } from '../domain/json/parse-json.js';
import { EVERYTHING } from '../domain/query/record-query.js';
import { recordIdOf, rowId } from '../domain/record-id.js';
import { inTurns } from '../event-loop/turns.js';
import type { RejectedRow } from '../ports/record-store.js';
import type { Row } from '../ports/row-writes.js';
import { JobAnswers } from './answers/answer-book.js';
import type { GroupRun } from './group-run.js';
import type { StoredRecords } from './phases/fetch-stored.js';
import { contentOf } from './phases/merged-content.js';
import type { RecordChange } from './phases/record-state.js';
import { hasOthers, othersOf } from './rows-of-record.js';

/** What was written, and what was rejected of it. `stored`: what the store had of these records before. */
interface Written {
  readonly changes: Iterable<RecordChange>;
  readonly stored: StoredRecords;
  readonly rejected: readonly RejectedRow[];
}

/** A record's rows as they were before the group. */
interface RowsBefore {
  readonly rows: readonly StoredValues[];
  readonly savedAt: Date;
}

/**
 * Called if the record store permanently rejected a row of a record after it had accepted others. Gives the other rows their content from before the group again, made
 * from the stored record under ordinal 0, and removes those that are new. Returns whether it wrote tombstones.
 *
 * What then holds: ordinal 0 is as before the group in every respect, and so is each rejected row. The other rows have their old values and time, and the version that
 * follows the group's, so that a late write of the group cannot change them again. An attempt that repeats the group meets the same rejection, and leaves the same rows.
 */
export async function withdraw(
  run: GroupRun,
  generation: string,
  design: CompiledDesign,
  { changes, stored, rejected }: Written,
): Promise<boolean> {
  const incomplete = new Set(rejected.map(({ id }) => recordIdOf(id)));
  const wide: RecordChange[] = [];
  for (const change of changes) {
    const { recordId, rowCount } = change;
    if (incomplete.has(recordId) && hasOthers(rowCount, stored.get(recordId)?.rowCount ?? 0)) wide.push(change);
  }
  if (wide.length === 0) return false;
  await run.storeStep((store) => store.refresh(generation));
  for (const change of wide) {
    const before =
      (stored.get(change.recordId)?.rowCount ?? 0) > 0 ? await rowsBefore(run, generation, design, change) : NO_ROWS;
    if (before) await rewrite(run, generation, change, before);
  }
  return true;
}

const NO_ROWS: RowsBefore = { rows: [], savedAt: new Date(0) };

/** Makes the rows of a stored record again. Null, with a report, if that is not possible. */
async function rowsBefore(
  run: GroupRun,
  generation: string,
  design: CompiledDesign,
  { recordId }: RecordChange,
): Promise<RowsBefore | null> {
  const first = await firstRow(run, generation, recordId);
  if (!first?.source) return reportNotRestored(run, recordId, 'it is stored without its source');
  const { savedAt, source } = first;
  const record = parseKeptJson(source) as JsonObject;
  const answers = new JobAnswers('', null);
  const content = await inTurns(contentOf(design, record, { savedAt, text: { text: source }, answers }));
  if (answers.isWaiting) return reportNotRestored(run, recordId, 'its lookups may find other values now');
  if (content instanceof RecordMismatches) return reportNotRestored(run, recordId, 'it does not fit its design');
  return { rows: content.rows, savedAt };
}

async function firstRow(run: GroupRun, generation: string, recordId: string): Promise<Row | undefined> {
  const bounds = { maxRows: 1, maxBytes: 1 };
  const [row] = await run.storeStep((store) => store.scan(generation, EVERYTHING, `${recordId}-`, bounds));
  return row?.id === rowId(recordId, 0) ? row : undefined;
}

function reportNotRestored({ deps, held }: GroupRun, recordId: string, why: string): null {
  const message = `the rows of record ${recordId} cannot be made as they were: ${why}; rebuildDataset makes them again`;
  deps.reportError(new Error(message), `writing rows of dataset ${held.lease.datasetId}`);
  return null;
}

async function rewrite(run: GroupRun, generation: string, change: RecordChange, before: RowsBefore): Promise<void> {
  const { recordId, version, rowCount } = change;
  const writes = [...othersOf({ recordId, version: version + 1, ...before }, rowCount)];
  const [rejected] = await run.storeStep((store) => store.writeRows(generation, writes, run.held.stillOwned));
  if (rejected) reportNotRestored(run, recordId, `the record store rejects row ${rejected.id}: ${rejected.reason}`);
}
