import type { JsonContainer } from './json-container.js';

/** An object or an array that a scan is inside of. One serves for all containers of its depth, one after the other. */
export class OpenContainer {
  isObject = false;
  count = 0;
  /** The offset of the key of the current member. */
  keyStart = 0;
  keyEnd = 0;
  /** How many values stood before it, in the whole text. */
  valuesBefore = 0;
  start = 0;
  /** The first element that is not an object. Numbers and not an object, since there are millions of small arrays. */
  #otherIndex: number | null = null;
  #otherOffset = 0;
  /** The element with the most values, if it has more than itself. */
  #largestIndex: number | null = null;
  #largest = 1;
  #lastComma = 0;
  #lastBorder = 0;
  #borders: number[] | null = null;
  #divided: JsonContainer[] | null = null;

  begin(isObject: boolean, start: number, valuesBefore: number): void {
    this.isObject = isObject;
    this.count = 0;
    this.valuesBefore = valuesBefore;
    this.start = start;
    this.#otherIndex = null;
    this.#largestIndex = null;
    this.#largest = 1;
    this.#lastComma = start;
    this.#lastBorder = start;
    this.#borders = null;
    this.#divided = null;
  }

  /** An element that is not an object begins. */
  notesOther(offset: number): void {
    if (this.#otherIndex !== null) return;
    this.#otherIndex = this.count - 1;
    this.#otherOffset = offset;
  }

  /** An element that is a container ends. `values`: how many values it has. */
  notesSize(values: number): void {
    if (values <= this.#largest) return;
    this.#largest = values;
    this.#largestIndex = this.count - 1;
  }

  /** A piece has at least `pieceBytes`. */
  comma(offset: number, pieceBytes: number): void {
    this.#lastComma = offset;
    if (offset - this.#lastBorder >= pieceBytes) this.#addBorder(offset);
  }

  /** Keeps an element that is divided itself, alone between two borders: it is longer than a piece, so that the comma after it is one, too. */
  keep(element: JsonContainer): void {
    this.#divided ??= [];
    this.#divided.push(element);
    if (this.#lastComma > this.#lastBorder) this.#addBorder(this.#lastComma);
  }

  end(offset: number, values: number): JsonContainer {
    return {
      isObject: this.isObject,
      start: this.start,
      end: offset,
      count: this.count,
      values,
      firstOther: this.#otherIndex === null ? null : { index: this.#otherIndex, offset: this.#otherOffset },
      largest: this.#largestIndex === null ? null : { index: this.#largestIndex, values: this.#largest },
      borders: this.#borders ?? [],
      divided: this.#divided ?? [],
    };
  }

  /** Whether it must be kept by the container around it. */
  isDivided(): boolean {
    return this.#borders !== null || this.#divided !== null;
  }

  #addBorder(offset: number): void {
    this.#borders ??= [];
    this.#borders.push(offset);
    this.#lastBorder = offset;
  }
}
