import { boundedBatches } from '../../domain/bounded-batches.js';
import type { CompiledDesign } from '../../domain/design/compiled-design.js';
import { rowId } from '../../domain/record-id.js';
import type { RejectedRow, RowWrite } from '../../ports/record-store.js';
import { eventLoopTurns } from '../event-loop-turns.js';
import type { GroupRun } from '../group-run.js';
import type { StoredRecords } from './fetch-stored.js';
import { mergedOnto, type RecordState, type WholeRecord, wholeOf } from './record-state.js';

/** The bytes of stored records that are held at once to be merged with; a single one may be larger. */
const SLICE_BYTES = 8 * 1024 * 1024;

interface WrittenRows {
  /** Whether tombstones are among them. */
  readonly deletedRows: boolean;
  /** Those that the record store will never take. */
  readonly rejected: readonly RejectedRow[];
}

/** FillingEs: writes the rows of all records, slice by slice, so that memory holds a slice's, and makes them visible. */
export async function writeRows(
  run: GroupRun,
  generation: string,
  design: CompiledDesign,
  states: ReadonlyMap<string, RecordState>,
  stored: StoredRecords,
): Promise<WrittenRows> {
  if (states.size === 0) return { deletedRows: false, rejected: [] };
  const turns = eventLoopTurns();
  const rejected: RejectedRow[] = [];
  let deletedRows = false;
  for (const slice of slicesOf(states, stored)) {
    const onto = slice.flatMap(([recordId, { upserts }]) => (upserts ? [rowId(recordId, 0)] : []));
    const sources = onto.length > 0 ? await run.storeStep((store) => store.readSources(generation, onto)) : new Map();
    const writes: RowWrite[] = [];
    for (const [recordId, state] of slice) {
      const { upserts } = state;
      const source = () => mergedOnto(recordId, sources.get(rowId(recordId, 0)), upserts);
      const whole = upserts ? wholeOf(design, source()) : state.whole;
      for (const write of writesOf(recordId, state, whole, stored.get(recordId)?.rowCount ?? 0)) writes.push(write);
      await turns.giveWay();
    }
    deletedRows ||= writes.some((write) => 'deleted' in write);
    rejected.push(...(await run.storeStep((store) => store.writeRows(generation, writes, run.held.stillOwned))));
  }
  await run.storeStep((store) => store.refresh(generation));
  return { deletedRows, rejected };
}

function slicesOf(states: ReadonlyMap<string, RecordState>, stored: StoredRecords) {
  const bytesOf = ([recordId, { upserts }]: readonly [string, RecordState]) =>
    upserts ? (stored.get(recordId)?.bytes ?? 0) : 0;
  return boundedBatches(states, bytesOf, { maxBytes: SLICE_BYTES });
}

/** The record's row, and tombstones for those it had more; a deleted record leaves one at least, which tells who deleted it. */
function writesOf(
  recordId: string,
  { version, savedAt }: RecordState,
  whole: WholeRecord | null,
  storedRows: number,
): RowWrite[] {
  const rows: RowWrite[] = [];
  if (whole && savedAt) {
    const { values, source } = whole;
    const place = { id: rowId(recordId, 0), recordId, ordinal: 0, rowCount: 1 };
    rows.push({ ...place, version, savedAt, values, ...(source !== undefined && { source }) });
  }
  for (let ordinal = rows.length; ordinal < Math.max(1, storedRows); ordinal += 1)
    rows.push({ id: rowId(recordId, ordinal), version, deleted: true });
  return rows;
}
