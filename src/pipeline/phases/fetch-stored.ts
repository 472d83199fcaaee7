import { recordIdOf, rowId } from '../../domain/record-id.js';
import type { StoredRow, StoredRows } from '../../ports/record-store.js';
import type { ExaminedJob } from './examine.js';
import { SLICE_BYTES } from './stored-sources.js';

/** The first row, or its tombstone, of each stored record, by record id. */
export type StoredRecords = ReadonlyMap<string, StoredRow>;

export const NOTHING_STORED: StoredRecords = new Map();

/** A group keeps so many characters of stored sources in memory, and so many times the bytes of its upserts, but about a slice at most. */
const KEPT_LENGTH = { least: 64 * 1024, times: 4 };
/** A read begins before all records are examined if it has so many ids. */
const IDS_OF_A_READ = 1_000;
/** While records are examined, a reply of a megabyte takes several turns of the event loop. */
const IN_FLIGHT = 4;
/** A read may return so many characters of sources for each id on average, so that reads in flight together keep to the bound. */
const LENGTH_OF_SOURCE = 1_024;

/** How to read what is stored under ids; the last argument is as in {@link StoredRows.readRows}. */
export type ReadRows = (ids: readonly string[], maxSourceLength: number) => Promise<readonly StoredRow[]>;

interface Read {
  readonly ids: readonly string[];
  /** Null if it failed. */
  readonly rows: Promise<readonly StoredRow[] | null>;
}

/**
 * FILLING_JOIN_LAKES: reads what is stored under the ids of the examined records, and begins with it while others are still examined. The sources of upserted records come along as long as
 * they are small together; merges read large ones later, in slices.
 *
 * ```
 * examine   |-- job 1 --|-- job 2 --|-- job 3 --|
 * read                  |-- ids of 1 --|-- ids of 3 --| all
 *                                   |-- ids of 2 --|
 * ```
 */
export class StoredReads {
  readonly #known = new Set<string>();
  #next: string[] = [];
  readonly #reads: Read[] = [];
  /** How many characters of sources the group may keep, and how many of them it may still read. */
  #granted = 0;
  #room = 0;

  /** `read` is tried once for some ids. */
  constructor(private readonly read: ReadRows) {}

  /** Reads what is stored under the ids of an examined job. */
  readonly add = ({ fitting, push }: ExaminedJob): void => {
    let isMerged = false;
    for (const { recordId, use } of fitting) {
      isMerged ||= use === 'UPSERT';
      if (this.#known.has(recordId)) continue;
      this.#known.add(recordId);
      this.#next.push(rowId(recordId, 0));
    }
    if (isMerged) this.#grant(KEPT_LENGTH.times * push.payload.length);
    if (this.#next.length >= IDS_OF_A_READ) this.#begin();
  };

  /** What is stored under all ids. `again` is called for reads that failed. */
  async all(again: ReadRows): Promise<StoredRecords> {
    if (this.#next.length > 0) this.#begin();
    const stored = new Map<string, StoredRow>();
    for (const { ids, rows } of this.#reads)
      for (const row of (await rows) ?? (await again(ids, this.#room))) stored.set(recordIdOf(row.id), row);
    return stored;
  }

  #grant(length: number): void {
    const all = Math.min(SLICE_BYTES, (this.#granted || KEPT_LENGTH.least) + length);
    this.#room += all - this.#granted;
    this.#granted = all;
  }

  #begin(): void {
    const [ids, before] = [this.#next, this.#reads.at(-IN_FLIGHT)?.rows];
    this.#next = [];
    this.#reads.push({ ids, rows: this.#readAfter(before, ids) });
  }

  async #readAfter(before: Read['rows'] | undefined, ids: readonly string[]): Read['rows'] {
    await before;
    try {
      let room = Math.min(this.#room, LENGTH_OF_SOURCE * ids.length);
      this.#room -= room;
      const rows = await this.read(ids, room);
      for (const { source } of rows) room -= source?.length ?? 0;
      this.#room += room;
      return rows;
    } catch {
      return null;
    }
  }
}

/** Reads what is stored under the ids of examined jobs. */
export function fetchStored(
  jobs: readonly ExaminedJob[],
  records: Pick<StoredRows, 'readRows'>,
  generation: string,
): Promise<StoredRecords> {
  const read: ReadRows = (ids, room) => records.readRows(generation, ids, room);
  const reads = new StoredReads(read);
  for (const job of jobs) reads.add(job);
  return reads.all(read);
}
