import { SluiceError } from '../errors.js';

/** The values that a preview shows have at most about this many characters, with the ids of their columns. */
export const MAX_SHOWN_CHARACTERS = 20_000_000;
const CHARACTERS_OF_SCALAR = 8;

/** Counts what a preview shows while it is made: its whole result would otherwise be built before anyone knew that it is too large to send. */
export class ShownSize {
  #left = MAX_SHOWN_CHARACTERS;
  /** Steps show the same arrays and objects of a record again and again. */
  readonly #known = new WeakMap<object, number>();

  /** Counts values that are shown so many times. Throws BAD_REQUEST if the preview shows too much now. */
  add(values: Readonly<Record<string, unknown>>, times: number): void {
    let size = 0;
    for (const id in values) size += id.length + this.#sizeOf(values[id]);
    this.#left -= size * times;
    if (this.#left < 0) throw tooLarge();
  }

  #sizeOf(value: unknown): number {
    if (typeof value === 'string') return value.length;
    if (typeof value !== 'object' || value === null) return CHARACTERS_OF_SCALAR;
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    let size = CHARACTERS_OF_SCALAR;
    for (const [key, member] of Object.entries(value)) {
      size += this.#sizeOf(member) + (Array.isArray(value) ? 0 : key.length);
    }
    this.#known.set(value, size);
    return size;
  }
}

function tooLarge(): SluiceError {
  const expected = `at most ${MAX_SHOWN_CHARACTERS} characters in all values`;
  const message = `the preview would show more than ${MAX_SHOWN_CHARACTERS} characters in the values of all records after all steps; preview fewer or smaller records with data, or fewer steps`;
  return new SluiceError('BAD_REQUEST', message, { field: 'data', expected, actual: 'more' });
}
