import type { StoredValues } from '../domain/design/stored-value.js';
import type { PageKey, PageQuery, RecordFilter, StoredColumn } from '../domain/query/record-query.js';
import type { RowEncoding } from './row-encoding.js';
import type { HiddenRecord, Row, RowWrite, Tombstone } from './row-writes.js';

/** What is stored under a row's id, without its values: a row, a hidden record or a tombstone. */
export interface StoredRow {
  readonly id: string;
  readonly version: number;
  /** How many rows its record has; 0 for a hidden record and for a tombstone. */
  readonly rowCount: number;
  /** Whether it is a hidden record. */
  readonly hidden: boolean;
  /** About how many bytes it takes, including the source record. {@link RowWriter.sizeOf} plus the source is at most 32 times this. */
  readonly bytes: number;
  /** Its source record, if it has one, and if it was read with it. */
  readonly source?: string | undefined;
}

/** A row that the store will never accept, and why. */
export interface RejectedRow {
  readonly id: string;
  readonly reason: string;
}

export interface RecordStoreLimits {
  /** A row with more bytes of values, as {@link RowWriter.sizeOf} counts them, cannot be written: refuse it before the commit point. */
  readonly maxRowBytes: number;
}

/** How much of a generation to read at a time; the first bound that is reached counts. */
export interface ScanBounds {
  readonly maxRows: number;
  readonly maxBytes: number;
}

/** A page, where it ended (null if it is empty), and whether more rows follow. */
export interface RowPage {
  readonly rows: readonly Row[];
  readonly end: PageKey | null;
  readonly hasNext: boolean;
}

/** Creates and removes generations, and writes their rows. */
export interface RowWriter {
  readonly limits: RecordStoreLimits;
  /** The size that is compared with `limits.maxRowBytes`. */
  sizeOf(values: StoredValues): number;
  /** How the store is sent rows; null if it takes none that are encoded. */
  readonly encoding: RowEncoding | null;
  /** A message while the store's server has not responded to a request for some seconds; null otherwise. Sends no request, and never throws. */
  silence(): string | null;
  /** Creates an empty generation for these columns. Calling it again changes nothing. */
  createGeneration(generation: string, columns: readonly StoredColumn[]): Promise<void>;
  /** Removes a generation and its rows, if it exists. */
  dropGeneration(generation: string): Promise<void>;
  /** Lists the generations that this service created, for orphan cleanup. Empty if others may use the same store; there a late write cannot create a generation. */
  ownGenerations(): Promise<readonly string[]>;
  /**
   * Writes each row if none is stored or the stored version is smaller. A stored version that is equal or greater silently stays, because the write was stale or already
   * done. Rows are taken from the iterable as they are sent. Safe to repeat, in any order, and in parallel with older writers. `stillOwned` is called before every request
   * and throws if the writer has lost its lease. Rows may be durable before the promise resolves. When it resolves, all are durable, except the returned ones: the store will
   * never accept them, and what it had under their ids is unchanged.
   */
  writeRows(generation: string, writes: Iterable<RowWrite>, stillOwned: () => void): Promise<readonly RejectedRow[]>;
  /** Makes every row whose write has resolved visible to queries. */
  refresh(generation: string): Promise<void>;
  /** Removes tombstones that were written more than `olderThanMs` ago, by the store's clock; returns how many. A missing generation has none. */
  sweepTombstones(generation: string, olderThanMs: number): Promise<number>;
}

/** What the pipeline reads: stored rows by id or in the order of ids. Reads for users go through {@link RowQueries}. */
export interface StoredRows {
  /**
   * What is currently stored under these ids, including hidden records and tombstones, visible to queries or not; ids without a row are left out. The store may return some of them with their sources,
   * of at most `maxSourceLength` characters together, by default 0.
   */
  readRows(generation: string, ids: readonly string[], maxSourceLength?: number): Promise<readonly StoredRow[]>;
  /** The current source records of these rows and hidden records, by row id; those without one are left out. They are returned in full, so the caller must limit their bytes. */
  readSources(generation: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /**
   * The current values of these rows under these stored keys, by row id, visible to queries or not; hidden records, tombstones and ids without a row are left out. They are returned
   * in full, so the caller must limit their bytes.
   */
  readValuesOf(
    generation: string,
    ids: readonly string[],
    storedKeys: readonly string[],
  ): Promise<ReadonlyMap<string, StoredValues>>;
  /** The next rows that match after the row with the id `after`, in the order of ids and with their sources; none at the end. */
  scan(generation: string, filter: RecordFilter, after: string, bounds: ScanBounds): Promise<readonly Row[]>;
  /** The next hidden records after the row with the id `after`, in the order of ids and with their sources; none at the end. */
  scanHidden(generation: string, after: string, bounds: ScanBounds): Promise<readonly HiddenRecord[]>;
  /** The next tombstones after the row with the id `after`, at most `maxRows`, in the order of ids; none at the end. */
  scanTombstones(generation: string, after: string, maxRows: number): Promise<readonly Tombstone[]>;
}

/** What lookups read. */
export type LookedUpRows = Pick<StoredRows, 'readRows' | 'readValuesOf'>;

/** The queries of users. */
export interface RowQueries {
  /** One page of the rows that match, in the query's order. A page of large rows may end before its limit, with `hasNext`, because its bytes are limited too. */
  readPage(generation: string, query: PageQuery): Promise<RowPage>;
  /** The values of one row as queries see it; null if no row has this id. */
  readValues(generation: string, id: string): Promise<StoredValues | null>;
  /** How many rows match, exactly. */
  count(generation: string, filter: RecordFilter): Promise<number>;
}

/**
 * The store of rows: everything that an adapter implements. Users of it depend on one of the three parts, or on less. A generation is one physical collection or index;
 * its name is made by Sluice and contains no user text. Every method may throw {@link RecordStoreError}; `retriable` says whether the same call can succeed later. For a
 * missing generation, every method except drop and sweep throws GENERATION_MISSING.
 */
export interface RecordStore extends RowWriter, StoredRows, RowQueries {}

/**
 * BLOCKED: only this generation is affected; the store can accept rows of others. QUERY_REFUSED: the store cannot determine exactly which rows match, or in which order;
 * the message tells the caller how to change the query.
 */
export type RecordStoreErrorCode = 'UNAVAILABLE' | 'BLOCKED' | 'GENERATION_MISSING' | 'REJECTED' | 'QUERY_REFUSED';

/** The only error of this port. `cause` has the error of the driver. */
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
