import type { Db, MongoClient } from 'mongodb';
import { diskShortage } from './adapters/embedded/disk-space.js';
import { startEmbeddedMongod } from './adapters/embedded/start-embedded-mongod.js';
import { connectMongo } from './adapters/mongodb/connect.js';
import type { Config } from './config.js';
import { FOREIGN_STORAGE, type StorageHealth } from './ports/storage-health.js';

/** The database of one process: somebody else's, or an embedded mongod that lives and ends with it. */
export interface Database {
  readonly client: MongoClient;
  readonly db: Db;
  /** Where it came from, for people. */
  readonly source: string;
  /** Whether no other process works on it. */
  readonly exclusive: boolean;
  /** What an operator should know of it. */
  readonly notices: readonly string[];
  readonly storage: StorageHealth;
  close(): Promise<void>;
}

const DEFAULT_NAME = 'sluice';

/** Connects to the configured MongoDB, or starts an embedded one. `onProgress` is told, a line at a time, what takes long. */
export async function openDatabase(config: Config, onProgress: (line: string) => void): Promise<Database> {
  if (config.mongodbUrl !== undefined) {
    const client = await connectMongo(config.mongodbUrl);
    const db = client.db(nameIn(config.mongodbUrl) ?? DEFAULT_NAME);
    const close = () => client.close();
    return { client, db, source: 'MONGODB_URL', exclusive: false, notices: [], storage: FOREIGN_STORAGE, close };
  }
  const { dataDir, cacheDir } = config;
  const mongod = await startEmbeddedMongod({ dataDir, cacheDir, onProgress });
  try {
    const client = await connectMongo(mongod.url);
    return {
      client,
      db: client.db(DEFAULT_NAME),
      exclusive: true,
      source: `an embedded MongoDB ${mongod.version}`,
      notices: mongod.notice === undefined ? [] : [mongod.notice],
      storage: { shortage: () => diskShortage(dataDir), outage: () => null },
      async close() {
        await client.close();
        await mongod.stop();
      },
    };
  } catch (error) {
    await mongod.stop();
    throw error;
  }
}

function nameIn(url: string): string | undefined {
  return /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/.exec(url)?.[1];
}
