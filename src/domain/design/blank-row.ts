import type { StoredValue } from './stored-value.js';

/** V8 stores an object with more keys as a hash table. */
const KEYS_OF_A_LAYOUT = 500;

/**
 * Returns a function that creates rows without values. All rows of a design are copies of one object that has every key, so they share its layout in V8. A row that grows key
 * by key becomes a hash table after about a dozen keys, which is 20 times slower to fill and to copy.
 */
export function blankRows(storedKeys: readonly string[]): () => Record<string, StoredValue | undefined> {
  if (storedKeys.length > KEYS_OF_A_LAYOUT) return () => ({});
  // A parsed object has a layout from the start, with any number of keys.
  const blank: Record<string, undefined> = JSON.parse(`{${storedKeys.map((key) => `"${key}":null`).join(',')}}`);
  for (const key of storedKeys) blank[key] = undefined;
  return () => ({ ...blank });
}
