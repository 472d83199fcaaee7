import { isJsonObject, type JsonObject, type JsonValue, setMember } from '../json/json-value.js';

/** Merges an upserted record into a stored one. Objects are merged key by key; arrays, nulls and everything else replace the stored value. */
export function mergeRecords(stored: JsonObject, given: JsonObject): JsonObject {
  const merged = { ...stored };
  for (const key of Object.keys(given)) {
    const [before, after] = [memberOf(stored, key), given[key] ?? null];
    const value = isJsonObject(before) && isJsonObject(after) ? mergeRecords(before, after) : after;
    setMember(merged, key, value);
  }
  return merged;
}

/** The same, but changes the stored record instead of making another. */
export function mergeInto(stored: JsonObject, given: JsonObject): JsonObject {
  for (const key of Object.keys(given)) {
    const [before, after] = [memberOf(stored, key), given[key] ?? null];
    if (isJsonObject(before) && isJsonObject(after)) mergeInto(before, after);
    else setMember(stored, key, after);
  }
  return stored;
}

function memberOf(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
