import { sizeInMemory } from '../../domain/design/size-in-memory.js';
import type { LaneJob } from '../../domain/job/job.js';
import { RecordMismatches } from '../../domain/job/record-mismatches.js';
import type { JsonObject } from '../../domain/json/json-value.js';
import type {
  DeleteRecord,
  FittingRecord,
  ReplaceRecord,
  UnmadeRecord,
  UpsertRecord,
} from '../../domain/load/examined-payload.js';
import { HeldRows } from '../../domain/load/held-rows.js';
import type { JoinedJob } from '../../domain/load/joined-job.js';
import { positionOf, versionOf } from '../../domain/record-id.js';
import { eachInSlices } from '../../event-loop/turns.js';
import { maxLengthOf, recordOf } from '../record-text.js';
import { rowTooLarge } from '../row-mismatch.js';
import type { ExaminedJob } from './examine.js';
import { JobTally } from './job-tally.js';
import type { JoinContext } from './join-context.js';
import { mergedContent, replacedBy, rowCountOf } from './merged-content.js';
import type {
  MergedContent,
  RecordChange,
  RecordContent,
  RecordState,
  UnmadeContent,
  WholeContent,
} from './record-state.js';
import { readSources, SLICE_BYTES, type Sources } from './stored-sources.js';

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

/** Some records of a job, and the ids of the stored records that they are merged into. */
interface Slice {
  readonly slice: readonly FittingRecord[];
  readonly toRead: ReadonlySet<string>;
}

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
    const { run, target } = this.context;
    const { job } = examined.push;
    const tally = new JobTally(examined, this.context);
    const changed = new Map<string, RecordChange>();
    const given = tally.joined().isRefused ? [] : examined.fitting;
    const held = { length: 0 };
    for (const { slice, toRead } of this.#slicesOf(given, changed)) {
      const sources = await readSources(run, target.generation, toRead);
      await eachInSlices(slice, (one) => this.#take(one, { job, tally, changed, sources, held }));
    }
    const { joined, isRefused } = tally.joined();
    if (isRefused) return joined;
    this.#heldLength += held.length;
    for (const [recordId, change] of changed) this.#changes.set(recordId, change);
    return joined;
  }

  /** Splits the records, in order, into slices whose stored records fit into memory. */
  *#slicesOf(given: readonly FittingRecord[], changed: ReadonlyMap<string, RecordState>): Generator<Slice> {
    let slice: FittingRecord[] = [];
    let toRead = new Set<string>();
    let bytes = 0;
    for (const one of given) {
      let size = toRead.has(one.recordId) ? 0 : this.#bytesToRead(one, changed);
      if (size > 0 && slice.length > 0 && bytes + size > SLICE_BYTES) {
        yield { slice, toRead };
        [slice, toRead, bytes] = [[], new Set(), 0];
        // The slice may have changed the record.
        size = this.#bytesToRead(one, changed);
      }
      slice.push(one);
      if (size > 0) toRead.add(one.recordId);
      bytes += size;
    }
    if (slice.length > 0) yield { slice, toRead };
  }

  get changes(): readonly RecordChange[] {
    return [...this.#changes.values()];
  }

  /** For an upsert that is merged into a stored record: the size of that record. Otherwise 0. */
  #bytesToRead({ use, recordId }: FittingRecord, changed: ReadonlyMap<string, RecordState>): number {
    if (use !== 'UPSERT' || this.#isDone(recordId)) return 0;
    return isOntoStored(this.#before(recordId, changed))
      ? Math.max(1, this.context.stored.get(recordId)?.bytes ?? 0)
      : 0;
  }

  #before(recordId: string, changed: ReadonlyMap<string, RecordState>): RecordState {
    return changed.get(recordId) ?? this.#changes.get(recordId) ?? this.#asStored(recordId);
  }

  #asStored(recordId: string): RecordState {
    const { version = 0, rowCount = 0, hidden = false } = this.context.stored.get(recordId) ?? {};
    return { recordId, version, held: hidden || rowCount > 0, rowCount, content: { kind: 'STORED' } };
  }

  /** Whether an earlier attempt of the group has already written the record. */
  #isDone(recordId: string): boolean {
    return (this.context.stored.get(recordId)?.version ?? 0) >= this.#ownVersion;
  }

  *#take(given: FittingRecord, steps: JobSteps): Generator<void> {
    const { recordId } = given;
    if (this.#isDone(recordId)) return;
    const before = this.#before(recordId, steps.changed);
    if (given.use === 'DELETE') this.#delete(given, before, steps);
    else if (this.#isSuperseded(given, before, steps.job)) steps.tally.supersede(given.index);
    else yield* this.#put(given, before, steps);
  }

  #delete({ recordId }: DeleteRecord, { held, rowCount }: RecordState, { job, tally, changed }: JobSteps): void {
    tally.count(rowCount, 0);
    if (!held) return;
    const place = { recordId, version: versionOf(job.position), savedAt: job.acceptedAt };
    changed.set(recordId, { ...place, held: false, rowCount: 0, content: { kind: 'DELETED' } });
  }

  /** Whether a job after the record's own position has written it. Only possible for replayed records. */
  #isSuperseded({ index }: FittingRecord, { version }: RecordState, job: LaneJob): boolean {
    const position = job.replayOf?.[index]?.position ?? job.position;
    return positionOf(version) > position && version < this.#ownVersion;
  }

  *#put(given: ReplaceRecord | UnmadeRecord | UpsertRecord, before: RecordState, steps: JobSteps): Generator<void> {
    if (given.use === 'REPLACE') {
      this.#change(given, before, rowCountOf(given), replacedBy(given), steps);
      return;
    }
    const merged = yield* this.#merged(given, before, steps);
    if (merged instanceof RecordMismatches) {
      steps.tally.refuse(given.index, merged);
      return;
    }
    const content = this.#kept(given, before, merged, steps);
    const { isUnplaced, rows } = merged;
    const change = this.#change({ ...given, ...(isUnplaced && { isUnplaced }) }, before, rows.length, content, steps);
    if (content.kind === 'MERGED' && merged.text) this.#lastMerged = { change, record: recordOf(merged.text) };
  }

  #change(
    { recordId, isUnplaced }: FittingRecord,
    before: RecordState,
    rowCount: number,
    content: RecordContent,
    { job, tally, changed }: JobSteps,
  ): RecordChange {
    tally.count(before.rowCount, rowCount, isUnplaced);
    const place = { recordId, version: versionOf(job.position), savedAt: job.acceptedAt };
    const change = { ...place, held: true, rowCount, content };
    changed.set(recordId, change);
    return change;
  }

  /** The complete record after an upsert, or why it is refused. Invariant: after the commit point no record is refused. */
  *#merged(
    given: UpsertRecord,
    before: RecordState,
    { job, sources }: JobSteps,
  ): Generator<void, WholeContent | RecordMismatches> {
    const { design, run, target, answers: book } = this.context;
    const answers = book.of(job.position);
    const lastMerged = this.#lastMerged?.change === before ? this.#lastMerged.record : null;
    const content = yield* mergedContent(design, given, before, { job, sources, lastMerged, answers });
    const isWhole = !(content instanceof RecordMismatches);
    if (target.committed) {
      if (isWhole) return content;
      throw new Error(`record ${given.index} of job ${job.id} passed the commit point, but now its merge does not fit`);
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
