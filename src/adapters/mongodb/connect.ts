import { MongoClient } from 'mongodb';
import { StartupError } from '../../ports/startup-error.js';
import './driver-retries.js';
import './driver-writes.js';

const CONNECT_MS = 10_000;
/**
 * A refused connection counts as overload for the driver: it then does not look for the primary again, and gives up after two retries, with random pauses of 0.3 s in all on average. But a mongod that is ending refuses
 * connections before it closes the others, by which the driver hears of its end. The pauses of so many retries are 6 s on average. They are also made when a server says that it is overloaded.
 */
const RETRIES_OF_REFUSED = 6;

/** Connects with reads from the primary and majority writes as the default. Throws StartupError; its message never contains the password of the URL. */
export async function connectMongo(url: string): Promise<MongoClient> {
  const client = clientOf(url);
  try {
    await client.connect();
    const { setName } = await client.db('admin').command({ hello: 1 });
    if (setName === undefined) {
      throw new Error('it is not a member of a replica set, which transactions need; start it with --replSet');
    }
    return client;
  } catch (error) {
    await client.close();
    throw unusable(error);
  }
}

/** Connects to nothing yet. Throws StartupError for a URL that the driver cannot read. */
function clientOf(url: string): MongoClient {
  try {
    return new MongoClient(url, {
      appName: 'sluice',
      writeConcern: { w: 'majority' },
      // Whatever the URL says: a secondary may not know yet that a key was revoked, or that a design was applied.
      readPreference: 'primary',
      serverSelectionTimeoutMS: CONNECT_MS,
      connectTimeoutMS: CONNECT_MS,
      maxAdaptiveRetries: RETRIES_OF_REFUSED,
      ignoreUndefined: true,
    });
  } catch (error) {
    throw unusable(error);
  }
}

/** The error for the operator whose MongoDB it is. */
export function unusable(error: unknown): StartupError {
  const reason = error instanceof Error ? error.message : String(error);
  return new StartupError(`MongoDB cannot be used: ${reason}`, { cause: error });
}
