import { boundedBatches } from '../../domain/bounded-batches.js';
import type { LaneJob } from '../../domain/job/job.js';
import { RecordMismatches } from '../../domain/job/record-mismatches.js';
import type { DeleteRecord, FittingRecord, ReplaceRecord, UpsertRecord } from '../../domain/load/examined-payload.js';
import type { JoinedJob } from '../../domain/load/joined-job.js';
import { positionOf, versionOf } from '../../domain/record-id.js';
import { rowTooLarge } from '../row-mismatch.js';
import type { ExaminedJob } from './examine.js';
import { JobTally } from './job-tally.js';
import type { JoinContext } from './join-context.js';
import { mergedContent, wholeOf } from './merged-content.js';
import type { MergedContent, RecordChange, RecordState, WholeContent } from './record-state.js';
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
}

/** Joins records of a design with identifiers: each is applied to the state that earlier jobs of the group, or the store, have under its id. */
export class MergedRecords {
  readonly #changes = new Map<string, RecordChange>();
  /** Rows with this version or a greater one were written by this group. */
  readonly #ownVersion: number;
  #heldLength = 0;

  constructor(private readonly context: JoinContext) {
    this.#ownVersion = versionOf(context.target.first);
  }

  async join(examined: ExaminedJob): Promise<JoinedJob> {
    const { run, target, turns } = this.context;
    const { job } = examined.push;
    const tally = new JobTally(examined, this.context);
    const changed = new Map<string, RecordChange>();
    const fitting = tally.joined().isRefused ? [] : examined.fitting;
    const bytesToRead = (one: FittingRecord) => this.#bytesToRead(one, changed);
    for (const slice of boundedBatches(fitting, bytesToRead, { maxBytes: SLICE_BYTES })) {
      const needed = slice.filter((one) => bytesToRead(one) > 0).map(({ recordId }) => recordId);
      const sources = await readSources(run, target.generation, needed);
      await turns.each(slice, (one) => this.#take(one, { job, tally, changed, sources }));
    }
    const { joined, isRefused } = tally.joined();
    if (!isRefused) for (const [recordId, change] of changed) this.#changes.set(recordId, change);
    return joined;
  }

  get changes(): readonly RecordChange[] {
    return [...this.#changes.values()];
  }

  /** For an upsert that is merged into a stored record: the size of that record. Otherwise 0. */
  #bytesToRead({ use, recordId }: FittingRecord, changed: ReadonlyMap<string, RecordState>): number {
    if (use !== 'UPSERT' || this.#isDone(recordId)) return 0;
    const { rowCount, content } = this.#before(recordId, changed);
    const needsSource = content.kind === 'MERGED' || (content.kind === 'STORED' && rowCount > 0);
    return needsSource ? Math.max(1, this.context.stored.get(recordId)?.bytes ?? 0) : 0;
  }

  #before(recordId: string, changed: ReadonlyMap<string, RecordState>): RecordState {
    return changed.get(recordId) ?? this.#changes.get(recordId) ?? this.#asStored(recordId);
  }

  #asStored(recordId: string): RecordState {
    const { version = 0, rowCount = 0 } = this.context.stored.get(recordId) ?? {};
    return { recordId, version, rowCount, content: { kind: 'STORED' } };
  }

  /** Whether an earlier attempt of the group has already written the record. */
  #isDone(recordId: string): boolean {
    return (this.context.stored.get(recordId)?.version ?? 0) >= this.#ownVersion;
  }

  #take(incoming: FittingRecord, steps: JobSteps): void {
    const { recordId } = incoming;
    if (this.#isDone(recordId)) return;
    const before = this.#before(recordId, steps.changed);
    if (incoming.use === 'DELETE') this.#delete(incoming, before, steps);
    else if (this.#isSuperseded(incoming, before, steps.job)) steps.tally.supersede(incoming.index);
    else this.#put(incoming, before, steps);
  }

  #delete({ recordId }: DeleteRecord, { rowCount }: RecordState, { job, tally, changed }: JobSteps): void {
    if (rowCount === 0) {
      tally.count('unchanged', 0, 0);
      return;
    }
    tally.count('deleted', 0, -rowCount);
    const version = versionOf(job.position);
    changed.set(recordId, { recordId, version, savedAt: job.acceptedAt, rowCount: 0, content: { kind: 'DELETED' } });
  }

  /** Whether a job after the record's own position has written it. Only possible for replayed records. */
  #isSuperseded({ index }: FittingRecord, { version }: RecordState, job: LaneJob): boolean {
    const position = job.replayOf?.[index]?.position ?? job.position;
    return positionOf(version) > position && version < this.#ownVersion;
  }

  #put(incoming: ReplaceRecord | UpsertRecord, before: RecordState, steps: JobSteps): void {
    const { job, tally, changed } = steps;
    const { recordId, index } = incoming;
    const content = this.#contentOf(incoming, before, steps);
    if (content instanceof RecordMismatches) {
      tally.refuse(index, content);
      return;
    }
    const rowCount = content.rows.length;
    tally.count(before.rowCount === 0 ? 'added' : 'updated', rowCount, rowCount - before.rowCount);
    const change = { recordId, version: versionOf(job.position), savedAt: job.acceptedAt, rowCount };
    changed.set(recordId, { ...change, content: this.#held(incoming, before, content) });
  }

  /** The complete record, or why it is refused. Invariant: after the commit point no record is refused. */
  #contentOf(incoming: ReplaceRecord | UpsertRecord, before: RecordState, { job, sources }: JobSteps) {
    const { design, run, target } = this.context;
    const content =
      incoming.use === 'REPLACE' ? wholeOf(incoming) : mergedContent(design, incoming, before, { job, sources });
    const isWhole = !(content instanceof RecordMismatches);
    if (target.committed) {
      if (isWhole) return content;
      throw new Error(
        `record ${incoming.index} of job ${job.id} passed the commit point, but now its merge does not fit`,
      );
    }
    return isWhole ? (rowTooLarge(content.rows, content.source, run.deps.records) ?? content) : content;
  }

  /** Keeps merged rows in memory up to a limit, because stored records may be much larger than the pushed ones. */
  #held(
    incoming: ReplaceRecord | UpsertRecord,
    { content }: RecordState,
    merged: WholeContent,
  ): WholeContent | MergedContent {
    if (incoming.use === 'REPLACE' || content.kind === 'WHOLE' || content.kind === 'DELETED') return merged;
    const length = merged.source?.length ?? 0;
    if (this.#heldLength + length <= HELD_LENGTH) {
      this.#heldLength += length;
      return merged;
    }
    const before = content.kind === 'MERGED' ? content.upserts : null;
    return { kind: 'MERGED', upserts: { record: incoming.record, before } };
  }
}
