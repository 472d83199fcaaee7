import { isNumberLiteral, numberOf } from './exact-number.js';
import { ExactNumber, isJsonObject, type JsonObject, type JsonValue } from './json-value.js';
import { type JsonScan, POWER_ABOVE_UNLISTED } from './scan-json.js';

/**
 * How numbers that `JSON.parse` would round get through it: the k-th of them is written as k times this power of ten, and a parsed number that is at least as large as
 * the power is replaced by the k-th number. Invariant: no other parsed number is so large, because the scan lists every number that reaches the power, so it is
 * replaced too. Numbers are replaced by numbers, so no string can become one, and a number where JSON allows none is still refused by `JSON.parse`.
 */
const POWER = POWER_ABOVE_UNLISTED + 15;
const PLACE = 10 ** POWER;

const PIECES_AT_ONCE = 4_096;

/** JSON text whose long numbers are replaced, and those numbers, for {@link restoreNumbers}. */
export interface WithoutLongNumbers {
  readonly text: string;
  readonly numbers: readonly (number | ExactNumber)[];
}

/** Replaces the numbers in JSON text that a double cannot hold. What only looks like a number stays, and `JSON.parse` refuses it. */
export function takeLongNumbers(text: string, ends: JsonScan['longNumbers']): WithoutLongNumbers {
  const numbers: (number | ExactNumber)[] = [];
  const chunks: string[] = [];
  const pieces: string[] = [];
  let copied = 0;
  for (let index = 0; index < ends.length; index += 2) {
    const [start, end] = [ends[index], ends[index + 1]];
    const literal = text.slice(start, end);
    const number = numberOf(literal);
    const isSafe = typeof number === 'number' && Math.abs(number) < PLACE;
    if (isSafe || !isNumberLiteral(literal)) continue;
    pieces.push(text.slice(copied, start), `${numbers.push(number)}e${POWER}`);
    copied = end ?? copied;
    // Joined now and then: joining millions of pieces in one go costs several times as much.
    if (pieces.length >= PIECES_AT_ONCE) chunks.push(pieces.splice(0).join(''));
  }
  if (numbers.length === 0) return { text, numbers };
  return { text: `${chunks.join('')}${pieces.join('')}${text.slice(copied)}`, numbers };
}

/** Puts the numbers that {@link takeLongNumbers} replaced back into the parsed value, in place. Several times faster than a reviver. */
export function restoreNumbers(value: JsonValue, numbers: WithoutLongNumbers['numbers']): JsonValue {
  if (typeof value === 'number') return value < PLACE ? value : (numbers[Math.round(value / PLACE) - 1] ?? value);
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) value[index] = restoreNumbers(element, numbers);
  } else if (isJsonObject(value)) restoreMembers(value, numbers);
  return value;
}

function restoreMembers(object: JsonObject, numbers: WithoutLongNumbers['numbers']): void {
  for (const key of Object.keys(object)) {
    const before = object[key] ?? null;
    const value = restoreNumbers(before, numbers);
    // A plain assignment to `__proto__` would set the prototype.
    if (value !== before) Object.defineProperty(object, key, { value });
  }
}
