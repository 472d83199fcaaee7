import type { Client, estypes } from '@elastic/elasticsearch';
import { inFlight } from './measure.js';

const DOCUMENTS_IN_A_CALL = 1_000;
const CALLS = 4;

/** Writes to Elasticsearch with its client: the baseline that Sluice is compared with. */
export class RawElasticsearch {
  #next = 0;
  #cleared = 0;

  constructor(readonly client: Client) {}

  /** An empty index with this mapping, one shard and no replica. */
  async index(properties: Record<string, estypes.MappingProperty>): Promise<string> {
    this.#next += 1;
    const index = `raw${this.#next}`;
    await this.client.indices.create({
      index,
      settings: { number_of_shards: 1, number_of_replicas: 0, 'index.mapping.total_fields.limit': 5_000 },
      mappings: { dynamic: 'strict', properties },
    });
    return index;
  }

  /** Writes these documents as fast as it can, and resolves once they can be queried. With `idOf`, it updates stored documents. */
  async writeAll<T extends object>(index: string, documents: readonly T[], idOf?: (document: T) => string) {
    await inFlight(Math.ceil(documents.length / DOCUMENTS_IN_A_CALL), CALLS, async (n) => {
      const part = documents.slice(n * DOCUMENTS_IN_A_CALL, (n + 1) * DOCUMENTS_IN_A_CALL);
      const operations = part.flatMap((document): object[] =>
        idOf === undefined
          ? [{ index: {} }, document]
          : [{ update: { _id: idOf(document) } }, { doc: document, doc_as_upsert: true }],
      );
      const { errors } = await this.client.bulk({ index, operations });
      if (errors) throw new Error('Elasticsearch refused documents of the baseline');
    });
    await this.client.indices.refresh({ index });
  }

  /** Removes what the baseline has written. */
  async clear(): Promise<void> {
    for (; this.#cleared < this.#next; this.#cleared += 1)
      await this.client.indices.delete({ index: `raw${this.#cleared + 1}` });
  }
}
