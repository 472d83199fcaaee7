import type { StoredValue } from './stored-value.js';

type Row = Record<string, StoredValue | undefined>;

/** V8 stores an object with more keys as a hash table. */
const KEYS_OF_A_LAYOUT = 500;
/** A row with values in fewer than a third of the columns gets only the keys that it has values for, to save memory. */
const SPARSE = 3;

/**
 * Builds the rows of a design one by one: `begin` a row, fill it, then `take` it. The rows share one layout in V8 that has every key. A row that grows key by key
 * becomes a hash table after about a dozen keys, which is 20 times slower to fill and to copy.
 */
export class RowBuilder {
  #row: Row = {};
  /** Null if rows have too many keys for a layout. */
  readonly #blank: Row | null;

  constructor(private readonly storedKeys: readonly string[]) {
    this.#blank = storedKeys.length <= KEYS_OF_A_LAYOUT ? blankRow(storedKeys) : null;
  }

  /** Returns a row without values, to fill. A row that was begun but not taken, because an error was thrown, is dropped. */
  begin(): Row {
    this.#row = this.#blank ? { ...this.#blank } : {};
    return this.#row;
  }

  /** Returns the filled row. */
  take(): Row {
    const row = this.#row;
    if (!this.#blank) return row;
    let count = 0;
    for (const key of this.storedKeys) if (row[key] !== undefined) count += 1;
    return SPARSE * count >= this.storedKeys.length ? row : this.#valuesOf(row);
  }

  #valuesOf(filled: Row): Row {
    const row: Row = {};
    for (const key of this.storedKeys) if (filled[key] !== undefined) row[key] = filled[key];
    return row;
  }
}

/** A parsed object has a layout from the start, with any number of keys. */
function blankRow(storedKeys: readonly string[]): Row {
  const row: Row = JSON.parse(`{${storedKeys.map((key) => `"${key}":null`).join(',')}}`);
  for (const key of storedKeys) row[key] = undefined;
  return row;
}
