import { MongoClient } from 'mongodb';
import { StartupError } from '../../ports/startup-error.js';

const CONNECT_MS = 10_000;

/** Connects with majority writes as the default. Throws StartupError; its message never contains the password of the URL. */
export async function connectMongo(url: string): Promise<MongoClient> {
  const client = new MongoClient(url, {
    appName: 'sluice',
    writeConcern: { w: 'majority' },
    serverSelectionTimeoutMS: CONNECT_MS,
    connectTimeoutMS: CONNECT_MS,
    ignoreUndefined: true,
  });
  try {
    await client.connect();
    const { setName } = await client.db('admin').command({ hello: 1 });
    if (setName === undefined) {
      throw new Error('it is not a member of a replica set, which transactions need; start it with --replSet');
    }
    return client;
  } catch (error) {
    await client.close();
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartupError(`MongoDB cannot be used: ${reason}`, { cause: error });
  }
}
