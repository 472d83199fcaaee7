interface Kept<T> {
  readonly value: T;
  readonly bytes: number;
}

/** Keeps the values that were used last, up to a number of bytes together. */
export class BoundedCache<T> {
  readonly #kept = new Map<string, Kept<T>>();
  #bytes = 0;

  constructor(
    private readonly maxBytes: number,
    private readonly sizeOf: (value: T) => number,
  ) {}

  get(key: string): T | undefined {
    const kept = this.#kept.get(key);
    if (!kept) return undefined;
    // The last one in the map is the one that was used last.
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    return kept.value;
  }

  /** Keeps a value, unless it is larger than all may be together. A value that is kept under the key stays. */
  put(key: string, value: T): void {
    if (this.#kept.has(key)) return;
    const bytes = this.sizeOf(value);
    if (bytes > this.maxBytes) return;
    this.#kept.set(key, { value, bytes });
    this.#bytes += bytes;
    for (const [oldest, kept] of this.#kept) {
      if (this.#bytes <= this.maxBytes) break;
      this.#kept.delete(oldest);
      this.#bytes -= kept.bytes;
    }
  }
}
