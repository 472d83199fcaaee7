import { MongoClient } from 'mongodb';

/** A database that should answer and does not. */
export class DatabaseUnreachableError extends Error {
  override readonly name = 'DatabaseUnreachableError';
}

const CONNECT_MS = 10_000;

/** Connects with majority writes as the default. Throws {@link DatabaseUnreachableError}; the message never holds the URL's password. */
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
    throw new DatabaseUnreachableError(`MongoDB cannot be used: ${reason}`, { cause: error });
  }
}
