import { ExactNumber } from './json-value.js';
import { stringifyJson } from './stringify-json.js';

/** What is written between two yields, at most: characters of texts and keys, and some for every other value. */
const SIZE_OF_SLICE = 64 * 1024;
const SIZE_OF_VALUE = 8;

/** Writes a value as {@link stringifyJson} does, in slices: yields after at most a few milliseconds, so that the caller can do other work. Throws {@link TextTooLong} once the text has more than `maxLength` characters. */
export function* stringifyInSlices(value: unknown, maxLength = Number.POSITIVE_INFINITY): Generator<void, string> {
  const writer = new SliceWriter(maxLength);
  yield* writer.write(value);
  return writer.text();
}

/** A text that would be longer than its reader takes. */
export class TextTooLong extends Error {}

class SliceWriter {
  readonly #chunks: string[] = [];
  #size = 0;
  #length = 0;

  constructor(private readonly maxLength: number) {}

  text(): string {
    return this.#chunks.join('');
  }

  *write(value: unknown): Generator<void> {
    const size = sizeUpTo(value, SIZE_OF_SLICE);
    if (size >= SIZE_OF_SLICE && Array.isArray(value)) yield* this.#array(value);
    else if (size >= SIZE_OF_SLICE && isPlain(value)) yield* this.#object(value);
    else {
      const text = stringifyJson(value);
      this.#chunks.push(text);
      this.#length += text.length;
      if (this.#length > this.maxLength) throw new TextTooLong(`the text has more than ${this.maxLength} characters`);
      this.#size += size;
      if (this.#size < SIZE_OF_SLICE) return;
      this.#size = 0;
      yield;
    }
  }

  *#array(array: readonly unknown[]): Generator<void> {
    let before = '[';
    for (const element of array) {
      this.#chunks.push(before);
      yield* this.write(element ?? null);
      before = ',';
    }
    this.#chunks.push(array.length === 0 ? '[]' : ']');
  }

  *#object(object: object): Generator<void> {
    let before = '{';
    for (const [key, member] of Object.entries(object)) {
      if (member === undefined) continue;
      this.#chunks.push(`${before}${JSON.stringify(key)}:`);
      yield* this.write(member);
      before = ',';
    }
    this.#chunks.push(before === '{' ? '{}' : '}');
  }
}

/** Whether an object is written member by member. */
function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof ExactNumber) && !('toJSON' in value);
}

/** About how long the text of a value is, up to a size. */
function sizeUpTo(value: unknown, most: number): number {
  if (typeof value === 'string') return value.length + SIZE_OF_VALUE;
  if (typeof value !== 'object' || value === null) return SIZE_OF_VALUE;
  let size = SIZE_OF_VALUE;
  if (Array.isArray(value)) {
    for (const element of value) {
      if (size >= most) break;
      size += sizeUpTo(element, most - size);
    }
    return size;
  }
  for (const key in value) {
    if (size >= most) break;
    size += key.length + sizeUpTo((value as Record<string, unknown>)[key], most - size);
  }
  return size;
}
