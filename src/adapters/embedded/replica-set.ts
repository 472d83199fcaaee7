import { createConnection } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Db, MongoClient, MongoServerError } from 'mongodb';

const NAME = 'rs0';
const USER = 'sluice';
const START_MS = 60_000;
const POLL_MS = 25;
const ATTEMPT_MS = 500;
/** While a member changes its state, it may refuse a password that is right. */
const REFUSED_MS = 3_000;
/** How mongod refuses to initiate a set that it has: once it has a user, only that user may ask. */
const INITIATED = ['AlreadyInitialized', 'Unauthorized'];

export function mongodUrl(port: number, password: string): string {
  return `mongodb://${USER}:${encodeURIComponent(password)}@127.0.0.1:${port}/?replicaSet=${NAME}&authSource=admin`;
}

/**
 * Makes a mongod that has just been started usable: a replica set with one member, under its current port, with our user. It completes what an interrupted start left
 * undone. `goOn` is called before each step, and throws to end the wait. Throws if the mongod is not usable after a minute, or keeps refusing the password.
 */
export async function awaitReplicaSet(port: number, password: string, goOn: () => void): Promise<void> {
  const end = performance.now() + START_MS;
  let last: unknown;
  let refusedSince: number | null = null;
  while (performance.now() < end) {
    goOn();
    try {
      await connectable(port);
      if (await withAdmin(port, undefined, (admin) => advance(admin, port, password))) return;
      last = 'its replica set has no primary';
    } catch (error) {
      last = error;
    }
    refusedSince = isRefusal(last) ? (refusedSince ?? performance.now()) : null;
    if (refusedSince !== null && performance.now() - refusedSince > REFUSED_MS) {
      const fix = 'put back the file with which the data directory was created';
      throw new Error(`it refuses the password in mongod-password; ${fix}`, { cause: last });
    }
    await sleep(POLL_MS);
  }
  const why = last instanceof Error ? last.message : String(last);
  throw new Error(`mongod did not become ready within a minute: ${why}`, { cause: last });
}

function isRefusal(error: unknown): boolean {
  return error instanceof MongoServerError && error.codeName === 'AuthenticationFailed';
}

/** Throws unless something listens on the port. A client whose first connect failed tries again only after half a second. */
function connectable(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(port, '127.0.0.1', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}

/** Takes one step towards a usable replica set; returns true if nothing is left to do. */
async function advance(admin: Db, port: number, password: string): Promise<boolean> {
  const hello = await admin.command({ hello: 1 });
  if (hello.isWritablePrimary) {
    await createUser(admin, password);
    return withAdmin(port, password, async (known) => (await known.command({ ping: 1 })).ok === 1);
  }
  const host = `127.0.0.1:${port}`;
  if (hello.isreplicaset) {
    const config = { _id: NAME, members: [{ _id: 0, host }] };
    const initiated = await unless(INITIATED, admin.command({ replSetInitiate: config }));
    if (!initiated) await withAdmin(port, password, (known) => moveTo(host, known));
  }
  return false;
}

/** The set still names the port of its last start. */
async function moveTo(host: string, admin: Db): Promise<void> {
  const { config } = await admin.command({ replSetGetConfig: 1 });
  if (config.members[0].host === host) return;
  config.members[0].host = host;
  config.version += 1;
  await admin.command({ replSetReconfig: config, force: true });
}

/** Without a user, anybody on this machine may create the first one. After that, only that user may. */
async function createUser(admin: Db, password: string): Promise<void> {
  const made = admin.command({ createUser: USER, pwd: password, roles: ['root'] });
  await unless(['Unauthorized'], made);
}

/** False when the command failed with one of these codes. */
async function unless(codeNames: readonly string[], command: Promise<unknown>): Promise<boolean> {
  try {
    await command;
    return true;
  } catch (error) {
    if (error instanceof MongoServerError && codeNames.includes(error.codeName ?? '')) return false;
    throw error;
  }
}

/** A client whose first connect failed stays unusable, so each attempt has its own. An attempt waits this long for the server. */
export async function withAdmin<T>(
  port: number,
  password: string | undefined,
  use: (admin: Db) => Promise<T>,
  timeoutMs = ATTEMPT_MS,
): Promise<T> {
  const url = password === undefined ? `mongodb://127.0.0.1:${port}/` : mongodUrl(port, password);
  const directUrl = `${url.replace(/replicaSet=\w+&/, '')}${url.includes('?') ? '&' : '?'}directConnection=true`;
  const client = new MongoClient(directUrl, { serverSelectionTimeoutMS: timeoutMs, connectTimeoutMS: timeoutMs });
  try {
    await client.connect();
    return await use(client.db('admin'));
  } finally {
    await client.close();
  }
}
