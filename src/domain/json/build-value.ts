import { parseWithEscapedKeys } from './escaped-keys.js';
import type { JsonContainer, JsonOutline } from './json-container.js';
import { type JsonObject, type JsonValue, setMember } from './json-value.js';
import { LongNumbers, restoreNumbers } from './long-numbers.js';

/** A text that has an outline. Its values are built from left to right. */
export class OutlinedText {
  readonly #longNumbers: LongNumbers;
  readonly #hasEscapedKeys: boolean;

  constructor(bytes: Buffer, { longNumbers, hasEscapedKeys }: Pick<JsonOutline, 'longNumbers' | 'hasEscapedKeys'>) {
    this.#longNumbers = new LongNumbers(bytes, longNumbers);
    this.#hasEscapedKeys = hasEscapedKeys;
  }

  /** Parses the text between two offsets, which `before` and `after` make a value. */
  parse(start: number, end: number, before = '', after = ''): JsonValue {
    const { text, numbers } = this.#longNumbers.decode(start, end);
    const whole = before + text + after;
    const value = this.#hasEscapedKeys ? parseWithEscapedKeys(whole) : JSON.parse(whole);
    return numbers.length === 0 ? value : restoreNumbers(value, numbers);
  }
}

/** A value in a text, and where it stands. */
interface ValuePlace {
  readonly start: number;
  readonly end: number;
  readonly container: JsonContainer | null;
}

/** Builds a value piece by piece. Yields between the pieces, so that the caller can do other work. */
export function* buildValue(text: OutlinedText, { start, end, container }: ValuePlace): Generator<void, JsonValue> {
  if (!container || !isDivided(container)) return text.parse(start, end);
  return container.isObject ? yield* buildObject(text, container) : yield* buildArray(text, container);
}

function* buildArray(text: OutlinedText, container: JsonContainer): Generator<void, JsonValue> {
  const array: JsonValue[] = [];
  for (const elements of buildElements(text, container)) {
    // Spread arguments would overflow the stack.
    for (const element of elements) array.push(element);
    yield;
  }
  return array;
}

/** The elements of an array, some at a time. An array without elements is yielded when time has passed and nothing is ready. */
export function* buildElements(text: OutlinedText, array: JsonContainer): Generator<readonly JsonValue[]> {
  for (const { start, end, divided } of piecesOf(array)) {
    if (!divided) {
      yield text.parse(start, end, '[', ']') as JsonValue[];
      continue;
    }
    const building = buildValue(text, { start: divided.start, end: divided.end, container: divided });
    let step = building.next();
    for (; !step.done; step = building.next()) yield NOTHING;
    yield [step.value];
  }
}

const NOTHING: readonly JsonValue[] = [];

function* buildObject(text: OutlinedText, container: JsonContainer): Generator<void, JsonValue> {
  const object: JsonObject = {};
  for (const { start, end, divided } of piecesOf(container)) {
    if (divided) {
      const [key = ''] = Object.keys(text.parse(start, divided.start, '{', '0}') as JsonObject);
      setMember(object, key, yield* buildValue(text, { start: divided.start, end: divided.end, container: divided }));
    } else {
      const members = text.parse(start, end, '{', '}') as JsonObject;
      for (const key of Object.keys(members)) setMember(object, key, members[key] ?? null);
    }
    yield;
  }
  return object;
}

interface Piece {
  readonly start: number;
  readonly end: number;
  /** The element or the value that is the whole piece, if it is divided itself. */
  readonly divided: JsonContainer | undefined;
}

function* piecesOf({ start, end, borders, divided }: JsonContainer): Generator<Piece> {
  let from = start + 1;
  let next = 0;
  for (let index = 0; index <= borders.length; index += 1) {
    const to = borders[index] ?? end - 1;
    const inPiece = divided[next];
    const isWhole = inPiece !== undefined && inPiece.start < to;
    if (isWhole) next += 1;
    yield { start: from, end: to, divided: isWhole ? inPiece : undefined };
    from = to + 1;
  }
}

function isDivided({ borders, divided }: JsonContainer): boolean {
  return borders.length > 0 || divided.length > 0;
}
