import { sizeInMemory } from '../../domain/design/size-in-memory.js';
import type { LaneJob } from '../../domain/job/job.js';
import { RecordMismatches } from '../../domain/job/record-mismatches.js';
import type { JsonObject } from '../../domain/json/json-value.js';
import type { DeleteRecord, FittingRecord, UpsertRecord } from '../../domain/load/examined-payload.js';
import { HeldRows } from '../../domain/load/held-rows.js';
import type { JoinedJob } from '../../domain/load/joined-job.js';
import { positionOf, versionOf } from '../../domain/record-id.js';
import { eachInSlices, eachInTurns } from '../../event-loop/turns.js';
import type { StoredRow } from '../../ports/record-store.js';
import { maxLengthOf } from '../record-text.js';
import { rowTooLarge } from '../row-mismatch.js';
import type { ExaminedJob } from './examine.js';
import { JobTally } from './job-tally.js';
import type { JoinContext } from './join-context.js';
import {
  contentOf,
  contentWithoutSteps,
  type MergedRecord,
  mergedRecord,
  replacedBy,
  rowCountOf,
} from './merged-content.js';
import type {
  MergedContent,
  RecordChange,
  RecordContent,
  RecordState,
  UnmadeContent,
  WholeContent,
} from './record-state.js';
import { slicesOf } from './slices-to-read.js';
import { readSources, type Sources } from './stored-sources.js';

/** A group keeps the rows of merged records in memory until their JSON texts exceed this many characters. The rows of further records are made again when written. */
const HELD_LENGTH = 16 * 1024 * 1024;

/** The state of one job while {@link MergedRecords} joins it. */
interface JobSteps {
  readonly job: LaneJob;
  readonly tally: JobTally;
  /** The records that the job changes. Dropped if the job is refused. */
  readonly changed: Map<string, RecordChange>;
  /** The stored records that the upserts of this slice are merged into. */
  readonly sources: Sources;
  /** How many characters of merged records the job keeps in memory. */
  readonly held: { length: number };
}

/** An upsert, the state of its record before, and the record after it. */
interface MergedUpsert {
  readonly given: UpsertRecord;
  readonly before: RecordState;
  readonly merged: MergedRecord;
}

const AS_STORED = { kind: 'STORED' } as const;

/** Joins records of a design with identifiers: each is applied to the state that earlier jobs of the group, or the store, have under its id. */
export class MergedRecords {
  readonly #changes = new Map<string, RecordChange>();
  /** Rows with this version or a greater one were written by this group. */
  readonly #ownVersion: number;
  #heldLength = 0;
  readonly #heldRows: HeldRows;
  /** The last merged record whose rows are not kept. The next upsert is often into the same record. */
  #lastMerged: { readonly change: RecordChange; readonly record: JsonObject } | undefined;

  constructor(private readonly context: JoinContext) {
    this.#ownVersion = versionOf(context.target.first);
    this.#heldRows = new HeldRows(context.run.progress.group.bytes);
  }

  async join(examined: ExaminedJob): Promise<JoinedJob> {
    const { run, target, design } = this.context;
    const { job } = examined.push;
    const tally = new JobTally(examined, this.context);
    const changed = new Map<string, RecordChange>();
    const given = tally.joined().isRefused ? [] : examined.fitting;
    const held = { length: 0 };
    for (const { slice, toRead } of slicesOf(given, (one) => this.#bytesToRead(one, changed))) {
      const sources = await readSources(run, target.generation, toRead);
      const steps = { job, tally, changed, sources, held };
      if (design.runSteps) await eachInSlices(slice, (one) => this.#takeInSlices(one, steps));
      else await eachInTurns(slice, (one) => this.#take(one, steps));
    }
    const { joined, isRefused } = tally.joined();
    if (isRefused) return joined;
    this.#heldLength += held.length;
    for (const [recordId, change] of changed) this.#changes.set(recordId, change);
    return joined;
  }

  get changes(): readonly RecordChange[] {
    return [...this.#changes.values()];
  }

  /** For an upsert that is merged into a stored record, if its source was not read with it: the size of that record. Otherwise 0. */
  #bytesToRead({ use, recordId }: FittingRecord, changed: ReadonlyMap<string, RecordState>): number {
    if (use !== 'UPSERT') return 0;
    const before = this.#before(recordId, changed);
    const { stored } = before;
    if (!stored || stored.source !== undefined || this.#isDone(stored) || !isOntoStored(before)) return 0;
    return Math.max(1, stored.bytes);
  }

  #before(recordId: string, changed: ReadonlyMap<string, RecordState>): RecordState {
    return changed.get(recordId) ?? this.#changes.get(recordId) ?? this.#asStored(recordId);
  }

  #asStored(recordId: string): RecordState {
    const stored = this.context.stored.get(recordId);
    if (!stored) return { recordId, stored, version: 0, held: false, rowCount: 0, content: AS_STORED };
    const { version, rowCount, hidden } = stored;
    return { recordId, stored, version, held: hidden || rowCount > 0, rowCount, content: AS_STORED };
  }

  /** Whether an earlier attempt of the group has already written the record. */
  #isDone(stored: StoredRow | undefined): boolean {
    return stored !== undefined && stored.version >= this.#ownVersion;
  }

  /** Takes the next record under a design without steps. */
  #take(given: FittingRecord, steps: JobSteps): void {
    const upsert = this.#begin(given, steps);
    if (upsert) this.#end(upsert, contentWithoutSteps(this.context.design, upsert.merged), steps);
  }

  /** Takes the next record under any design. Steps run in slices. */
  *#takeInSlices(given: FittingRecord, steps: JobSteps): Generator<void> {
    const upsert = this.#begin(given, steps);
    if (!upsert) return;
    const { design, answers: book } = this.context;
    const { position, acceptedAt: savedAt } = steps.job;
    const { record, text } = upsert.merged;
    const content = yield* contentOf(design, record, { savedAt, text, answers: book.of(position) });
    this.#end(upsert, content, steps);
  }

  /** Applies a record, and returns null; or merges an upsert, and returns the record whose content is then needed. */
  #begin(given: FittingRecord, steps: JobSteps): MergedUpsert | null {
    const before = this.#before(given.recordId, steps.changed);
    if (this.#isDone(before.stored)) return null;
    if (given.use === 'DELETE') this.#delete(given, before, steps);
    else if (this.#isSuperseded(given, before, steps.job)) steps.tally.supersede(given.index);
    else if (given.use === 'REPLACE') this.#change(given, before, rowCountOf(given), replacedBy(given), steps);
    else {
      const lastMerged = this.#lastMerged?.change === before ? this.#lastMerged.record : null;
      return { given, before, merged: mergedRecord(given, before, { sources: steps.sources, lastMerged }) };
    }
    return null;
  }

  #delete(
    { recordId }: DeleteRecord,
    { held, rowCount, stored }: RecordState,
    { job, tally, changed }: JobSteps,
  ): void {
    tally.count(rowCount, 0);
    if (!held) return;
    const written = { version: versionOf(job.position), savedAt: job.acceptedAt };
    changed.set(recordId, { recordId, stored, held: false, rowCount: 0, content: { kind: 'DELETED' }, ...written });
  }

  /** Whether a job after the record's own position has written it. Only possible for replayed records. */
  #isSuperseded({ index }: FittingRecord, { version }: RecordState, job: LaneJob): boolean {
    const position = job.replayOf?.[index]?.position ?? job.position;
    return positionOf(version) > position && version < this.#ownVersion;
  }

  #end({ given, before, merged }: MergedUpsert, made: WholeContent | RecordMismatches, steps: JobSteps): void {
    const checked = this.#checked(given, made, steps);
    if (checked instanceof RecordMismatches) {
      steps.tally.refuse(given.index, checked);
      return;
    }
    const content = this.#kept(given, before, checked, steps);
    const change = this.#change(checked, before, checked.rows.length, content, steps);
    if (content.kind === 'MERGED') this.#lastMerged = { change, record: merged.record };
  }

  #change(
    { isUnplaced }: Pick<FittingRecord, 'isUnplaced'>,
    { recordId, stored, rowCount: rowsBefore }: RecordState,
    rowCount: number,
    content: RecordContent,
    { job, tally, changed }: JobSteps,
  ): RecordChange {
    tally.count(rowsBefore, rowCount, isUnplaced);
    const [version, savedAt] = [versionOf(job.position), job.acceptedAt];
    const change = { recordId, stored, version, savedAt, held: true, rowCount, content };
    changed.set(recordId, change);
    return change;
  }

  /** The content of a complete record after an upsert, or why it is refused. Invariant: after the commit point no record is refused. */
  #checked(
    { index }: UpsertRecord,
    content: WholeContent | RecordMismatches,
    { job }: JobSteps,
  ): WholeContent | RecordMismatches {
    const { run, target } = this.context;
    const isWhole = !(content instanceof RecordMismatches);
    if (target.committed) {
      if (isWhole) return content;
      throw new Error(`record ${index} of job ${job.id} passed the commit point, but now its merge does not fit`);
    }
    return isWhole ? (rowTooLarge(content.rows, content.text, run.deps.records) ?? content) : content;
  }

  /** Keeps merged rows in memory up to a limit, because stored records, and what steps make of records, may be much larger than the pushed ones. */
  #kept(
    given: UpsertRecord,
    state: RecordState,
    merged: WholeContent,
    { held }: JobSteps,
  ): WholeContent | UnmadeContent | MergedContent {
    const size = this.context.design.runSteps ? sizeInMemory(merged.rows) : 0;
    const text = merged.text ?? { text: '{}' };
    if (!isOntoStored(state))
      return this.#heldRows.keep(size) ? merged : { kind: 'UNMADE', record: text, hasText: true, size };
    const maxLength = maxLengthOf(text);
    if (this.#heldLength + held.length + maxLength <= HELD_LENGTH && this.#heldRows.keep(size)) {
      held.length += maxLength;
      return merged;
    }
    const before = state.content.kind === 'MERGED' ? state.content.upserts : null;
    return { kind: 'MERGED', upserts: { record: given.record, before }, maxLength, size };
  }
}

/** Whether an upsert into a record in this state needs the stored record. */
function isOntoStored({ content, held }: RecordState): boolean {
  return content.kind === 'MERGED' || (content.kind === 'STORED' && held);
}
