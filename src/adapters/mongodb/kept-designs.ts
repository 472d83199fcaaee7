import type { Design } from '../../domain/design/design.js';

/** About what all kept designs take in memory together. The widest design with the longest texts alone takes about as much. */
const MAX_KEPT_BYTES = 24 * 1024 * 1024;
const BYTES_OF_VALUE = 32;
const BYTES_OF_TEXT = 24;
const BYTES_OF_OBJECT = 64;

interface Kept {
  readonly design: Design;
  readonly bytes: number;
}

/**
 * The designs of the catalog that are being read, and those that were read lately. A revision of a design never changes, so it need not be read again, and a wide one takes tens
 * of milliseconds to read. Only designs that exist are kept; whether their dataset still does, its own document says. A process has one of these.
 */
export class KeptDesigns {
  readonly #kept = new Map<string, Kept>();
  readonly #reading = new Map<string, Promise<Design | null>>();
  #bytes = 0;

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
    const kept = this.#kept.get(id);
    if (!kept) return undefined;
    // The last one in the map is the one that was used last.
    this.#kept.delete(id);
    this.#kept.set(id, kept);
    return kept.design;
  }

  /** Keeps a design, unless it is larger than all may be together. */
  put(id: string, design: Design): void {
    if (this.#kept.has(id)) return;
    const bytes = sizeInMemory(design);
    if (bytes > MAX_KEPT_BYTES) return;
    this.#kept.set(id, { design, bytes });
    this.#bytes += bytes;
    for (const [oldest, kept] of this.#kept) {
      if (this.#bytes <= MAX_KEPT_BYTES) break;
      this.#kept.delete(oldest);
      this.#bytes -= kept.bytes;
    }
  }
}

/** About how many bytes a value takes with everything in it. A text counts two bytes a character, although one of ASCII takes half of that. */
function sizeInMemory(value: unknown): number {
  if (typeof value === 'string') return BYTES_OF_TEXT + 2 * value.length;
  if (typeof value !== 'object' || value === null) return 0;
  let bytes = BYTES_OF_OBJECT;
  for (const member of Object.values(value)) bytes += BYTES_OF_VALUE + sizeInMemory(member);
  return bytes;
}
