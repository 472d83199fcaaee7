import { numberOf } from './exact-number.js';
import { ExactNumber, isJsonObject, type JsonObject, type JsonValue, setMember } from './json-value.js';

/** A double keeps every decimal with so many digits, if the number is far from the smallest and the largest double. */
export const DIGITS_OF_EVERY_DOUBLE = 15;
const FAR = 250;

/**
 * How numbers that `JSON.parse` would round get through it: the k-th of them is written as k times this power of ten, and a parsed number that is at least as large as
 * the power is replaced by the k-th number. Invariant: no other parsed number is so large, because a number that {@link isSurelyDouble} has at most 15 digits and an exponent of
 * at most 250. Numbers are replaced by numbers, so no string can become one.
 */
const POWER = DIGITS_OF_EVERY_DOUBLE + FAR + 15;
const PLACE = 10 ** POWER;

/** Whether the length and the size alone of a JSON number show that a double keeps it. */
export function isSurelyDouble(literal: string): boolean {
  const exponent = literal.search(/[eE]/);
  const decimal = exponent === -1 ? literal : literal.slice(0, exponent);
  if (decimal.length > DIGITS_OF_EVERY_DOUBLE + SIGN_AND_POINT) return false;
  const digits = decimal.length - (decimal.startsWith('-') ? 1 : 0) - (decimal.includes('.') ? 1 : 0);
  return digits <= DIGITS_OF_EVERY_DOUBLE && (exponent === -1 || Math.abs(Number(literal.slice(exponent + 1))) <= FAR);
}

const SIGN_AND_POINT = 2;

/** JSON text whose long numbers are replaced, and those numbers, for {@link restoreNumbers}. */
interface WithoutLongNumbers {
  readonly text: string;
  readonly numbers: readonly (number | ExactNumber)[];
}

/** Decodes pieces of JSON text, from left to right, without the numbers that a double cannot hold. */
export class LongNumbers {
  #next = 0;

  /** `ends`: the start and the end, in turn, of each number that `JSON.parse` might round. */
  constructor(
    private readonly bytes: Buffer,
    private readonly ends: readonly number[],
  ) {}

  decode(start: number, end: number): WithoutLongNumbers {
    const { bytes, ends } = this;
    while ((ends[this.#next] ?? end) < start) this.#next += 2;
    let text = '';
    let copied = start;
    const numbers: (number | ExactNumber)[] = [];
    for (; (ends[this.#next] ?? end) < end; this.#next += 2) {
      const [from = 0, to = 0] = [ends[this.#next], ends[this.#next + 1]];
      const number = numberOf(bytes.toString('latin1', from, to));
      if (typeof number === 'number' && Math.abs(number) < PLACE) continue;
      text += `${bytes.toString('utf8', copied, from)}${numbers.push(number)}e${POWER}`;
      copied = to;
    }
    return { text: text + bytes.toString('utf8', copied, end), numbers };
  }
}

/** Puts the numbers that {@link LongNumbers} replaced back into the parsed value, in place. Several times faster than a reviver. */
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
    if (value !== before) setMember(object, key, value);
  }
}
