import type { CompiledDesign } from '../../domain/design/compiled-design.js';
import type { StoredValues } from '../../domain/design/stored-value.js';
import type { JsonObject } from '../../domain/json/json-value.js';
import { parseJson } from '../../domain/json/parse-json.js';
import { stringifyJson } from '../../domain/json/stringify-json.js';
import { mergeRecords } from '../../domain/push/merge-records.js';
import { positionOf, rowId, versionOf } from '../../domain/record-id.js';
import type { RecordStore, Row, RowWrite } from '../../ports/record-store.js';
import { eventLoopTurns } from '../event-loop-turns.js';
import type { GivenRecord, JobInWork } from '../job-in-work.js';
import { mismatchOfSize } from '../row-size.js';
import type { StoredRecords } from './fetch-stored.js';

/** What a record is at one place of the lane. */
interface RecordState {
  /** Of the job that wrote it last; 0 where nobody did. */
  readonly version: number;
  /** 0 when it is not there. */
  readonly rowCount: number;
  readonly source: JsonObject | null;
  /** What the group has to write for it; empty where it stands as it is stored. */
  readonly writes: readonly RowWrite[];
}

const NOWHERE: RecordState = { version: 0, rowCount: 0, source: null, writes: [] };

/**
 * Joining: takes the jobs in lane order, each record onto what the ones before have made of it; a job that is refused changes nothing for those behind
 * it. Answers what is to be written: the last state of every record. A row that the record store could not take is a mismatch, here, before the
 * commit point. `first` is the group's first position.
 */
export async function join(
  work: readonly JobInWork[],
  design: CompiledDesign,
  stored: StoredRecords,
  store: RecordStore,
  first: number,
): Promise<RowWrite[]> {
  const joining = new Joining(design, stored, store, first);
  for (const inWork of work) {
    if (!inWork.refused) await joining.take(inWork);
  }
  return joining.writes();
}

class Joining {
  readonly #states = new Map<string, RecordState>();
  readonly #turns = eventLoopTurns();

  constructor(
    private readonly design: CompiledDesign,
    private readonly stored: StoredRecords,
    private readonly store: RecordStore,
    private readonly first: number,
  ) {}

  async take(inWork: JobInWork): Promise<void> {
    const changed = new Map<string, RecordState>();
    for (const given of inWork.given) {
      if (this.#isDone(given.recordId)) continue;
      const before = changed.get(given.recordId) ?? this.#stateOf(given.recordId);
      const after = given.use === 'DELETE' ? this.#delete(inWork, given, before) : this.#put(inWork, given, before);
      if (after) changed.set(given.recordId, after);
      await this.#turns.giveWay();
    }
    if (inWork.refused) return;
    for (const [recordId, state] of changed) this.#states.set(recordId, state);
  }

  writes(): RowWrite[] {
    const writes: RowWrite[] = [];
    for (const state of this.#states.values()) for (const write of state.writes) writes.push(write);
    return writes;
  }

  /** Written by an earlier attempt, which went on from what was stored before it. */
  #isDone(recordId: string): boolean {
    return (this.stored.get(recordId)?.version ?? 0) >= versionOf(this.first);
  }

  #stateOf(recordId: string): RecordState {
    const known = this.#states.get(recordId);
    if (known) return known;
    const row = this.stored.get(recordId);
    if (!row) return NOWHERE;
    const rowCount = 'deleted' in row ? 0 : row.rowCount;
    return { version: row.version, rowCount, source: null, writes: [] };
  }

  #delete(inWork: JobInWork, { recordId }: GivenRecord, before: RecordState): RecordState | null {
    if (before.rowCount === 0) {
      inWork.count('unchanged', 0, 0);
      return null;
    }
    inWork.count('deleted', 0, -before.rowCount);
    const version = versionOf(inWork.job.position);
    return { version, rowCount: 0, source: null, writes: tombstones(recordId, 0, before.rowCount, version) };
  }

  #put(inWork: JobInWork, given: GivenRecord, before: RecordState): RecordState | null {
    const { position, acceptedAt: savedAt } = inWork.job;
    // Only a replayed record can find that somebody has written behind its own place in the lane.
    if (positionOf(before.version) > given.position && before.version < versionOf(this.first)) {
      inWork.supersede(given.index);
      return null;
    }
    const { record, values } = this.#merged(given, before);
    const source = this.design.hasIdentifier ? stringifyJson(record) : undefined;
    const tooLarge = mismatchOfSize(values, source, this.store);
    if (tooLarge) {
      inWork.refuseRecord(given.index, [tooLarge]);
      return null;
    }
    const version = versionOf(position);
    const { recordId } = given;
    const id = rowId(recordId, 0);
    const row: Row = {
      id,
      recordId,
      ordinal: 0,
      rowCount: 1,
      version,
      savedAt,
      values,
      ...(source !== undefined && { source }),
    };
    inWork.count(before.rowCount === 0 ? 'added' : 'updated', 1, 1 - before.rowCount);
    const surplus = tombstones(recordId, 1, before.rowCount, version);
    return { version, rowCount: 1, source: record, writes: [row, ...surplus] };
  }

  /** An upsert goes onto what is stored; without that, and for a replacement, the record stands for itself. */
  #merged(given: GivenRecord, { rowCount, source }: RecordState): { record: JsonObject; values: StoredValues } {
    if (given.use !== 'UPSERT' || rowCount === 0) return given;
    const record = mergeRecords(source ?? this.#storedSource(given.recordId), given.record);
    return { record, values: this.design.convert(record).values };
  }

  #storedSource(recordId: string): JsonObject {
    const row = this.stored.get(recordId);
    if (!row || 'deleted' in row || row.source === undefined) {
      throw new Error(`record ${recordId} is stored without its source, which an upsert needs`);
    }
    return parseJson(row.source) as JsonObject;
  }
}

/** For the rows of a record from one ordinal up to another. */
function tombstones(recordId: string, from: number, to: number, version: number): RowWrite[] {
  const count = Math.max(0, to - from);
  return Array.from({ length: count }, (_, n) => ({ id: rowId(recordId, from + n), version, deleted: true }));
}
