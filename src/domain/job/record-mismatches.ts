import type { JobErrorCode, Mismatch } from './job.js';

/** At most this many mismatches of one record are kept; all are counted. */
const MAX_KEPT_OF_RECORD = 10;

/** What mismatches of one kind have in common: the code, the step, and the pointer without array indexes. */
export interface MismatchKind {
  /** JSON Pointer without array indexes: `/items/sku` for `/items/3/sku`. For an unknown key, the pointer of the object that has it. */
  readonly pointer: string;
  readonly code: JobErrorCode;
  /** The id of the transformation that failed, if one did. */
  readonly step?: string | undefined;
  /** Creates the record's first mismatch of this kind. */
  readonly first: () => Mismatch;
}

/**
 * The mismatches of one record. Memory holds only the first 10 of them and one entry for each kind; the number of kinds is bounded by the sample's structure.
 */
export class RecordMismatches {
  readonly #kept: Mismatch[] = [];
  readonly #kinds = new Map<string, MismatchKind>();
  #last: MismatchKind | undefined;
  #count = 0;

  /** A single mismatch. `pointer` is as in {@link MismatchKind}; by default it is the mismatch's own pointer. */
  static of(mismatch: Mismatch, pointer = mismatch.pointer): RecordMismatches {
    const mismatches = new RecordMismatches();
    mismatches.add(pointer, mismatch.code, () => mismatch, mismatch.step);
    return mismatches;
  }

  /** `pointer` is as in {@link MismatchKind}. `describe` is called only if somebody reads the mismatch. */
  add(pointer: string, code: JobErrorCode, describe: () => Mismatch, step?: string): void {
    this.#count += 1;
    if (this.#kept.length < MAX_KEPT_OF_RECORD) this.#kept.push(describe());
    // An array may give millions of mismatches of the same kind in a row.
    if (this.#last?.pointer === pointer && this.#last.code === code && this.#last.step === step) return;
    const key = kindKey({ pointer, code, step });
    this.#last = this.#kinds.get(key) ?? { pointer, code, step, first: describe };
    this.#kinds.set(key, this.#last);
  }

  /** The number of all mismatches. */
  get count(): number {
    return this.#count;
  }

  /** The first 10 mismatches, in the order in which they were found. */
  get kept(): readonly Mismatch[] {
    return this.#kept;
  }

  /** Every kind once, by its {@link kindKey}, in the order in which they were found. */
  get kinds(): ReadonlyMap<string, MismatchKind> {
    return this.#kinds;
  }
}

/** Unique for each kind, because codes and step ids contain no space. */
export function kindKey({ pointer, code, step = '' }: KindOfMismatch): string {
  return `${code} ${step} ${pointer}`;
}

interface KindOfMismatch {
  readonly pointer: string | null;
  readonly code: string;
  readonly step?: string | undefined;
}
