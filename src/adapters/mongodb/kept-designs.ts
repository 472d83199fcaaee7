import { BoundedCache } from '../../domain/bounded-cache.js';
import type { Design } from '../../domain/design/design.js';
import { valueSize } from '../../domain/value-size.js';

/** About what all kept designs take in memory together. The widest design with the longest texts alone takes about as much. */
const MAX_KEPT_BYTES = 24 * 1024 * 1024;

/**
 * The designs of the catalog that are being read, and those that were read lately. A revision of a design never changes, so it need not be read again, and a wide one takes tens
 * of milliseconds to read. Only designs that exist are kept; whether their dataset still does, its own document says. A process has one of these.
 */
export class KeptDesigns {
  readonly #kept = new BoundedCache<Design>(MAX_KEPT_BYTES, valueSize);
  readonly #reading = new Map<string, Promise<Design | null>>();

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
    return this.#kept.get(id);
  }

  put(id: string, design: Design): void {
    this.#kept.put(id, design);
  }
}
