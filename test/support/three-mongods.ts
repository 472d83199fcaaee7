import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { defaultCacheDir, findMongod } from '../../src/adapters/embedded/find-mongod.js';
import { freePort } from '../../src/adapters/embedded/mongod-process.js';
import { until } from './until.js';

const NAME = 'rs3';

/** One member of a replica set, which can be killed and started again. */
export interface Member {
  readonly host: string;
  start(): void;
  kill(): Promise<void>;
}

/** A replica set of three small members, without authentication; elections take a few seconds. */
export interface ThreeMongods {
  readonly url: string;
  readonly members: readonly Member[];
  /** The member that currently accepts writes. */
  primary(): Promise<Member>;
  close(): Promise<void>;
}

export async function threeMongods(): Promise<ThreeMongods> {
  const dir = await mkdtemp(join(tmpdir(), 'sluice-three-'));
  const cacheDir = process.env.SLUICE_CACHE_DIR ?? defaultCacheDir();
  const { path } = await findMongod({ cacheDir, onProgress: () => undefined, preferred: undefined });
  const members = await Promise.all([0, 1, 2].map((n) => startMember(path, join(dir, `${n}`))));
  const url = `mongodb://${members.map(({ host }) => host).join()}/?replicaSet=${NAME}`;
  await initiate(members);
  return {
    url,
    members,
    primary: () =>
      until('a primary', async () => {
        for (const member of members) if (await isPrimary(member.host)) return member;
        return null;
      }),
    async close() {
      await Promise.all(members.map((member) => member.kill()));
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function startMember(binary: string, dbPath: string): Promise<Member> {
  await mkdir(dbPath);
  const port = await freePort();
  const args = [
    ...['--dbpath', dbPath, '--port', String(port), '--bind_ip', '127.0.0.1', '--replSet', NAME, '--quiet'],
    ...['--oplogSize', '64', '--wiredTigerCacheSizeGB', '0.25', '--logpath', `${dbPath}/mongod.log`],
    ...['--setParameter', 'diagnosticDataCollectionEnabled=false'],
  ];
  const start = () => {
    const child = spawn(binary, args, { stdio: 'ignore' });
    return { child, exited: once(child, 'exit') };
  };
  let running = start();
  return {
    host: `127.0.0.1:${port}`,
    start() {
      running = start();
    },
    async kill() {
      running.child.kill('SIGKILL');
      await running.exited;
    },
  };
}

async function initiate(members: readonly Member[]): Promise<void> {
  const config = {
    _id: NAME,
    members: members.map(({ host }, _id) => ({ _id, host })),
    settings: { electionTimeoutMillis: 4_000, heartbeatIntervalMillis: 500, catchUpTimeoutMillis: 1_000 },
  };
  const [first] = members;
  if (!first) throw new Error('there is no member to begin with');
  await until('the replica set', () =>
    withMember(first.host, (admin) => admin.command({ replSetInitiate: config })).then(
      () => true,
      () => false,
    ),
  );
  await until('two secondaries', async () => {
    const { members: states } = await withMember(first.host, (admin) => admin.command({ replSetGetStatus: 1 }));
    return states.every(({ stateStr }: { stateStr: string }) => /PRIMARY|SECONDARY/.test(stateStr));
  });
}

async function isPrimary(host: string): Promise<boolean> {
  try {
    return (await withMember(host, (admin) => admin.command({ hello: 1 }))).isWritablePrimary;
  } catch {
    return false;
  }
}

/** Asks one member, whatever the others say. */
async function withMember<T>(host: string, ask: (admin: ReturnType<MongoClient['db']>) => Promise<T>): Promise<T> {
  const url = `mongodb://${host}/?directConnection=true`;
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 1_000, socketTimeoutMS: 1_000 });
  try {
    return await ask(client.db('admin'));
  } finally {
    await client.close();
  }
}
