import type { Db, MongoClient } from 'mongodb';
import { type EmbeddedMongod, startEmbeddedMongod } from './adapters/embedded/start-embedded-mongod.js';
import { connectMongo, unusable } from './adapters/mongodb/connect.js';
import { errorKindOf } from './adapters/mongodb/server-trouble.js';
import type { Config } from './config.js';
import { FOREIGN_STORAGE, type StorageHealth } from './ports/storage-health.js';
import type { Logger } from './telemetry/logger.js';

/** The database of one process: one that others run, or an embedded mongod that starts and ends with the process. */
export interface Database {
  readonly client: MongoClient;
  readonly db: Db;
  /** Which database it is, for people. */
  readonly source: string;
  /** Whether no other process uses it. */
  readonly exclusive: boolean;
  /** Messages about it for the operator. */
  readonly notices: readonly string[];
  readonly storage: StorageHealth;
  /** Why the service should be restarted: its embedded database has not responded for over a minute. Null if it has, or if a restart would not help. */
  liveness(): string | null;
  /** Resolves, with the reason, if an embedded mongod has ended and cannot be restarted. */
  readonly lost: Promise<string>;
  close(): Promise<void>;
}

/** The driver gets a heartbeat from its server every ten seconds. */
const SILENT_MS = 60_000;
const DEFAULT_NAME = 'sluice';

export interface OpeningOptions {
  /** Gets a line for each step that takes long. */
  readonly onProgress: (line: string) => void;
  /** Called once the process of an embedded mongod runs, which may take seconds to become ready. */
  readonly onProcess?: () => void;
}

/** Connects to the configured MongoDB, or starts an embedded one. */
export async function openDatabase(
  config: Config,
  log: Logger,
  { onProgress, onProcess }: OpeningOptions,
): Promise<Database> {
  if (config.mongodbUrl !== undefined) return openForeign(config.mongodbUrl);
  const { dataDir, cacheDir } = config;
  const mongod = await startEmbeddedMongod({ dataDir, cacheDir, onProgress, onProcess, log });
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
    db: await databaseIn(client, url),
    source: 'MONGODB_URL',
    exclusive: false,
    notices: [],
    storage: { ...FOREIGN_STORAGE, errorKind: errorKindOf },
    liveness: () => null,
    lost: new Promise(() => undefined),
    close: () => client.close(),
  };
}

/** Throws StartupError, with the client closed, if its name cannot be that of a database. */
async function databaseIn(client: MongoClient, url: string): Promise<Db> {
  try {
    return client.db(nameIn(url) ?? DEFAULT_NAME);
  } catch (error) {
    await client.close();
    throw unusable(error);
  }
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
      return isSilent && health.shortage() === null ? 'the embedded MongoDB does not respond' : null;
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
