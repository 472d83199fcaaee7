/** Keeps the entries that were put last, at most so many. */
export class LatestEntries<T> {
  readonly #entries = new Map<string, T>();

  constructor(private readonly most: number) {}

  get(key: string): T | undefined {
    return this.#entries.get(key);
  }

  /** Replaces what is kept under the key. */
  put(key: string, value: T): void {
    // The last one in the map is the one that was put last.
    this.#entries.delete(key);
    this.#entries.set(key, value);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > this.most && oldest !== undefined) this.#entries.delete(oldest);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }
}
