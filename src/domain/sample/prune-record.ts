import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.js';
import { childrenByParent } from './children-by-parent.js';
import type { SourceField } from './source-field.js';

type Prune = (object: JsonObject) => JsonObject;

/** Compiles a function that removes the keys that the sample does not have, at every level of a record. */
export function compilePrune(fields: readonly SourceField[]): Prune {
  return pruneChildren(null, childrenByParent(fields));
}

function pruneChildren(parent: string | null, children: ReadonlyMap<string | null, readonly SourceField[]>): Prune {
  const members = new Map<string, ((value: JsonValue) => JsonValue) | null>();
  for (const { key, path } of children.get(parent) ?? []) {
    const prune = children.has(path) ? pruneChildren(path, children) : null;
    members.set(key, prune && ((value) => pruneValue(value, prune)));
  }
  return (object) => {
    const entries = Object.entries(object).flatMap(([key, value]): [string, JsonValue][] => {
      const prune = members.get(key);
      if (prune === undefined) return [];
      return [[key, prune ? prune(value) : value]];
    });
    // fromEntries defines keys and does not assign them, so `__proto__` is an ordinary key.
    return Object.fromEntries(entries);
  };
}

function pruneValue(value: JsonValue, prune: Prune): JsonValue {
  if (isJsonObject(value)) return prune(value);
  return Array.isArray(value) ? value.map((one) => (isJsonObject(one) ? prune(one) : one)) : value;
}
