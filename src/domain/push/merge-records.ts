import { isJsonObject, type JsonObject, setMember } from '../json/json-value.js';

/** Merges an upserted record into a stored one. Objects are merged key by key; arrays, nulls and everything else replace the stored value. */
export function mergeRecords(stored: JsonObject, given: JsonObject): JsonObject {
  const merged = { ...stored };
  for (const key of Object.keys(given)) {
    const [before, after] = [Object.hasOwn(stored, key) ? stored[key] : undefined, given[key] ?? null];
    const value = isJsonObject(before) && isJsonObject(after) ? mergeRecords(before, after) : after;
    setMember(merged, key, value);
  }
  return merged;
}
