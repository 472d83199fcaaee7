import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cp, mkdtemp, rm, stat } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Db, MongoClient } from 'mongodb';
import { freePort, lastMongod } from '../../src/adapters/embedded/mongod-process.js';
import {
  type EmbeddedMongod,
  runningMongodUrl,
  startEmbeddedMongod,
} from '../../src/adapters/embedded/start-embedded-mongod.js';
import { mongodPid, ServiceProcess } from '../support/service-process.js';
import { until } from '../support/until.js';

jest.setTimeout(120_000);

/** mongod looks at the settings of all files when it starts, except when they are as our own mongod has left them: `last-end.ts`. */
describe('the start of an embedded mongod', () => {
  let home: string;
  let dataDir: string;
  let mongod: EmbeddedMongod | undefined;
  const said: string[] = [];
  let standalone: ChildProcess | undefined;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'sluice-start-'));
    dataDir = join(home, 'data');
  });
  afterEach(async () => {
    if (standalone) await endStandalone('SIGKILL');
    await mongod?.stop();
    mongod = undefined;
    await rm(home, { recursive: true, force: true });
  });

  async function start(onProcess?: () => void): Promise<void> {
    const cacheDir = process.env.SLUICE_CACHE_DIR;
    const say = (text: string) => said.push(text);
    const log = { info: say, warn: say, error: say };
    mongod = await startEmbeddedMongod({ dataDir, cacheDir, onProgress: () => undefined, onProcess, log });
  }

  async function stop(): Promise<void> {
    await mongod?.stop();
    mongod = undefined;
  }

  async function using<T>(url: string | null | undefined, use: (client: MongoClient) => Promise<T>): Promise<T> {
    const client = await new MongoClient(url ?? 'no mongod', { serverSelectionTimeoutMS: 20_000 }).connect();
    try {
      return await use(client);
    } finally {
      await client.close();
    }
  }

  /** Whether the mongod that runs now has looked at the settings. */
  async function hasLooked(url: string | null | undefined = mongod?.url): Promise<boolean> {
    const options = await using(url, (client) => client.db('admin').command({ getCmdLineOpts: 1 }));
    return !('wiredTigerSkipTableLoggingChecksOnStartup' in options.parsed.setParameter);
  }

  async function fill(collections: number): Promise<void> {
    await using(mongod?.url, async (client) => {
      for (let n = 0; n < collections; n += 1) await client.db('files').collection(`c${n}`).insertOne({ n });
    });
  }

  /** How many tables have the settings of a replica set, and of a standalone mongod. */
  async function settings(url: string | undefined = mongod?.url): Promise<{ replicaSet: number; standalone: number }> {
    return using(url, async (client) => {
      const all = await tablesOf(client.db('files'));
      const standalone = all.filter((text) => text.includes('log=(enabled=true)')).length;
      const replicaSet = all.filter((text) => text.includes('log=(enabled=false)')).length;
      expect(standalone + replicaSet).toBe(all.length);
      return { replicaSet, standalone };
    });
  }

  async function tablesOf(db: Db): Promise<string[]> {
    const all: string[] = [];
    for (const { name } of await db.listCollections({}, { nameOnly: true }).toArray()) {
      const stats = await db.command({ collStats: name });
      const indexes: { creationString: string }[] = Object.values(stats.indexDetails);
      all.push(stats.wiredTiger.creationString, ...indexes.map(({ creationString }) => creationString));
    }
    return all;
  }

  /** A mongod that somebody runs on the same files without --replSet, and that logs which settings it changes. Returns its URL; it is not ready yet. */
  async function startStandalone(): Promise<string> {
    const { binary = '' } = (await lastMongod(dataDir)) ?? {};
    const port = await freePort();
    const log = standaloneLog();
    const args = ['--dbpath', join(dataDir, 'mongodb'), '--port', String(port), '--bind_ip', '127.0.0.1'];
    const changes = ['--setParameter', 'logComponentVerbosity={"storage":{"verbosity":1}}'];
    standalone = spawn(binary, [...args, ...changes, '--nounixsocket', '--logpath', log], { stdio: 'ignore' });
    return `mongodb://127.0.0.1:${port}/?directConnection=true`;
  }

  const standaloneLog = () => join(home, 'standalone.log');

  /** How many tables the standalone mongod has given other settings so far. */
  function changedTables(): number {
    return existsSync(standaloneLog()) ? readFileSync(standaloneLog(), 'utf8').split('"id":22432,').length - 1 : 0;
  }

  async function endStandalone(signal: NodeJS.Signals): Promise<void> {
    const process = standalone;
    standalone = undefined;
    if (!process || process.exitCode !== null) return;
    process.kill(signal);
    await once(process, 'exit');
  }

  it('calls onProcess when the process of mongod runs, before it accepts connections, and when one is taken over', async () => {
    const calls: Promise<unknown>[] = [];
    const look = async () => {
      const { pid = 0, port = 0 } = (await lastMongod(dataDir)) ?? {};
      const socket = connect(port, '127.0.0.1');
      const state = await once(socket, 'connect').then(
        () => 'ready',
        (error) => error.code,
      );
      socket.destroy();
      return { pid, state };
    };
    const onProcess = () => void calls.push(look());
    const service = ServiceProcess.start(dataDir, { SLUICE_API_KEY: 'a-key-of-sixteen-characters-or-more' });
    await service.ready();
    await service.end('SIGKILL');
    await start(onProcess);
    const { pid = 0 } = mongod ?? {};
    await stop();
    await start(onProcess);
    const next = { pid: mongod?.pid, state: 'ECONNREFUSED' };
    expect(await Promise.all(calls)).toEqual([{ pid, state: 'ready' }, next]);
  });

  it('does not look at the settings after a clean end', async () => {
    await start();
    expect(await hasLooked()).toBe(true);
    await fill(3);
    const all = { replicaSet: 6, standalone: 0 };
    expect(await settings()).toEqual(all);
    for (let n = 0; n < 2; n += 1) {
      await stop();
      expect(existsSync(join(dataDir, 'mongod-end.json'))).toBe(true);
      await start();
      expect(await hasLooked()).toBe(false);
      expect(await settings()).toEqual(all);
    }
    await using(mongod?.url, (client) => client.db('files').collection('later').insertOne({}));
    expect(await settings()).toEqual({ replicaSet: 8, standalone: 0 });
  });

  it('looks after mongod was killed, and not after the clean end that follows', async () => {
    await start();
    await stop();
    await start();
    expect(await hasLooked()).toBe(false);
    process.kill(mongod?.pid ?? 0, 'SIGKILL');
    await until('the restart', () => said.includes('the embedded MongoDB is running again'));
    expect(await hasLooked()).toBe(true);
    await stop();
    await start();
    expect(await hasLooked()).toBe(false);
  });

  it('does not look after the clean end of a mongod that a killed service left running', async () => {
    const env = { SLUICE_API_KEY: 'a-key-of-sixteen-characters-or-more' };
    const first = ServiceProcess.start(dataDir, env);
    await first.ready();
    const pid = await mongodPid(dataDir);
    await first.end('SIGKILL');
    await start();
    expect(mongod?.pid).toBe(pid);
    await stop();
    const second = ServiceProcess.start(dataDir, env);
    await second.ready();
    expect(await hasLooked(await runningMongodUrl(dataDir))).toBe(false);
    expect(await second.end('SIGTERM')).toBe(0);
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'looks, and sets them again, when a mongod without --replSet has opened the files and ended by %s',
    async (signal) => {
      await start();
      await fill(3);
      await stop();
      const url = await startStandalone();
      expect(await settings(url)).toEqual({ replicaSet: 0, standalone: 6 });
      await endStandalone(signal);
      await start();
      expect(await hasLooked()).toBe(true);
      expect(await settings()).toEqual({ replicaSet: 6, standalone: 0 });
      await stop();
      await start();
      expect(await hasLooked()).toBe(false);
      expect(await settings()).toEqual({ replicaSet: 6, standalone: 0 });
    },
  );

  it('looks when such a mongod was killed before it was ready, while it changed the settings', async () => {
    const files = 300;
    await start();
    await fill(files / 2);
    await stop();
    const changedAt = async (name: string) => (await stat(join(dataDir, 'mongodb', name), { bigint: true })).ctimeNs;
    const before = [await changedAt('mongod.lock'), await changedAt('WiredTiger.turtle')];
    await startStandalone();
    await until('changed settings', () => changedTables() >= 100, 20_000);
    await endStandalone('SIGKILL');
    // What this test is about: mongod.lock alone does not show it.
    expect(await changedAt('mongod.lock')).toBe(before[0]);
    expect(await changedAt('WiredTiger.turtle')).not.toBe(before[1]);
    await start();
    expect(await hasLooked()).toBe(true);
    expect(await settings()).toEqual({ replicaSet: files, standalone: 0 });
  });

  it('takes another port when the last one is in use', async () => {
    await start();
    await fill(1);
    await stop();
    const last = (await lastMongod(dataDir))?.port;
    const other = createServer((socket) => socket.destroy()).listen(last, '127.0.0.1');
    await once(other, 'listening');
    try {
      await start();
      expect((await lastMongod(dataDir))?.port).not.toBe(last);
      expect(await settings()).toEqual({ replicaSet: 2, standalone: 0 });
    } finally {
      other.close();
    }
  });

  it('looks at a copy of the files', async () => {
    await start();
    await stop();
    const copy = join(home, 'copy');
    await cp(dataDir, copy, { recursive: true, preserveTimestamps: true });
    dataDir = copy;
    await start();
    expect(await hasLooked()).toBe(true);
  });

  it('looks when another version has left them', async () => {
    await start();
    await stop();
    const path = join(dataDir, 'mongod-end.json');
    const record = JSON.parse(readFileSync(path, 'utf8'));
    expect(record.version).toMatch(/^\d+\.\d+\.\d+$/);
    writeFileSync(path, JSON.stringify({ ...record, version: '6.0.0' }));
    await start();
    expect(await hasLooked()).toBe(true);
  });
});
