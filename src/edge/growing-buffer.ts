const FIRST_SIZE = 16 * 1024;
/** How much larger than needed a buffer is made: the rest is reserved memory that holds nothing, but without it every chunk would be copied again and again. */
const ROOM = 1.25;

/**
 * Collects the chunks of a body in one buffer. Kept by themselves, chunks of one byte would take hundreds of times their size: each is an object with a view of memory.
 */
export class GrowingBuffer {
  #buffer = Buffer.alloc(0);
  #length = 0;

  /** `declared`: how long the body will be, if that is known. */
  constructor(private readonly declared: number) {}

  /** How large the buffer is once it holds so many bytes: as large as was declared, or else at most a quarter larger than needed. */
  sizeFor(length: number): number {
    if (length <= this.#buffer.length) return this.#buffer.length;
    return length <= this.declared ? this.declared : Math.max(FIRST_SIZE, Math.ceil(ROOM * length));
  }

  append(chunk: Buffer): void {
    const size = this.sizeFor(this.#length + chunk.length);
    if (size > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(size);
      this.#buffer.copy(larger, 0, 0, this.#length);
      this.#buffer = larger;
    }
    chunk.copy(this.#buffer, this.#length);
    this.#length += chunk.length;
  }

  clear(): void {
    this.#buffer = Buffer.alloc(0);
    this.#length = 0;
  }

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }
}
