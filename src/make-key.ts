import { v7 as uuidV7 } from 'uuid';
import { runningMongodUrl } from './adapters/embedded/start-embedded-mongod.js';
import { mongoApiKeys } from './adapters/mongodb/api-keys.js';
import { collectionsOf } from './adapters/mongodb/collections.js';
import { createIndexes } from './adapters/mongodb/indexes.js';
import { systemClock } from './adapters/system-clock.js';
import { readConfig } from './config.js';
import { openDatabase } from './database.js';
import { giveUp } from './give-up.js';
import { createLogger } from './telemetry/logger.js';
import { createKey } from './usecases/make-key.js';

/** Creates another API key and prints it, whether or not the service is running. An argument is the name of the key. */
async function makeKey(name: string): Promise<void> {
  const config = readConfig(process.env);
  const mongodbUrl = config.mongodbUrl ?? (await runningMongodUrl(config.dataDir)) ?? undefined;
  const tell = (line: string) => void process.stderr.write(`${line}\n`);
  const database = await openDatabase({ ...config, mongodbUrl }, createLogger(config.logLevel), tell);
  try {
    const collections = collectionsOf(database.db);
    await createIndexes(collections);
    const deps = { apiKeys: mongoApiKeys(collections), clock: systemClock, newId: () => uuidV7() };
    process.stdout.write(`${await createKey(deps, name)}\n`);
  } finally {
    await database.close();
  }
}

await makeKey(process.argv[2] ?? 'unnamed').catch(giveUp);
