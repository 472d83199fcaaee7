import { type Collection, MongoBulkWriteError } from 'mongodb';
import type { JobDocument } from './documents.js';
import { isDuplicateKey } from './duplicate-key.js';

/** How many inserts run at the same time; what arrives meanwhile is joined. */
const INSERTS_AT_ONCE = 2;
const DOCUMENTS_OF_INSERT = 1_000;
const BYTES_OF_INSERT = 4 * 1024 * 1024;

interface Waiting {
  readonly documents: readonly JobDocument[];
  readonly bytes: number;
  readonly resolve: (inserted: number) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Inserts the jobs of many lanes with few writes: those of lanes that arrive while two inserts are running go together into the next one. Each lane has at most one insert at a time here, so the
 * order of its jobs is kept.
 */
export class JoinedInserts {
  readonly #waiting: Waiting[] = [];
  #running = 0;

  constructor(private readonly jobs: Pick<Collection<JobDocument>, 'insertMany'>) {}

  /**
   * Inserts documents in their order. Resolves once they are durable, with how many of the first ones are: all, or those before one with a unique key that was taken. Rejects
   * if it is unknown what was inserted. `bytes`: about what they take.
   */
  insert(documents: readonly JobDocument[], bytes: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ documents, bytes, resolve, reject });
      this.#begin();
    });
  }

  #begin(): void {
    while (this.#running < INSERTS_AT_ONCE && this.#waiting.length > 0) {
      this.#running += 1;
      void this.#insert(this.#takeJoined()).finally(() => {
        this.#running -= 1;
        this.#begin();
      });
    }
  }

  /** The first ones that fit into an insert together; at least one. */
  #takeJoined(): Waiting[] {
    let [count, bytes] = [0, 0];
    const tooMuch = this.#waiting.findIndex((waiting, index) => {
      count += waiting.documents.length;
      bytes += waiting.bytes;
      return index > 0 && (count > DOCUMENTS_OF_INSERT || bytes > BYTES_OF_INSERT);
    });
    return this.#waiting.splice(0, tooMuch === -1 ? this.#waiting.length : tooMuch);
  }

  async #insert(joined: readonly Waiting[]): Promise<void> {
    const documents = joined.flatMap((waiting) => waiting.documents);
    try {
      await this.jobs.insertMany(documents, { ordered: true, writeConcern: { w: 'majority' } });
      for (const waiting of joined) waiting.resolve(waiting.documents.length);
    } catch (error) {
      if (error instanceof MongoBulkWriteError && isDuplicateKey(error)) this.#settle(joined, error.insertedCount);
      else for (const { reject } of joined) reject(error);
    }
  }

  /** An ordered insert stops at the first document that it cannot insert: what comes after that lane is inserted again. */
  #settle(joined: readonly Waiting[], inserted: number): void {
    let left = inserted;
    const stoppedAt = joined.findIndex(({ documents: { length }, resolve }) => {
      resolve(Math.min(left, length));
      left -= length;
      return left < 0;
    });
    if (stoppedAt !== -1) this.#waiting.unshift(...joined.slice(stoppedAt + 1));
  }
}
