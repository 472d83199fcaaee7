import { asBuffer, sharedBytes, sharedUint32 } from './shared-memory.js';

/** What a table consists of, in shared memory. */
export interface ByteTableData {
  readonly bytes: Uint8Array;
  /** Where each text begins; one more for the end of the last one. */
  readonly starts: Uint32Array;
  /** The number of a text plus 1, at its hash or after it; 0: free. Its length is a power of two. */
  readonly slots: Uint32Array;
  readonly count: number;
}

/** Texts, as bytes in one buffer, with the number of each: 0, 1, 2, ... in the order in which they were added. Without an object for each, millions of them take little memory. */
export class ByteTable {
  private bytes: Buffer;
  private starts: Uint32Array;
  private slots: Uint32Array;
  private count: number;
  private readonly sought = Buffer.alloc(MAX_SOUGHT_BYTES);

  private constructor({ bytes, starts, slots, count }: ByteTableData) {
    this.bytes = asBuffer(bytes);
    this.starts = starts;
    this.slots = slots;
    this.count = count;
  }

  /** An empty table with room for so many texts of so many bytes together; it grows. */
  static empty(texts: number, bytes: number): ByteTable {
    return new ByteTable({
      bytes: sharedBytes(Math.max(bytes, 64)),
      starts: sharedUint32(Math.max(texts, 8) + 1),
      slots: sharedUint32(2 ** Math.ceil(Math.log2(Math.max(texts, 8) * MIN_SLOTS_OF_TEXT))),
      count: 0,
    });
  }

  /** The table with this data, which may be that of a table in another thread, to which nothing is added any more. */
  static of(data: ByteTableData): ByteTable {
    return new ByteTable(data);
  }

  get data(): ByteTableData {
    const { bytes, starts, slots, count } = this;
    return { bytes, starts, slots, count };
  }

  get size(): number {
    return this.count;
  }

  /** Adds a text, which must not be in the table yet, and returns its number. */
  add(source: Uint8Array, from: number, to: number): number {
    const start = this.starts[this.count] ?? 0;
    const end = start + to - from;
    this.makeRoom(end);
    this.bytes.set(source.subarray(from, to), start);
    this.count += 1;
    this.starts[this.count] = end;
    this.place(this.count - 1);
    return this.count - 1;
  }

  /** The number of the text; -1 if it is not in the table. */
  find(text: string): number {
    if (text.length * 3 > MAX_SOUGHT_BYTES) return -1;
    return this.findBytes(this.sought, this.sought.write(text));
  }

  findBytes(sought: Uint8Array, length: number): number {
    const mask = this.slots.length - 1;
    for (let slot = hashOf(sought, 0, length) & mask; ; slot = (slot + 1) & mask) {
      const number = (this.slots[slot] ?? 0) - 1;
      if (number < 0 || this.equals(number, sought, length)) return number;
    }
  }

  text(number: number): string {
    return this.bytes.toString('utf8', this.starts[number], this.starts[number + 1]);
  }

  private equals(number: number, sought: Uint8Array, length: number): boolean {
    const start = this.starts[number] ?? 0;
    if ((this.starts[number + 1] ?? 0) - start !== length) return false;
    for (let index = 0; index < length; index += 1) {
      if (this.bytes[start + index] !== sought[index]) return false;
    }
    return true;
  }

  private place(number: number): void {
    const mask = this.slots.length - 1;
    let slot = hashOf(this.bytes, this.starts[number] ?? 0, this.starts[number + 1] ?? 0) & mask;
    while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
    this.slots[slot] = number + 1;
  }

  private makeRoom(end: number): void {
    if (end > this.bytes.length) {
      const longer = sharedBytes(Math.max(end, this.bytes.length * 2));
      longer.set(this.bytes);
      this.bytes = longer;
    }
    if (this.count + 1 < this.starts.length) return;
    const more = sharedUint32(this.starts.length * 2);
    more.set(this.starts);
    this.starts = more;
    this.slots = sharedUint32(this.slots.length * 2);
    for (let number = 0; number < this.count; number += 1) this.place(number);
  }
}

/** So that a search looks at few slots. */
const MIN_SLOTS_OF_TEXT = 1.5;
/** Longer texts are not in any table. */
const MAX_SOUGHT_BYTES = 1_024;

/** FNV-1a, with its high bits mixed into the low ones. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let index = from; index < to; index += 1) hash = Math.imul(hash ^ (bytes[index] ?? 0), 0x01000193);
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x85ebca6b) >>> 0;
}
