import type { CompiledDesign } from '../../domain/design/compiled-design.js';
import { RecordMismatches } from '../../domain/job/record-mismatches.js';
import type { JsonObject } from '../../domain/json/json-value.js';
import { mergeRecords } from '../../domain/push/merge-records.js';
import { positionOf, rowId, versionOf } from '../../domain/record-id.js';
import { eventLoopTurns } from '../event-loop-turns.js';
import type { GroupRun } from '../group-run.js';
import type { GivenRecord, JobInWork } from '../job-in-work.js';
import { bytesOfRow, mismatchOfSize } from '../row-mismatch.js';
import type { StoredRecords } from './fetch-stored.js';
import { mergedOnto, type RecordState, wholeOf } from './record-state.js';

/** What the port says of a stored row's bytes. */
const COUNTED_PER_STORED_BYTE = 32;

/** Where a run of jobs is loaded to. */
export interface Target {
  readonly generation: string;
  /** The first of their positions. */
  readonly first: number;
  /** They have passed their commit points: what can refuse a record did not. */
  readonly committed: boolean;
}

/**
 * Joining: takes the jobs in lane order, each record onto what the ones before have made of it; a job that is refused changes nothing for those after
 * it. Answers the last state of every record that is to be written. A row that the record store could not take is a mismatch, here, before the commit
 * point. What an upsert gives is only noted where it goes onto a stored record: the group's stored records may be too many to be held at once.
 */
export async function join(
  run: GroupRun,
  target: Target,
  work: readonly JobInWork[],
  design: CompiledDesign,
  stored: StoredRecords,
): Promise<ReadonlyMap<string, RecordState>> {
  const joining = new Joining(run, target, design, stored);
  for (const inWork of work) {
    if (!inWork.refused) await joining.take(inWork);
  }
  return joining.states;
}

class Joining {
  readonly states = new Map<string, RecordState>();
  readonly #turns = eventLoopTurns();
  /** The version from which on a row is of this group. */
  readonly #ownVersion: number;
  /** The record merged last, for upserts that follow onto the same one. */
  #merged: { readonly state: RecordState; readonly record: JsonObject } | undefined;

  constructor(
    private readonly run: GroupRun,
    private readonly target: Target,
    private readonly design: CompiledDesign,
    private readonly stored: StoredRecords,
  ) {
    this.#ownVersion = versionOf(target.first);
  }

  async take(inWork: JobInWork): Promise<void> {
    const changed = new Map<string, RecordState>();
    for (const given of inWork.given) {
      const { recordId } = given;
      if (this.#isDone(recordId)) continue;
      const before = changed.get(recordId) ?? this.states.get(recordId) ?? this.#asStored(recordId);
      const after = given.use === 'DELETE' ? this.#delete(inWork, before) : await this.#put(inWork, given, before);
      if (after) changed.set(recordId, after);
      await this.#turns.giveWay();
    }
    if (inWork.refused) return;
    for (const [recordId, state] of changed) this.states.set(recordId, state);
  }

  /** Written by an earlier attempt, which went on from what was stored before it. */
  #isDone(recordId: string): boolean {
    return (this.stored.get(recordId)?.version ?? 0) >= this.#ownVersion;
  }

  #asStored(recordId: string): RecordState {
    const { version = 0, rowCount = 0, bytes = 0 } = this.stored.get(recordId) ?? {};
    return { version, rowCount, savedAt: null, whole: null, upserts: null, maxBytes: COUNTED_PER_STORED_BYTE * bytes };
  }

  #delete(inWork: JobInWork, before: RecordState): RecordState | null {
    if (before.rowCount === 0) {
      inWork.count('unchanged', 0, 0);
      return null;
    }
    inWork.count('deleted', 0, -before.rowCount);
    const gone = { rowCount: 0, whole: null, upserts: null, maxBytes: 0 };
    return { ...gone, version: versionOf(inWork.job.position), savedAt: inWork.job.acceptedAt };
  }

  async #put(inWork: JobInWork, given: GivenRecord, before: RecordState): Promise<RecordState | null> {
    const { position, acceptedAt: savedAt } = inWork.job;
    // Only a replayed record can find that somebody has written after its own place in the lane.
    if (positionOf(before.version) > given.position && before.version < this.#ownVersion) {
      inWork.supersede(given.index);
      return null;
    }
    const place = { version: versionOf(position), savedAt, rowCount: 1 };
    const isOntoStored = given.use === 'UPSERT' && before.rowCount > 0 && before.whole === null;
    const after = isOntoStored ? await this.#noteUpsert(given, before, place) : this.#makeWhole(given, before, place);
    const { maxRowBytes } = this.run.deps.records.limits;
    // An earlier attempt has found that all committed records fit.
    if (after.maxBytes > maxRowBytes && !this.target.committed) {
      inWork.refuseRecord(given.index, RecordMismatches.of(mismatchOfSize(after.maxBytes, maxRowBytes)));
      return null;
    }
    inWork.count(before.rowCount === 0 ? 'added' : 'updated', 1, 1 - before.rowCount);
    return after;
  }

  /** A replacement stands for itself; an upsert goes onto what the group gave before, if that is there. */
  #makeWhole(given: GivenRecord, { whole: before }: RecordState, place: Place): RecordState {
    const isMerged = given.use === 'UPSERT' && before !== null;
    const record = isMerged ? mergeRecords(before.record, given.record) : given.record;
    const whole = wholeOf(this.design, record, isMerged ? undefined : given.values);
    return { ...place, whole, upserts: null, maxBytes: bytesOfRow(whole, this.run.deps.records) };
  }

  /** What is stored is looked at only where the record could become too large. */
  async #noteUpsert(given: GivenRecord, before: RecordState, place: Place): Promise<RecordState> {
    const { records } = this.run.deps;
    const upserts = { record: given.record, before: before.upserts };
    const maxBytes = before.maxBytes + bytesOfRow(wholeOf(this.design, given.record, given.values), records);
    const noted = { ...place, whole: null, upserts, maxBytes };
    if (maxBytes <= records.limits.maxRowBytes || this.target.committed) return noted;
    const record =
      this.#merged?.state === before
        ? mergeRecords(this.#merged.record, given.record)
        : mergedOnto(given.recordId, await this.#sourceOf(given.recordId), upserts);
    const state = { ...noted, maxBytes: bytesOfRow(wholeOf(this.design, record), records) };
    this.#merged = { state, record };
    return state;
  }

  async #sourceOf(recordId: string): Promise<string | undefined> {
    const { generation } = this.target;
    const id = rowId(recordId, 0);
    return (await this.run.storeStep((store) => store.readSources(generation, [id]))).get(id);
  }
}

type Place = Pick<RecordState, 'version' | 'savedAt' | 'rowCount'>;
