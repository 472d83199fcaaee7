import { type ChildProcess, spawn } from 'node:child_process';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { StartupError } from '../../ports/startup-error.js';
import type { OwnedProcess } from '../supervised-process.js';
import { isAlive } from './data-dir-lock.js';

/** A mongod, as recorded in its data directory. */
const record = z.object({ pid: z.number(), port: z.number(), binary: z.string() });
export type MongodRecord = z.infer<typeof record>;

/** A mongod that runs or has ended. */
export interface MongodProcess extends MongodRecord, OwnedProcess {
  /** False once its end is known. */
  isRunning(): boolean;
}

export interface SpawnOptions {
  readonly binary: string;
  readonly port: number;
  readonly keyFile: string;
  /** Only if no other mongod has opened the files since ours has ended. */
  readonly trustFiles: boolean;
}

const STOP_MS = 20_000;
/** How often to check whether a process that is not our child still runs. */
const POLL_MS = 100;
/** What mongod's cache may take of the memory that this process may use. Ids of records with an identifier are random, so each load changes pages all over the index of ids: it must fit into the cache. */
const CACHE = { share: 1 / 8, leastGb: 0.5, mostGb: 2 };
/**
 * Every dataset has three files, and mongod ends if it may not open another one. Its own setting keeps files open for ten minutes: on a machine that allows 20,000 files, it ended while the 6,600th dataset was created. Files with
 * changes stay open until the next checkpoint, at most a minute.
 */
const IDLE_FILES = 'file_manager=(close_idle_time=20,close_scan_interval=5,close_handle_minimum=250)';
/** mongod then does not look at the settings of its files: see `reasonToLook`. */
const TRUST = ['--setParameter', 'wiredTigerSkipTableLoggingChecksOnStartup=true'];
/** Our transactions take much less time. An abandoned transaction blocks every write to the same documents. */
const TRANSACTION_SECONDS = '20';

/** The size of mongod's cache, in GB. In a container, the memory is the container's. */
export function cacheGb(
  memory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY),
): string {
  const share = (memory * CACHE.share) / 2 ** 30;
  return Math.min(Math.max(share, CACHE.leastGb), CACHE.mostGb).toFixed(2);
}

export function dbPathOf(dataDir: string): string {
  return join(dataDir, 'mongodb');
}

export function logPathOf(dataDir: string): string {
  return join(dataDir, 'mongod.log');
}

/** The mongod that ran here last, if any; it may still be running. */
export async function lastMongod(dataDir: string): Promise<MongodRecord | null> {
  try {
    return record.parse(JSON.parse(await readFile(join(dataDir, 'mongod.json'), 'utf8')));
  } catch {
    return null;
  }
}

/**
 * Starts a mongod on loopback in its own process group, so that Ctrl-C in a terminal does not end it before the service has stopped. When this resolves, the mongod is
 * not ready yet.
 */
export async function spawnMongod(
  dataDir: string,
  { binary, port, keyFile, trustFiles }: SpawnOptions,
): Promise<MongodProcess> {
  const args = [
    ...['--dbpath', dbPathOf(dataDir), '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket'],
    ...['--replSet', 'rs0', '--keyFile', keyFile, '--oplogSize', '512', '--wiredTigerCacheSizeGB', cacheGb()],
    ...['--wiredTigerEngineConfigString', IDLE_FILES],
    ...['--setParameter', 'minSnapshotHistoryWindowInSeconds=0'],
    ...['--setParameter', 'diagnosticDataCollectionEnabled=false'],
    ...['--setParameter', `transactionLifetimeLimitSeconds=${TRANSACTION_SECONDS}`],
    ...(trustFiles ? TRUST : []),
    ...['--networkMessageCompressors', 'snappy,zstd', '--quiet', '--logpath', logPathOf(dataDir), '--logappend'],
  ];
  const child = spawn(binary, args, { detached: true, stdio: 'ignore', env: ownEnvironment() });
  const ended = endOf(child);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(new StartupError(`${binary} does not run: ${error.message}`)));
  });
  child.unref();
  const started = owned({ pid: child.pid ?? 0, port, binary }, ended);
  try {
    await remember(started, dataDir);
    return started;
  } catch (error) {
    await started.stop();
    throw error;
  }
}

/** What a mongod gets of the environment: other users of the machine may be able to read it, and the rest may hold keys and passwords. */
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'LANG', 'LC_ALL', 'LD_LIBRARY_PATH', 'GLIBC_TUNABLES'];

function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(PASSED_ON.flatMap((name) => (name in process.env ? [[name, process.env[name]]] : [])));
}

/** A mongod that another process has started; null if it does not run. */
export async function takeOverMongod(last: MongodRecord, dataDir: string): Promise<MongodProcess | null> {
  return (await isMongodOf(last.pid, dataDir)) ? owned(last, endOfOther(last.pid)) : null;
}

async function remember({ pid, port, binary }: MongodRecord, dataDir: string): Promise<void> {
  const path = join(dataDir, 'mongod.json');
  await writeFile(`${path}.new`, JSON.stringify({ pid, port, binary }), { mode: 0o600 });
  await rename(`${path}.new`, path);
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
}

async function endOfOther(pid: number): Promise<string> {
  while (isAlive(pid)) await sleep(POLL_MS, undefined, { ref: false });
  return 'nobody saw how';
}

function owned(of: MongodRecord, ended: Promise<string>): MongodProcess {
  let isRunning = true;
  void ended.then(() => {
    isRunning = false;
  });
  const signal = (name: NodeJS.Signals) => {
    if (isRunning && isAlive(of.pid)) process.kill(of.pid, name);
  };
  return {
    ...of,
    ended,
    isRunning: () => isRunning,
    /** Kills it if it has not ended after 20 seconds. */
    async stop() {
      const insist = setTimeout(() => signal('SIGKILL'), STOP_MS);
      signal('SIGTERM');
      await ended;
      clearTimeout(insist);
    },
  };
}

/** Whether the process with this id is a mongod on this data directory: another program may have got the same id. */
export async function isMongodOf(pid: number, dataDir: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
  return commandLine === null || commandLine.includes(`\0${dbPathOf(dataDir)}\0`);
}

/** The preferred port if it is free, otherwise any free port. */
export async function freePort(wished?: number): Promise<number> {
  const tryPort = (port: number) =>
    new Promise<number>((resolve, reject) => {
      const server = createServer();
      server.once('error', reject).listen(port, '127.0.0.1', () => {
        const taken = (server.address() as AddressInfo).port;
        server.close(() => resolve(taken));
      });
    });
  return wished === undefined ? tryPort(0) : tryPort(wished).catch(() => tryPort(0));
}
