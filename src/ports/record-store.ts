import type { StoredValues } from '../domain/design/stored-value.js';
import type { PageKey, PageQuery, RecordFilter, StoredColumn } from '../domain/query/record-query.js';

/** One row as the pipeline writes it. */
export interface Row {
  /** `{recordId}-{ordinal}`: the same whenever the record is loaded again. */
  readonly id: string;
  readonly recordId: string;
  /** Which of its record's rows it is, from 0. */
  readonly ordinal: number;
  /** How many rows its record has. */
  readonly rowCount: number;
  /** Grows with the lane position of the job that wrote it ({@link versionOf}). */
  readonly version: number;
  readonly savedAt: Date;
  readonly values: StoredValues;
  /** The whole record as JSON text, on ordinal 0 where it may be merged with or is nowhere else; kept beside the values, never queried. */
  readonly source?: string;
}

/** A row that is gone, kept so that a late write of an older version cannot raise it again. Every read leaves it out. */
export interface Tombstone {
  readonly id: string;
  readonly version: number;
  readonly deleted: true;
}

export type RowWrite = Row | Tombstone;

/** What is stored under a row's id, without its values. */
export interface StoredRow {
  readonly id: string;
  readonly version: number;
  /** How many rows its record has; 0 for a tombstone. */
  readonly rowCount: number;
  /** About the bytes it takes, source record and all. What {@link RowWriter.sizeOf} and the source count together is at most 32 times that. */
  readonly bytes: number;
}

/** A row that the store will never take, and why. */
export interface RejectedRow {
  readonly id: string;
  readonly reason: string;
}

export interface RecordStoreLimits {
  /** A row above this many bytes of values, as {@link RowWriter.sizeOf} counts them, cannot be written: refuse it before the commit point. */
  readonly maxRowBytes: number;
}

/** How much of a generation is read at once: whichever bound comes first. */
export interface ScanBounds {
  readonly maxRows: number;
  readonly maxBytes: number;
}

/** A page, where it ended (null when it is empty), and whether rows follow. */
export interface RowPage {
  readonly rows: readonly Row[];
  readonly end: PageKey | null;
  readonly hasNext: boolean;
}

/** Makes and removes generations, and writes their rows. */
export interface RowWriter {
  readonly limits: RecordStoreLimits;
  /** The size `limits.maxRowBytes` is compared with. */
  sizeOf(values: StoredValues): number;
  /** That the store's server has not responded to a request for some seconds, while that is so; otherwise null. Asks nothing, and never throws. */
  silence(): string | null;
  /** Makes an empty generation for these columns. Doing it again changes nothing. */
  createGeneration(generation: string, columns: readonly StoredColumn[]): Promise<void>;
  /** Removes a generation and its rows; one that does not exist is fine. */
  dropGeneration(generation: string): Promise<void>;
  /** The generations of this Sluice. Empty where the store may hold those of others and a late write cannot make a generation. */
  ownGenerations(): Promise<readonly string[]>;
  /**
   * Writes each row where none is stored or the stored version is smaller, taking the rows as it sends them; a stored version that is equal or greater stays, in silence: that write
   * was stale or already done. Safe to repeat, in any order, side by side with older writers. `stillOwned` is called before every request and
   * throws when the writer's lease is gone. Rows may be durable before the promise resolves; all are when it does, except those it returns: the store will never
   * take them, and has what it had under their ids.
   */
  writeRows(generation: string, writes: Iterable<RowWrite>, stillOwned: () => void): Promise<readonly RejectedRow[]>;
  /** After it, every row whose write resolved is visible to queries. */
  refresh(generation: string): Promise<void>;
  /** Removes tombstones written more than `olderThanMs` ago, by the store's own clock; returns how many. A generation that is gone has none. */
  sweepTombstones(generation: string, olderThanMs: number): Promise<number>;
}

/** What the pipeline reads: what is stored, by id or in the order of ids. For no caller: a user's reads are {@link RowQueries}. */
export interface StoredRows {
  /** What is stored under these ids at this moment, tombstones too, visible to queries or not; ids with nothing under them are left out. */
  readRows(generation: string, ids: readonly string[]): Promise<readonly StoredRow[]>;
  /** The source records of these rows at this moment, by row id; those without one are left out. They come whole: the caller bounds their bytes. */
  readSources(generation: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** The next rows that match after the row with the id `after`, in the order of ids and with their sources; none at the end. */
  scan(generation: string, filter: RecordFilter, after: string, bounds: ScanBounds): Promise<readonly Row[]>;
  /** The next tombstones after the row with the id `after`, at most so many, in the order of ids; none at the end. */
  scanTombstones(generation: string, after: string, maxRows: number): Promise<readonly Tombstone[]>;
}

/** What users ask of rows. */
export interface RowQueries {
  /** One page of the rows that match, in the query's order. A page of large rows ends before its limit, with `hasNext`: it is bounded by bytes too. */
  readPage(generation: string, query: PageQuery): Promise<RowPage>;
  /** The values of one row as queries see it; null when no row has this id. */
  readValues(generation: string, id: string): Promise<StoredValues | null>;
  /** How many rows match, exactly. */
  count(generation: string, filter: RecordFilter): Promise<number>;
}

/**
 * Where rows live: all that an adapter implements. Who uses it asks for one of the three parts, or for less. A generation is one physical collection or index; names
 * are made by Sluice and contain no user text. Every method may throw {@link RecordStoreError}; `retriable` says whether the same call can succeed later. Of a
 * generation that is gone, all but a drop and a sweep throw GENERATION_MISSING.
 */
export interface RecordStore extends RowWriter, StoredRows, RowQueries {}

/**
 * BLOCKED is of this generation alone: meanwhile the record store can take the rows of others. QUERY_REFUSED: the store cannot tell exactly which rows match, or in which
 * order; its message is for the caller, who has to ask otherwise.
 */
export type RecordStoreErrorCode = 'UNAVAILABLE' | 'BLOCKED' | 'GENERATION_MISSING' | 'REJECTED' | 'QUERY_REFUSED';

/** The one error of this port. `cause` keeps the driver's own. */
export class RecordStoreError extends Error {
  override readonly name = 'RecordStoreError';

  constructor(
    readonly code: RecordStoreErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** Whether the same call can succeed later without anyone changing anything. */
  get retriable(): boolean {
    return this.code === 'UNAVAILABLE' || this.code === 'BLOCKED';
  }
}
