import { isNumberLiteral, numberOf } from './exact-number.js';
import { ExactNumber, isJsonObject, type JsonObject, type JsonValue } from './json-value.js';
import { type JsonScan, POWER_ABOVE_UNLISTED } from './scan-json.js';

/**
 * How the numbers that `JSON.parse` would round get through it: the k-th of them is written as k times this power of ten, and what comes out at least as large as
 * the power is the k-th again. Invariant: nothing else comes out so large. A number of the text that reaches the power is in the list of the scan, and gets
 * a place itself. Numbers stand for numbers, so no string can become one, and a number where JSON has none stays one, for `JSON.parse` to refuse.
 */
const POWER = POWER_ABOVE_UNLISTED + 15;
const PLACE = 10 ** POWER;

const PIECES_AT_ONCE = 4_096;

/** JSON text in which {@link restoreNumbers} finds its long numbers again, and those numbers. */
export interface WithoutLongNumbers {
  readonly text: string;
  readonly numbers: readonly (number | ExactNumber)[];
}

/** Takes the numbers that a double does not hold out of JSON text. What only looks like a number stays, for `JSON.parse` to refuse. */
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
    // Joined now and then: millions of pieces at once cost several times as much.
    if (pieces.length >= PIECES_AT_ONCE) chunks.push(pieces.splice(0).join(''));
  }
  if (numbers.length === 0) return { text, numbers };
  return { text: `${chunks.join('')}${pieces.join('')}${text.slice(copied)}`, numbers };
}

/** Puts the numbers that {@link takeLongNumbers} took back into the parsed value, in place: several times faster than a reviver. */
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
