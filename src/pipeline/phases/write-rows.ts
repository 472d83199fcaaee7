import { boundedBatches } from '../../domain/bounded-batches.js';
import type { CompiledDesign } from '../../domain/design/compiled-design.js';
import { RecordMismatches } from '../../domain/job/record-mismatches.js';
import type { RejectedRow, RowWrite } from '../../ports/record-store.js';
import { EventLoopTurns } from '../event-loop-turns.js';
import type { GroupRun } from '../group-run.js';
import { textOf } from '../record-text.js';
import { rowsAndTombstones } from '../rows-of-record.js';
import type { StoredRecords } from './fetch-stored.js';
import { contentOf } from './merged-content.js';
import type { MergedContent, RecordChange } from './record-state.js';
import { mergedOnto, readSources, SLICE_BYTES, type Sources } from './stored-sources.js';

export interface WrittenRows {
  /** Whether tombstones were written. */
  readonly deletedRows: boolean;
  /** Rows that the record store permanently rejected. */
  readonly rejected: readonly RejectedRow[];
}

/** FILLING_ES: writes the rows of all changed records; a refresh makes them visible. Records with pending merges are merged in slices. */
export async function writeRows(
  run: GroupRun,
  generation: string,
  design: CompiledDesign,
  changes: Iterable<RecordChange>,
  stored: StoredRecords,
): Promise<WrittenRows> {
  const merged: RecordChange<MergedContent>[] = [];
  let isAny = false;
  let deletedRows = false;
  for (const change of changes) {
    isAny = true;
    deletedRows ||= change.rowCount < storedRowsOf(stored, change.recordId);
    if (isMerged(change)) merged.push(change);
  }
  if (!isAny) return { deletedRows: false, rejected: [] };
  const write = (writes: Iterable<RowWrite>) =>
    run.storeStep((store) => store.writeRows(generation, writes, run.held.stillOwned));
  const rejected = [...(await write({ [Symbol.iterator]: () => writesOf(changes, stored) }))];
  for (const slice of slicesOf(merged, stored)) {
    const sources = await readSources(
      run,
      generation,
      slice.map(({ recordId }) => recordId),
    );
    const wholes: RecordChange[] = [];
    await new EventLoopTurns().each(slice, (change) => wholes.push(madeWhole(design, change, sources)));
    rejected.push(...(await write([...writesOf(wholes, stored)])));
  }
  return { deletedRows, rejected };
}

function isMerged(change: RecordChange): change is RecordChange<MergedContent> {
  return change.content.kind === 'MERGED';
}

function slicesOf(merged: readonly RecordChange<MergedContent>[], stored: StoredRecords) {
  return boundedBatches(merged, ({ recordId }) => stored.get(recordId)?.bytes ?? 0, { maxBytes: SLICE_BYTES });
}

/** Merges a record again, as before the commit point. It fitted then, so it must fit now. */
function madeWhole(design: CompiledDesign, change: RecordChange<MergedContent>, sources: Sources): RecordChange {
  const { recordId, savedAt } = change;
  const { upserts, maxLength } = change.content;
  const content = contentOf(design, mergedOnto(recordId, sources, upserts), { savedAt, maxLength });
  if (content instanceof RecordMismatches)
    throw new Error(`record ${recordId} fitted at the commit point, but does not fit now`);
  return { ...change, content };
}

/** Creates rows and tombstones one by one while they are sent. */
function* writesOf(changes: Iterable<RecordChange>, stored: StoredRecords): Generator<RowWrite> {
  for (const { recordId, version, savedAt, content } of changes) {
    if (content.kind === 'MERGED' || content.kind === 'STORED') continue;
    const { rows, text } = content.kind === 'WHOLE' ? content : NO_CONTENT;
    const source = text && textOf(text);
    yield* rowsAndTombstones({ recordId, version, savedAt, rows, source }, stored.get(recordId)?.rowCount ?? 0);
  }
}

const NO_CONTENT = { rows: [], text: undefined };

/** How many rows and tombstones a change writes at least. */
function storedRowsOf(stored: StoredRecords, recordId: string): number {
  return Math.max(1, stored.get(recordId)?.rowCount ?? 0);
}
