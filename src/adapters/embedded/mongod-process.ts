import { spawn } from 'node:child_process';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { isAlive } from './data-dir-lock.js';

/** A mongod of a data directory, as it is remembered there. */
const record = z.object({ pid: z.number(), port: z.number(), binary: z.string() });
export type MongodRecord = z.infer<typeof record>;

const STOP_MS = 20_000;
const POLL_MS = 25;
const CACHE_GB = '0.5';
/** Every transaction of ours is over in far less; one that nobody goes on with holds up all that write the same documents. */
const TRANSACTION_SECONDS = '20';

export function dbPathOf(dataDir: string): string {
  return join(dataDir, 'mongodb');
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
): Promise<MongodRecord> {
  const log = join(dataDir, 'mongod.log');
  const args = [
    ...['--dbpath', dbPathOf(dataDir), '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket'],
    ...['--replSet', 'rs0', '--keyFile', keyFile, '--oplogSize', '512', '--wiredTigerCacheSizeGB', CACHE_GB],
    ...['--setParameter', 'minSnapshotHistoryWindowInSeconds=0'],
    ...['--setParameter', 'diagnosticDataCollectionEnabled=false'],
    ...['--setParameter', `transactionLifetimeLimitSeconds=${TRANSACTION_SECONDS}`],
    ...['--networkMessageCompressors', 'snappy,zstd', '--quiet', '--logpath', log, '--logappend'],
  ];
  const child = spawn(binary, args, { detached: true, stdio: 'ignore' });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  child.unref();
  const started = { pid: child.pid ?? 0, port, binary };
  const path = join(dataDir, 'mongod.json');
  await writeFile(`${path}.new`, JSON.stringify(started), { mode: 0o600 });
  await rename(`${path}.new`, path);
  return started;
}

/** Whether the process of this id is a mongod on this data directory; ids are used again by other programs. */
export async function isMongodOf(pid: number, dataDir: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
  return commandLine === null || commandLine.includes(`\0${dbPathOf(dataDir)}\0`);
}

/** Asks a mongod to end, and insists after 20 seconds. Resolves when it is gone. */
export async function stopMongod(pid: number): Promise<void> {
  const end = performance.now() + STOP_MS;
  if (isAlive(pid)) process.kill(pid, 'SIGTERM');
  while (isAlive(pid)) {
    if (performance.now() > end) process.kill(pid, 'SIGKILL');
    await sleep(POLL_MS);
  }
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
