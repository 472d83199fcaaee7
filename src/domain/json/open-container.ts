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
  #otherIndex = -1;
  #otherOffset = -1;
  #largestIndex = -1;
  #largest = 1;
  #lastComma = 0;
  #lastBorder = 0;
  #borders: number[] = NONE;
  #divided: JsonContainer[] = NOTHING;

  begin(isObject: boolean, start: number, valuesBefore: number): void {
    this.isObject = isObject;
    this.count = 0;
    this.valuesBefore = valuesBefore;
    this.start = start;
    this.#otherIndex = -1;
    this.#largestIndex = -1;
    this.#largest = 1;
    this.#lastComma = start;
    this.#lastBorder = start;
    this.#borders = NONE;
    this.#divided = NOTHING;
  }

  /** An element that is not an object begins. */
  notesOther(offset: number): void {
    if (this.#otherIndex !== -1) return;
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

  /** Keeps an element that is divided itself, alone between two borders. */
  keep(element: JsonContainer): void {
    if (this.#divided === NOTHING) this.#divided = [];
    this.#divided.push(element);
    if (this.#lastComma > this.#lastBorder) this.#addBorder(this.#lastComma);
    // So that the next comma is a border.
    this.#lastBorder = Number.NEGATIVE_INFINITY;
  }

  end(offset: number, values: number): JsonContainer {
    return {
      isObject: this.isObject,
      start: this.start,
      end: offset,
      count: this.count,
      values,
      firstOther: this.#otherIndex === -1 ? null : { index: this.#otherIndex, offset: this.#otherOffset },
      largest: this.#largestIndex === -1 ? null : { index: this.#largestIndex, values: this.#largest },
      borders: this.#borders,
      divided: this.#divided,
    };
  }

  /** Whether it must be kept by the container around it. */
  isDivided(): boolean {
    return this.#borders !== NONE || this.#divided !== NOTHING;
  }

  #addBorder(offset: number): void {
    if (this.#borders === NONE) this.#borders = [];
    this.#borders.push(offset);
    this.#lastBorder = offset;
  }
}

const NONE: number[] = [];
const NOTHING: JsonContainer[] = [];
