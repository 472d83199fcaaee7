import type { LanePlace } from '../../domain/dataset.js';
import { SluiceError } from '../../domain/errors.js';
import type { Idempotency } from '../../ports/push-log.js';
import type { Collections } from './collections.js';
import type { JobDocument } from './documents.js';
import { markOf } from './job-marks.js';
import type { InsertJobs } from './joined-inserts.js';
import type { LaneTails } from './lane-tails.js';
import type { JobBodyDocument, PayloadPartDocument } from './log-documents.js';

const MAX_ENTRIES = 500;
/** The driver sends at most 48 MB in one write; an entry larger than this limit is sent alone. */
const MAX_WRITE_BYTES = 24 * 1024 * 1024;
/**
 * How often in a row other processes may take every position that a batch tries. Each time another process has made progress; a batch that never succeeds is refused,
 * and not kept forever.
 */
const MAX_LOST_RACES = 100;
const LOST_RACES =
  'other processes took every position in the lane that this job tried, 100 times in a row; nothing of it is stored, send it again';

/** A job's document without its place in the lane, which the append finds, and without a mark. */
export type LogEntry = Omit<JobDocument, 'position' | 'totalBytes' | 'open' | 'openThrough'> &
  Partial<Pick<JobBodyDocument, 'body'>>;

/** A job's document as it was stored. */
export type PlacedEntry = LogEntry & Pick<JobDocument, 'position' | 'totalBytes' | 'open' | 'openThrough'>;

/** The result for an entry: its document in the log, or why it was not appended. TOO_LATE: its payload has been purged. */
export type Appended = PlacedEntry | 'KEY_TAKEN' | 'BACKLOG_FULL' | 'TOO_LATE';

const UNORDERED = { ordered: false, writeConcern: { w: 'majority' } } as const;

interface Inserted {
  readonly inserted: number;
  readonly stoppedBy?: 'POSITION_TAKEN' | 'KEY_TAKEN' | 'TOO_LATE';
}

interface Waiting {
  readonly entry: LogEntry;
  readonly parts: readonly PayloadPartDocument[];
  readonly bound: LanePlace;
  readonly resolve: (result: Appended) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Appends to one lane from this process. Pushes that arrive during a write are written together in the next one: first the parts of large payloads, then the jobs, with small
 * payloads in them, at tail + 1 in one ordered insert, which may have jobs of other lanes too. If another process has taken a position, the tail is read again, and the remaining jobs continue after it. So positions have no
 * gaps, without a transaction.
 */
export class LaneAppender {
  readonly #waiting: Waiting[] = [];
  #writing = false;
  /** The last place known to be taken; undefined until it is read. */
  #tail: LanePlace | undefined;

  constructor(
    private readonly collections: Pick<Collections, 'jobs' | 'payloads'>,
    private readonly insertJobs: InsertJobs,
    private readonly tails: LaneTails,
    private readonly datasetId: string,
    private readonly onIdle: () => void,
  ) {
    this.#tail = tails.take(datasetId);
  }

  /** Resolves once payload and job are durable, or once it is certain that they will not be; rejects if neither is known. */
  append(entry: LogEntry, parts: readonly PayloadPartDocument[], bound: LanePlace): Promise<Appended> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entry, parts, bound, resolve, reject });
      if (!this.#writing) void this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.length > 0) {
      const batch = this.#takeBatch();
      try {
        this.#tail ??= await this.#readTail();
        const fitting = refuseBeyondBound(batch, this.#tail);
        if (fitting.length === 0) continue;
        const parts = fitting.flatMap((waiting) => waiting.parts);
        // Parts must be durable before the jobs are sent: the jobs may go to another primary, and it might never get a part that only the previous primary had.
        if (parts.length > 0) await this.collections.payloads.insertMany(parts, UNORDERED);
        await this.#appendJobs(fitting);
      } catch (error) {
        this.#tail = undefined;
        for (const { reject } of batch) reject(error);
      }
    }
    this.#writing = false;
    if (this.#tail) this.tails.keep(this.datasetId, this.#tail);
    this.onIdle();
  }

  #takeBatch(): Waiting[] {
    let bytes = 0;
    const fits = this.#waiting.findIndex(({ entry }, index) => {
      bytes += entry.payload.bytes;
      return index >= MAX_ENTRIES || (index > 0 && bytes > MAX_WRITE_BYTES);
    });
    return this.#waiting.splice(0, fits === -1 ? this.#waiting.length : fits);
  }

  async #appendJobs(batch: readonly Waiting[]): Promise<void> {
    let rest = batch;
    let lostRaces = 0;
    while (rest.length > 0) {
      const left = await this.#appendFirst(rest);
      lostRaces = left.length === rest.length ? lostRaces + 1 : 0;
      if (lostRaces >= MAX_LOST_RACES) throw new SluiceError('STORE_UNAVAILABLE', LOST_RACES);
      rest = left;
      if (this.#tail !== undefined || rest.length === 0) continue;
      this.#tail = await this.#readTail();
      rest = refuseBeyondBound(rest, this.#tail);
    }
  }

  /** Appends entries until one cannot be appended; returns those that are not decided yet. */
  async #appendFirst(batch: readonly Waiting[]): Promise<readonly Waiting[]> {
    const tail = this.#tail ?? (await this.#readTail());
    const documents = placedAfter(tail, batch);
    const { inserted, stoppedBy } = await this.#insertInOrder(documents);
    const isTaken = stoppedBy === 'POSITION_TAKEN';
    if (isTaken) this.tails.noteShared(this.datasetId);
    this.#tail = isTaken ? undefined : (placeOf(documents[inserted - 1]) ?? tail);
    for (const [index, { resolve }] of batch.slice(0, inserted).entries()) {
      const document = documents[index];
      if (document) resolve(document);
    }
    if (stoppedBy !== undefined) this.#coverOnly(documents.slice(0, inserted));
    if (stoppedBy === undefined || isTaken) return batch.slice(inserted);
    batch[inserted]?.resolve(stoppedBy);
    return batch.slice(inserted + 1);
  }

  /** Those that were not appended get marks of their own, or no place. Until this is done, or if it fails, the lane's mark stays too long, which only costs a look at the lane. */
  #coverOnly(appended: readonly JobDocument[]): void {
    const [first] = appended;
    const last = appended.at(-1);
    if (first?.openThrough === undefined || !last) return;
    const shorter = { $set: { openThrough: last.position } };
    this.collections.jobs.updateOne({ _id: first._id }, shorter, { writeConcern: { w: 1 } }).catch(() => undefined);
  }

  /** How many of the first documents took their positions, and which key the next one found taken. */
  async #insertInOrder(documents: readonly JobDocument[]): Promise<Inserted> {
    const bytes = documents.reduce((sum, { payload }) => sum + (payload.parts === 0 ? payload.bytes : 0), 0);
    const inserted = await this.insertJobs({ documents, bytes });
    const stopped = documents[inserted];
    return stopped ? { inserted, stoppedBy: await this.#whatStopped(stopped) } : { inserted };
  }

  /**
   * Which unique key of a job was already taken. The driver gives only the server's text, which quotes the caller's key, so the log is read instead. If there is no
   * document with the job's id or idempotency key, its position was taken.
   */
  async #whatStopped({ _id, datasetId, idempotency }: JobDocument): Promise<NonNullable<Inserted['stoppedBy']>> {
    const { jobs } = this.collections;
    if (idempotency && (await jobs.findOne(sameKey(datasetId, idempotency), { projection: { _id: 1 } }))) {
      return 'KEY_TAKEN';
    }
    // When its payload was purged, a fence was written under its id.
    return (await jobs.findOne({ _id }, { projection: { _id: 1 } })) ? 'TOO_LATE' : 'POSITION_TAKEN';
  }

  async #readTail(): Promise<LanePlace> {
    const last = await this.collections.jobs.findOne(
      { datasetId: this.datasetId },
      { sort: { position: -1 }, projection: { position: 1, totalBytes: 1 } },
    );
    return placeOf(last) ?? { position: 0, bytes: 0 };
  }
}

/** Finds the job that has an idempotency key. */
export function sameKey(datasetId: string, { keyId, key }: Pick<Idempotency, 'keyId' | 'key'>) {
  return { 'idempotency.keyId': keyId, datasetId, 'idempotency.key': key };
}

function placeOf(job: Pick<JobDocument, 'position' | 'totalBytes'> | null | undefined): LanePlace | undefined {
  return job ? { position: job.position, bytes: job.totalBytes } : undefined;
}

function placedAfter(tail: LanePlace, waiting: readonly Waiting[]): PlacedEntry[] {
  let totalBytes = tail.bytes;
  const last = tail.position + waiting.length;
  return waiting.map(({ entry }, index) => {
    totalBytes += entry.payload.bytes;
    const position = tail.position + 1 + index;
    return Object.assign({}, entry, markOf(entry.kind, position, index === 0, last), { position, totalBytes });
  });
}

/** Rejects entries that would exceed their limits, and returns the others. */
function refuseBeyondBound(batch: readonly Waiting[], tail: LanePlace): readonly Waiting[] {
  let { position, bytes } = tail;
  return batch.filter(({ entry, bound, resolve }) => {
    const beyond = position + 1 > bound.position || bytes + entry.payload.bytes > bound.bytes;
    if (beyond) {
      resolve('BACKLOG_FULL');
      return false;
    }
    position += 1;
    bytes += entry.payload.bytes;
    return true;
  });
}
