import type { Client } from '@elastic/elasticsearch';
import { RecordStoreError, type RecordStoreErrorCode } from '../../ports/record-store.js';
import { refuseExpensiveQueriesOff } from './cluster-settings.js';
import { aliasOf, type Properties } from './generation-index.js';
import { type CheckedIndex, checkIndex } from './index-check.js';
import { asStoreRequest } from './store-error.js';

/** An index that was read back a short while ago and can hold rows, and how it is reached. */
export interface OpenIndex extends CheckedIndex {
  readonly client: Client;
  /** What it is read and written by. */
  readonly alias: string;
}

/** Errors that may come from what the index has become since it was read back. */
const TELLING: ReadonlySet<RecordStoreErrorCode> = new Set(['BLOCKED', 'GENERATION_MISSING', 'REJECTED']);
/** Settings can be changed under a running process; after so long they are read again. */
const TRUSTED_MS = 60_000;
const MAX_KEPT = 10_000;

interface Kept {
  readonly index: Promise<OpenIndex>;
  readonly until: number;
}

/**
 * The index of a generation is not what it was when it was read back: others stand under its alias, or it was split. Thrown by requests whose answer shows it, and
 * handled by {@link OpenIndices.use}.
 */
export class IndexChangedError extends RecordStoreError {
  constructor(alias: string) {
    super('UNAVAILABLE', `Elasticsearch: the indices or shards under the alias ${alias} have changed`);
  }
}

/** The indices that this process reads and writes, each read back before its first use. */
export class OpenIndices {
  readonly #kept = new Map<string, Kept>();

  constructor(private readonly client: Client) {}

  /**
   * Makes a request of a generation's index. An index that rows cannot live with is BLOCKED, and so is a request that it refuses for that. Throws what the
   * request throws.
   */
  async use<T>(generation: string, request: (index: OpenIndex) => Promise<T>): Promise<T> {
    const index = await this.open(generation);
    try {
      return await request(index);
    } catch (error) {
      if (!(error instanceof RecordStoreError)) throw error;
      const isChanged = error instanceof IndexChangedError;
      if (isChanged || TELLING.has(error.code)) this.forget(generation);
      if (isChanged) return request(await this.open(generation));
      if (error.code === 'REJECTED') await this.#explain(generation);
      throw error;
    }
  }

  /** Forgets what is known of it: its next use reads it back. */
  forget(generation: string): void {
    this.#kept.delete(generation);
  }

  /** `expected`: the fields that its index was just made with. */
  async open(generation: string, expected?: Properties): Promise<OpenIndex> {
    const known = this.#kept.get(generation);
    if (known && performance.now() < known.until) return known.index;
    const kept = { index: this.#read(generation, expected), until: performance.now() + TRUSTED_MS };
    this.#kept.delete(generation);
    this.#kept.set(generation, kept);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    try {
      return await kept.index;
    } catch (error) {
      if (this.#kept.get(generation) === kept) this.#kept.delete(generation);
      throw error;
    }
  }

  #read(generation: string, expected: Properties | undefined): Promise<OpenIndex> {
    const { client } = this;
    const alias = aliasOf(generation);
    return asStoreRequest(async () => {
      const found = await client.indices.get({ index: alias, flat_settings: true });
      return { client, alias, ...checkIndex(alias, found, expected) };
    });
  }

  /** Throws what makes a request fail that is right by itself: a setting of the index, or of the cluster. */
  async #explain(generation: string): Promise<void> {
    await this.open(generation);
    await asStoreRequest(() => refuseExpensiveQueriesOff(this.client));
  }
}
