import { randomBytes } from 'node:crypto';
import { ExactNumber, isJsonObject, type JsonObject, type JsonValue } from './json-value.js';

/**
 * Exact numbers pass through `JSON.parse` and `JSON.stringify` as strings that begin with this tag. It is random for every process, so no text that
 * anybody sends can be taken for one.
 */
const TAG = `${randomBytes(16).toString('base64url')}:`;
const TAGGED = new RegExp(`"${TAG}(?<literal>[^"]+)"`, 'g');

/** The string that stands for an exact number's literal. */
export function tagged(literal: string): string {
  return TAG + literal;
}

/** For `JSON.parse`: turns tagged strings back into numbers. */
export function reviveNumber(_key: string, value: unknown): unknown {
  return typeof value === 'string' && value.startsWith(TAG) ? new ExactNumber(value.slice(TAG.length)) : value;
}

/** Turns the tagged strings of a parsed value back into numbers, in place: several times faster than `JSON.parse` with {@link reviveNumber}. */
export function reviveNumbers(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value.startsWith(TAG) ? new ExactNumber(value.slice(TAG.length)) : value;
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) value[index] = reviveNumbers(element);
  } else if (isJsonObject(value)) reviveMembers(value);
  return value;
}

function reviveMembers(object: JsonObject): void {
  for (const key of Object.keys(object)) {
    const before = object[key] ?? null;
    const value = reviveNumbers(before);
    // A plain assignment to `__proto__` would set the prototype.
    if (value !== before) Object.defineProperty(object, key, { value });
  }
}

/** For `JSON.stringify`: tags exact numbers. The text then needs {@link untag}. */
export function tagNumber(_key: string, value: unknown): unknown {
  return value instanceof ExactNumber ? tagged(value.literal) : value;
}

/** Replaces the tagged strings of JSON text by the numbers they stand for. */
export function untag(text: string): string {
  return text.includes(TAG) ? text.replace(TAGGED, '$<literal>') : text;
}
