import type { JobErrorCode, Mismatch } from './job.js';

/** How many mismatches of one record are kept; all of them are counted. */
const MAX_KEPT_OF_RECORD = 10;

/** What mismatches of one kind have in common: the code, and the place without the indexes of arrays. */
export interface MismatchKind {
  /** JSON Pointer, array indexes left out: `/items/sku` for `/items/3/sku`. Of an unknown key, that of the object it stands in. */
  readonly pointer: string;
  readonly code: JobErrorCode;
  /** The id of the transformation that made it, if one did. */
  readonly step?: string | undefined;
  /** Makes the record's first mismatch of this kind. */
  readonly first: () => Mismatch;
}

/**
 * What is wrong with one record. However many mismatches it has, memory holds the first 10 of them and one entry for each kind, and the kinds are bounded by the
 * sample's structure.
 */
export class RecordMismatches {
  readonly #kept: Mismatch[] = [];
  readonly #kinds = new Map<string, MismatchKind>();
  #last: MismatchKind | undefined;
  #count = 0;

  /** A single mismatch; `pointer` as in {@link MismatchKind}, by default that of the mismatch itself. */
  static of(mismatch: Mismatch, pointer = mismatch.pointer): RecordMismatches {
    const mismatches = new RecordMismatches();
    mismatches.add(pointer, mismatch.code, () => mismatch, mismatch.step);
    return mismatches;
  }

  /** `pointer` as in {@link MismatchKind}; `describe` is called only where the mismatch is looked at. */
  add(pointer: string, code: JobErrorCode, describe: () => Mismatch, step?: string): void {
    this.#count += 1;
    if (this.#kept.length < MAX_KEPT_OF_RECORD) this.#kept.push(describe());
    // The elements of an array come in their millions, one kind after itself.
    if (this.#last?.pointer === pointer && this.#last.code === code && this.#last.step === step) return;
    const key = kindKey({ pointer, code, step });
    this.#last = this.#kinds.get(key) ?? { pointer, code, step, first: describe };
    this.#kinds.set(key, this.#last);
  }

  /** The number of all mismatches. */
  get count(): number {
    return this.#count;
  }

  /** The first 10, in the order they were found. */
  get kept(): readonly Mismatch[] {
    return this.#kept;
  }

  /** Every kind once, by its {@link kindKey}, in the order they were found. */
  get kinds(): ReadonlyMap<string, MismatchKind> {
    return this.#kinds;
  }
}

/** Neither codes nor the ids of steps have a space. */
export function kindKey({ pointer, code, step = '' }: KindOfMismatch): string {
  return `${code} ${step} ${pointer}`;
}

interface KindOfMismatch {
  readonly pointer: string | null;
  readonly code: string;
  readonly step?: string | undefined;
}
