import type { StoredValue } from './stored-value.js';

/** V8 gives an object with more keys no layout of its own. */
const KEYS_OF_A_LAYOUT = 500;

/**
 * Makes rows without values, to be filled. All rows of a design are copies of one object that has every key, so they share its layout. A row that grew key
 * by key would become a hash table from about a dozen keys on: 20 times slower to fill and to copy.
 */
export function blankRows(storedKeys: readonly string[]): () => Record<string, StoredValue | undefined> {
  if (storedKeys.length > KEYS_OF_A_LAYOUT) return () => ({});
  // Parsed, an object has a layout from the start, however many keys it has.
  const blank: Record<string, undefined> = JSON.parse(`{${storedKeys.map((key) => `"${key}":null`).join(',')}}`);
  for (const key of storedKeys) blank[key] = undefined;
  return () => ({ ...blank });
}
