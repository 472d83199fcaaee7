import { endOfString } from './json-tokens.js';

/**
 * The keys of an object in their order, and of the last objects in it: objects in the same place of other records mostly have the same keys in the same order. A key that
 * equals the one at its place here needs no other comparison, unless a key was already found twice: only the first such key is certain to be found.
 */
class Shape {
  /** The start and the end, in turn, of each key with its quotes. */
  readonly ends: number[] = [];
  /** The shape of the last object in the value of each key. */
  readonly below: (Shape | undefined)[] = [];
  hasEscapes = false;

  /** The same keys up to one of them. */
  upTo(count: number): Shape {
    const shape = new Shape();
    shape.hasEscapes = this.hasEscapes;
    for (let index = 0; index < 2 * count; index += 1) shape.ends.push(this.ends[index] ?? 0);
    for (let index = 0; index < count; index += 1) shape.below.push(this.below[index]);
    return shape;
  }
}

/** An object whose keys are being read. */
interface OpenObject {
  shape: Shape;
  /** How many keys it has so far. */
  count: number;
  /** Whether the shape is only its own: it is the first object in its place, or its keys differ from those of the one before. */
  isOwn: boolean;
  /** Its keys, if the shape is its own and they are many or have escapes. */
  seen: Set<string> | null;
}

/** So many keys are compared one by one, which is faster than a set. */
const FEW = 16;

/** Reads the keys of objects, and finds out whether an object has one twice. It costs little if objects in the same place have the same keys. */
export class DistinctKeys {
  readonly #open: OpenObject[] = [];
  #depth = 0;
  /** The shape of a whole text's object, or of the objects in its array. */
  #root: Shape | undefined;
  /** Whether the last key was in its object before. */
  isDuplicate = false;

  constructor(private readonly bytes: Buffer) {}

  beginObject(): void {
    const known = this.#shapeHere();
    const shape = known ?? new Shape();
    const isOwn = known === undefined;
    const open = this.#open[this.#depth];
    if (open) {
      open.shape = shape;
      open.count = 0;
      open.isOwn = isOwn;
      open.seen = null;
    } else this.#open.push({ shape, count: 0, isOwn, seen: null });
    this.#depth += 1;
  }

  endObject(): void {
    this.#depth -= 1;
    const shape = this.#open[this.#depth]?.shape;
    const parent = this.#parent;
    if (parent) parent.shape.below[parent.count - 1] = shape;
    else this.#root = shape;
  }

  /** The offset after the key whose opening quote is at `at`. Sets {@link isDuplicate}. Throws a JsonFault. */
  endOfKey(at: number): number {
    const object = this.#open[this.#depth - 1];
    if (!object) throw new TypeError('a key outside an object');
    this.isDuplicate = false;
    if (!object.isOwn) {
      const end = this.#endIfKnown(object, at);
      if (end !== -1) return end;
      object.shape = object.shape.upTo(object.count);
      object.isOwn = true;
    }
    const end = endOfString(this.bytes, at + 1);
    this.isDuplicate = this.#isIn(object, at, end);
    object.shape.ends.push(at, end);
    object.count += 1;
    return end;
  }

  #isIn(object: OpenObject, at: number, end: number): boolean {
    const { bytes } = this;
    const { shape, count } = object;
    shape.hasEscapes ||= hasEscape(bytes, at, end);
    if (count < FEW && !shape.hasEscapes) return this.#isAmong(shape.ends, at, end);
    object.seen ??= this.#keysOf(shape.ends);
    const key = keyText(bytes, at, end);
    if (object.seen.has(key)) return true;
    object.seen.add(key);
    return false;
  }

  /** Compares keys without escapes. */
  #isAmong(ends: readonly number[], at: number, end: number): boolean {
    for (let index = 0; index < ends.length; index += 2) {
      const start = ends[index] ?? 0;
      if ((ends[index + 1] ?? 0) - start === end - at && this.#areSame(start, at, end - at)) return true;
    }
    return false;
  }

  #areSame(one: number, other: number, length: number): boolean {
    const { bytes } = this;
    for (let offset = 0; offset < length; offset += 1) {
      if (bytes[one + offset] !== bytes[other + offset]) return false;
    }
    return true;
  }

  /** -1 if the key is not the next key of the shape. */
  #endIfKnown(object: OpenObject, at: number): number {
    const { ends } = object.shape;
    const start = ends[2 * object.count];
    const end = ends[2 * object.count + 1];
    if (start === undefined || end === undefined) return -1;
    if (!this.#areSame(start, at, end - start)) return -1;
    object.count += 1;
    return at + end - start;
  }

  get #parent(): OpenObject | undefined {
    return this.#depth > 0 ? this.#open[this.#depth - 1] : undefined;
  }

  #shapeHere(): Shape | undefined {
    const parent = this.#parent;
    return parent ? parent.shape.below[parent.count - 1] : this.#root;
  }

  #keysOf(ends: readonly number[]): Set<string> {
    const keys = new Set<string>();
    for (let index = 0; index < ends.length; index += 2) {
      keys.add(keyText(this.bytes, ends[index] ?? 0, ends[index + 1] ?? 0));
    }
    return keys;
  }
}

const BACKSLASH = 0x5c;

/** The key between two offsets, which has its quotes there. */
export function keyText(bytes: Buffer, start: number, end: number): string {
  return hasEscape(bytes, start, end)
    ? JSON.parse(bytes.toString('utf8', start, end))
    : bytes.toString('utf8', start + 1, end - 1);
}

/** Whether a backslash stands between two offsets. */
export function hasEscape(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (bytes[at] === BACKSLASH) return true;
  return false;
}
