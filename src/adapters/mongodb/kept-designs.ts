import type { Design } from '../../domain/design/design.js';

/** How many columns all kept designs have together: some 20 MB. */
const MAX_KEPT_COLUMNS = 20_000;

/**
 * The designs of the catalog that are being read, and those that were read lately. A revision of a design never changes, so it need not be read again, and a wide one takes tens
 * of milliseconds to read. Only designs that exist are kept; whether their dataset still does, its own document says.
 */
export class KeptDesigns {
  readonly #kept = new Map<string, Design>();
  readonly #reading = new Map<string, Promise<Design | null>>();
  #columns = 0;

  /** The design with this id; `read` reads it if it is not kept. Calls share a read that finds it; one that does not may have begun before the design was stored. */
  async of(id: string, read: () => Promise<Design | null>): Promise<Design | null> {
    const running = this.#reading.get(id);
    return this.get(id) ?? (running && (await running)) ?? this.#read(id, read);
  }

  async #read(id: string, read: () => Promise<Design | null>): Promise<Design | null> {
    const reading = read();
    this.#reading.set(id, reading);
    try {
      const design = await reading;
      if (design) this.put(id, design);
      return design;
    } finally {
      if (this.#reading.get(id) === reading) this.#reading.delete(id);
    }
  }

  get(id: string): Design | undefined {
    const design = this.#kept.get(id);
    if (!design) return undefined;
    // The last one in the map is the one that was used last.
    this.#kept.delete(id);
    this.#kept.set(id, design);
    return design;
  }

  put(id: string, design: Design): void {
    if (this.#kept.has(id)) return;
    this.#kept.set(id, design);
    this.#columns += design.columns.length;
    for (const [oldest, { columns }] of this.#kept) {
      if (this.#columns <= MAX_KEPT_COLUMNS) break;
      this.#kept.delete(oldest);
      this.#columns -= columns.length;
    }
  }
}
