import { type ChildProcess, spawn } from 'node:child_process';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { StartupError } from '../../ports/startup-error.js';
import type { OwnedProcess } from '../supervised-process.js';
import { isAlive } from './data-dir-lock.js';

/** A mongod of a data directory, as it is remembered there. */
const record = z.object({ pid: z.number(), port: z.number(), binary: z.string() });
export type MongodRecord = z.infer<typeof record>;

/** A mongod that runs, or did. */
export interface MongodProcess extends MongodRecord, OwnedProcess {
  /** False as soon as its end is known. */
  isRunning(): boolean;
}

const STOP_MS = 20_000;
/** How soon the end of a process that is not this one's child is seen. */
const POLL_MS = 100;
const CACHE_GB = '0.5';
/** Every transaction of ours is over in far less; one that nobody goes on with holds up all that write the same documents. */
const TRANSACTION_SECONDS = '20';

export function dbPathOf(dataDir: string): string {
  return join(dataDir, 'mongodb');
}

export function logPathOf(dataDir: string): string {
  return join(dataDir, 'mongod.log');
}

/** The mongod that ran here last, if any; it may be running still. */
export async function lastMongod(dataDir: string): Promise<MongodRecord | null> {
  try {
    return record.parse(JSON.parse(await readFile(join(dataDir, 'mongod.json'), 'utf8')));
  } catch {
    return null;
  }
}

/**
 * Starts a mongod on loopback with its own process group, so that a terminal's Ctrl-C does not reach it before the service is done. It is not up yet
 * when this resolves.
 */
export async function spawnMongod(
  dataDir: string,
  binary: string,
  port: number,
  keyFile: string,
): Promise<MongodProcess> {
  const args = [
    ...['--dbpath', dbPathOf(dataDir), '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket'],
    ...['--replSet', 'rs0', '--keyFile', keyFile, '--oplogSize', '512', '--wiredTigerCacheSizeGB', CACHE_GB],
    ...['--setParameter', 'minSnapshotHistoryWindowInSeconds=0'],
    ...['--setParameter', 'diagnosticDataCollectionEnabled=false'],
    ...['--setParameter', `transactionLifetimeLimitSeconds=${TRANSACTION_SECONDS}`],
    ...['--networkMessageCompressors', 'snappy,zstd', '--quiet', '--logpath', logPathOf(dataDir), '--logappend'],
  ];
  const child = spawn(binary, args, { detached: true, stdio: 'ignore' });
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

/** A mongod that another process has started; null when it does not run. */
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
    /** Insists after 20 seconds. */
    async stop() {
      const insist = setTimeout(() => signal('SIGKILL'), STOP_MS);
      signal('SIGTERM');
      await ended;
      clearTimeout(insist);
    },
  };
}

/** Whether the process of this id is a mongod on this data directory; ids are used again by other programs. */
export async function isMongodOf(pid: number, dataDir: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
  return commandLine === null || commandLine.includes(`\0${dbPathOf(dataDir)}\0`);
}

/** The wished port if nothing listens there, else any free one. */
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
