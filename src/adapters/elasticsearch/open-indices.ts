import type { Client } from '@elastic/elasticsearch';
import { RecordStoreError, type RecordStoreErrorCode } from '../../ports/record-store.js';
import { refuseExpensiveQueriesOff } from './cluster-settings.js';
import { aliasOf, type Properties } from './generation-index.js';
import { type CheckedIndex, checkIndex } from './index-check.js';
import { asStoreRequest } from './store-error.js';

/** An index that was checked a short while ago and can hold rows. */
export interface OpenIndex extends CheckedIndex {
  readonly client: Client;
  /** The alias by which it is read and written. */
  readonly alias: string;
  /** What its searches find out about its documents. */
  readonly documents: FoundDocuments;
}

/** What searches find out about the documents of an index. */
export interface FoundDocuments {
  /** An index with more documents has many. */
  readonly maxSmallIndex: number;
  /** Null if there were many documents, and until a search finds out how many there are. */
  few: FewDocuments | null;
}

/** What a search has found out about an index with few documents. */
export interface FewDocuments {
  /** The bytes of the largest row. */
  readonly largest: number;
  /** When the search began, on the clock of `performance.now()`. */
  readonly since: number;
}

/** An index with more documents has many. Of few, one search that reads all of them finds the next rows faster than two searches that read only those rows. */
const SMALL_INDEX = 50_000;
/** Errors whose cause may be that the index has changed since it was checked. */
const TELLING: ReadonlySet<RecordStoreErrorCode> = new Set(['BLOCKED', 'GENERATION_MISSING', 'REJECTED']);
/** Settings can change while the process runs; after this time they are checked again. */
const TRUSTED_MS = 60_000;
const MAX_KEPT_INDICES = 10_000;

interface Kept {
  readonly index: Promise<OpenIndex>;
  readonly until: number;
}

/**
 * The index of a generation has changed since it was checked: its alias has other indices, or it was split. Thrown by requests whose response shows this, and handled
 * by {@link OpenIndices.use}.
 */
export class IndexChangedError extends RecordStoreError {
  constructor(alias: string) {
    super('UNAVAILABLE', `Elasticsearch: the indices or shards under the alias ${alias} have changed`);
  }
}

/** The indices that this process reads and writes, each checked before its first use. */
export class OpenIndices {
  readonly #kept = new Map<string, Kept>();

  constructor(
    private readonly client: Client,
    private readonly maxSmallIndex = SMALL_INDEX,
  ) {}

  /**
   * Sends a request to a generation's index. Throws BLOCKED if the index is unsafe for rows, or if it refuses the request for that reason. Otherwise throws what the
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

  /** The same for a request that may be sent twice: it is, if it was refused without such a reason. What prevented it may have changed between the request and the look for a reason. */
  async useTwice<T>(generation: string, request: (index: OpenIndex) => Promise<T>): Promise<T> {
    try {
      return await this.use(generation, request);
    } catch (error) {
      if (!(error instanceof RecordStoreError) || error.code !== 'REJECTED') throw error;
      return this.use(generation, request);
    }
  }

  /** Forgets the index, so that its next use checks it again. */
  forget(generation: string): void {
    this.#kept.delete(generation);
  }

  /** `expected` has the fields with which its index was just created. */
  async open(generation: string, expected?: Properties): Promise<OpenIndex> {
    const known = this.#kept.get(generation);
    if (known && performance.now() < known.until) return known.index;
    const kept = { index: this.#read(generation, expected), until: performance.now() + TRUSTED_MS };
    this.#kept.delete(generation);
    this.#kept.set(generation, kept);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_KEPT_INDICES && oldest !== undefined) this.#kept.delete(oldest);
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
      return {
        client,
        alias,
        ...checkIndex(alias, found, expected),
        documents: { few: null, maxSmallIndex: this.maxSmallIndex },
      };
    });
  }

  /** Throws BLOCKED or UNAVAILABLE if a setting of the index or of the cluster explains why a correct request failed. */
  async #explain(generation: string): Promise<void> {
    await this.open(generation);
    await asStoreRequest(() => refuseExpensiveQueriesOff(this.client));
  }
}
