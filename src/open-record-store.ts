import type { Db } from 'mongodb';
import { mongoRecordStore, mongoRowsForClients } from './adapters/mongodb/mongo-record-store.js';
import { writeRowsWithRoom } from './adapters/mongodb/rows/write-rows-with-room.js';
import type { Config, ElasticsearchConfig } from './config.js';
import type { LookedUpRows, RecordStore } from './ports/record-store.js';
import { FOREIGN_STORAGE, type StorageHealth } from './ports/storage-health.js';

/** The record store of one process. */
export interface OpenRecordStore {
  readonly records: RecordStore;
  /** The same rows, for lookups that a client waits for: each read ends after a time. */
  readonly rowsForClients: LookedUpRows;
  /** Where rows are, for people; null if they are in the same database as the push log. */
  readonly source: string | null;
  readonly notices: readonly string[];
  /** What loads and queries wait for now, for an operator. Never throws. */
  problems(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Opens Elasticsearch if it is configured, otherwise collections of the database, whose health is `storage`. */
export async function openRecordStore(
  { elasticsearch }: Pick<Config, 'elasticsearch'>,
  db: Db,
  storage: Pick<StorageHealth, 'shortage'> = FOREIGN_STORAGE,
): Promise<OpenRecordStore> {
  if (elasticsearch) return openElasticsearch(elasticsearch);
  return {
    records: writeRowsWithRoom(mongoRecordStore(db), storage),
    rowsForClients: mongoRowsForClients(db),
    source: null,
    notices: [],
    problems: async () => [],
    close: async () => undefined,
  };
}

/** Imports the adapter only where it is used: decision 38. */
async function openElasticsearch(config: ElasticsearchConfig): Promise<OpenRecordStore> {
  const [{ connectElasticsearch, hostsOf }, { elasticsearchRecordStore }, { elasticsearchProblems }] =
    await Promise.all([
      import('./adapters/elasticsearch/connect.js'),
      import('./adapters/elasticsearch/elasticsearch-record-store.js'),
      import('./adapters/elasticsearch/health.js'),
    ]);
  const connection = await connectElasticsearch(config);
  const { client, version, unreachable } = connection;
  const records = elasticsearchRecordStore(connection, config);
  return {
    records,
    // Every request to Elasticsearch ends after a time.
    rowsForClients: records,
    source: `Elasticsearch${version === null ? '' : ` ${version}`} at ${hostsOf(config)}`,
    notices: unreachable === null ? [] : [`${unreachable}; pushes are accepted, and loaded once it can be reached`],
    problems: () => elasticsearchProblems(client),
    close: () => client.close(),
  };
}
