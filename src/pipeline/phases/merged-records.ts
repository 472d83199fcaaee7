import { boundedBatches } from '../../domain/bounded-batches.js';
import type { LaneJob } from '../../domain/job/job.js';
import { RecordMismatches } from '../../domain/job/record-mismatches.js';
import type { GivenDelete, GivenRecord, GivenUpsert, GivenWhole } from '../../domain/load/examined-payload.js';
import type { JoinedJob } from '../../domain/load/joined-job.js';
import { positionOf, versionOf } from '../../domain/record-id.js';
import { rowTooLarge } from '../row-mismatch.js';
import type { ExaminedJob } from './examine.js';
import { JobTally } from './job-tally.js';
import type { JoinContext } from './join-context.js';
import { mergedContent, wholeOf } from './merged-content.js';
import type { MergedContent, RecordChange, RecordState, WholeContent } from './record-state.js';
import { readSources, SLICE_BYTES, type Sources } from './stored-sources.js';

/** The characters of JSON text of merged records whose rows a group holds until they are written. */
const HELD_LENGTH = 16 * 1024 * 1024;

/** One job on its way through {@link MergedRecords}. */
interface JobSteps {
  readonly job: LaneJob;
  readonly tally: JobTally;
  /** What it makes of records, as long as it is not refused. */
  readonly changed: Map<string, RecordChange>;
  /** The stored records that upserts of this slice are merged onto. */
  readonly sources: Sources;
}

/** Records of a design with identifiers: each goes onto what the group before it, or the store, has under its id. */
export class MergedRecords {
  readonly #changes = new Map<string, RecordChange>();
  /** The version from which on a row is of this group. */
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
    const given = tally.joined().isRefused ? [] : examined.given;
    const bytesToRead = (one: GivenRecord) => this.#bytesToRead(one, changed);
    for (const slice of boundedBatches(given, bytesToRead, { maxBytes: SLICE_BYTES })) {
      const onto = slice.filter((one) => bytesToRead(one) > 0).map(({ recordId }) => recordId);
      const sources = await readSources(run, target.generation, onto);
      await turns.each(slice, (one) => this.#take(one, { job, tally, changed, sources }));
    }
    const { joined, isRefused } = tally.joined();
    if (!isRefused) for (const [recordId, change] of changed) this.#changes.set(recordId, change);
    return joined;
  }

  get changes(): readonly RecordChange[] {
    return [...this.#changes.values()];
  }

  /** Of an upsert onto what is stored: the bytes of that. */
  #bytesToRead({ use, recordId }: GivenRecord, changed: ReadonlyMap<string, RecordState>): number {
    if (use !== 'UPSERT' || this.#isDone(recordId)) return 0;
    const { rowCount, content } = this.#before(recordId, changed);
    const isOntoStored = content.kind === 'MERGED' || (content.kind === 'STORED' && rowCount > 0);
    return isOntoStored ? Math.max(1, this.context.stored.get(recordId)?.bytes ?? 0) : 0;
  }

  #before(recordId: string, changed: ReadonlyMap<string, RecordState>): RecordState {
    return changed.get(recordId) ?? this.#changes.get(recordId) ?? this.#asStored(recordId);
  }

  #asStored(recordId: string): RecordState {
    const { version = 0, rowCount = 0 } = this.context.stored.get(recordId) ?? {};
    return { recordId, version, rowCount, content: { kind: 'STORED' } };
  }

  /** Whether an earlier attempt of the group has written the record: its first row has a version of this group. */
  #isDone(recordId: string): boolean {
    return (this.context.stored.get(recordId)?.version ?? 0) >= this.#ownVersion;
  }

  #take(given: GivenRecord, steps: JobSteps): void {
    const { recordId } = given;
    if (this.#isDone(recordId)) return;
    const before = this.#before(recordId, steps.changed);
    if (given.use === 'DELETE') this.#delete(given, before, steps);
    else if (this.#isSuperseded(given, before, steps.job)) steps.tally.supersede(given.index);
    else this.#put(given, before, steps);
  }

  #delete({ recordId }: GivenDelete, { rowCount }: RecordState, { job, tally, changed }: JobSteps): void {
    if (rowCount === 0) {
      tally.count('unchanged', 0, 0);
      return;
    }
    tally.count('deleted', 0, -rowCount);
    const version = versionOf(job.position);
    changed.set(recordId, { recordId, version, savedAt: job.acceptedAt, rowCount: 0, content: { kind: 'DELETED' } });
  }

  /** Only a replayed record can find that somebody has written after its own place in the lane. */
  #isSuperseded({ index }: GivenRecord, { version }: RecordState, job: LaneJob): boolean {
    const position = job.replayOf?.[index]?.position ?? job.position;
    return positionOf(version) > position && version < this.#ownVersion;
  }

  #put(given: GivenWhole | GivenUpsert, before: RecordState, steps: JobSteps): void {
    const { job, tally, changed } = steps;
    const { recordId, index } = given;
    const content = this.#contentOf(given, before, steps);
    if (content instanceof RecordMismatches) {
      tally.refuse(index, content);
      return;
    }
    const rowCount = content.rows.length;
    tally.count(before.rowCount === 0 ? 'added' : 'updated', rowCount, rowCount - before.rowCount);
    const place = { recordId, version: versionOf(job.position), savedAt: job.acceptedAt, rowCount };
    changed.set(recordId, { ...place, content: this.#held(given, before, content) });
  }

  /** All of the record, or why it is refused; a record that the commit point let through is refused no more. */
  #contentOf(given: GivenWhole | GivenUpsert, before: RecordState, { job, sources }: JobSteps) {
    const { design, run, target } = this.context;
    const content = given.use === 'REPLACE' ? wholeOf(given) : mergedContent(design, given, before, { job, sources });
    const isWhole = !(content instanceof RecordMismatches);
    if (target.committed) {
      if (isWhole) return content;
      throw new Error(`record ${given.index} of job ${job.id} passed the commit point, and its merge does not fit`);
    }
    return isWhole ? (rowTooLarge(content.rows, content.source, run.deps.records) ?? content) : content;
  }

  /** Rows that come from stored records are held as long as there is room: those records may be any number of times as large as what was pushed. */
  #held(given: GivenWhole | GivenUpsert, { content }: RecordState, merged: WholeContent): WholeContent | MergedContent {
    if (given.use === 'REPLACE' || content.kind === 'WHOLE' || content.kind === 'DELETED') return merged;
    const length = merged.source?.length ?? 0;
    if (this.#heldLength + length <= HELD_LENGTH) {
      this.#heldLength += length;
      return merged;
    }
    const before = content.kind === 'MERGED' ? content.upserts : null;
    return { kind: 'MERGED', upserts: { record: given.record, before } };
  }
}
