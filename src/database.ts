import type { Db, MongoClient } from 'mongodb';
import { type EmbeddedMongod, startEmbeddedMongod } from './adapters/embedded/start-embedded-mongod.js';
import { connectMongo } from './adapters/mongodb/connect.js';
import { errorKindOf } from './adapters/mongodb/server-trouble.js';
import type { Config } from './config.js';
import { FOREIGN_STORAGE, type StorageHealth } from './ports/storage-health.js';
import type { Logger } from './telemetry/logger.js';

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
  /** Why the service should be started anew: its own database has been silent for over a minute. Null: it has not, or a restart would not help. */
  liveness(): string | null;
  /** Resolves, with the reason, when an embedded mongod has ended and cannot be started again. */
  readonly lost: Promise<string>;
  close(): Promise<void>;
}

/** The driver hears of its server every ten seconds. */
const SILENT_MS = 60_000;
const DEFAULT_NAME = 'sluice';

/** Connects to the configured MongoDB, or starts an embedded one. `onProgress` is told, a line at a time, what takes long. */
export async function openDatabase(config: Config, log: Logger, onProgress: (line: string) => void): Promise<Database> {
  if (config.mongodbUrl !== undefined) return openForeign(config.mongodbUrl);
  const { dataDir, cacheDir } = config;
  const mongod = await startEmbeddedMongod({ dataDir, cacheDir, onProgress, log });
  try {
    return openEmbedded(mongod, await connectMongo(mongod.url));
  } catch (error) {
    await mongod.stop();
    throw error;
  }
}

async function openForeign(url: string): Promise<Database> {
  const client = await connectMongo(url);
  return {
    client,
    db: client.db(nameIn(url) ?? DEFAULT_NAME),
    source: 'MONGODB_URL',
    exclusive: false,
    notices: [],
    storage: { ...FOREIGN_STORAGE, errorKind: errorKindOf },
    liveness: () => null,
    lost: new Promise(() => undefined),
    close: () => client.close(),
  };
}

function openEmbedded({ version, notice, health, lost, stop }: EmbeddedMongod, client: MongoClient): Database {
  let heardAt = performance.now();
  client.on('serverHeartbeatSucceeded', () => {
    heardAt = performance.now();
  });
  return {
    client,
    db: client.db(DEFAULT_NAME),
    source: `an embedded MongoDB ${version}`,
    exclusive: true,
    notices: notice === undefined ? [] : [notice],
    storage: { ...health, errorKind: errorKindOf },
    liveness() {
      const isSilent = performance.now() - heardAt > SILENT_MS;
      return isSilent && health.shortage() === null ? 'the embedded MongoDB does not answer' : null;
    },
    lost,
    async close() {
      await client.close();
      await stop();
    },
  };
}

function nameIn(url: string): string | undefined {
  return /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/.exec(url)?.[1];
}
