import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartupError } from '../../ports/startup-error.js';
import { isAlive, lockDataDir } from './data-dir-lock.js';
import { defaultCacheDir, findMongod, type MongodBinary } from './find-mongod.js';
import {
  dbPathOf,
  freePort,
  isMongodOf,
  lastMongod,
  type MongodRecord,
  spawnMongod,
  stopMongod,
} from './mongod-process.js';
import { type MongodSecrets, mongodSecrets } from './mongod-secrets.js';
import { awaitReplicaSet, mongodUrl, withAdmin } from './replica-set.js';

export interface EmbeddedMongodOptions {
  readonly dataDir: string;
  /** Undefined: the user's cache folder. */
  readonly cacheDir: string | undefined;
  readonly onProgress: (line: string) => void;
}

export interface EmbeddedMongod {
  readonly url: string;
  readonly version: string;
  /** What an operator should know of this release; undefined when there is nothing. */
  readonly notice: string | undefined;
  readonly pid: number;
  /** Ends mongod and gives the data directory back. */
  stop(): Promise<void>;
}

/**
 * A mongod on the data directory, for this service alone: one that a killed service left running is taken over, otherwise one is found or fetched and
 * started. Throws StartupError.
 */
export async function startEmbeddedMongod(options: EmbeddedMongodOptions): Promise<EmbeddedMongod> {
  const { dataDir } = options;
  await mkdir(dbPathOf(dataDir), { recursive: true, mode: 0o700 });
  const unlock = await lockDataDir(dataDir);
  try {
    const secrets = await mongodSecrets(dataDir);
    const last = await lastMongod(dataDir);
    const left = last && (await isMongodOf(last.pid, dataDir)) ? last : null;
    const running = left ?? (await start(options, secrets, last));
    await awaitUse(running, secrets, dataDir);
    if (left) await endSessions(left, secrets);
    const version = await withAdmin(running.port, secrets.password, async (admin) => {
      const { version: running } = await admin.command({ buildInfo: 1 });
      return String(running);
    });
    return {
      url: mongodUrl(running.port, secrets.password),
      version,
      notice: noticeOf(version),
      pid: running.pid,
      async stop() {
        await stopMongod(running.pid);
        await unlock();
      },
    };
  } catch (error) {
    await unlock();
    throw error;
  }
}

/** The URL of the mongod that a service keeps running on this data directory; null when there is none. */
export async function runningMongodUrl(dataDir: string): Promise<string | null> {
  const last = await lastMongod(dataDir);
  if (!last || !(await isMongodOf(last.pid, dataDir))) return null;
  const { password } = await mongodSecrets(dataDir);
  return mongodUrl(last.port, password);
}

async function start(
  { dataDir, cacheDir = defaultCacheDir(), onProgress }: EmbeddedMongodOptions,
  { keyFile }: MongodSecrets,
  last: MongodRecord | null,
): Promise<MongodRecord> {
  const binary: MongodBinary = await findMongod({ cacheDir, onProgress, preferred: last?.binary });
  onProgress(`Starting MongoDB ${binary.version} on ${dbPathOf(dataDir)} ...`);
  return spawnMongod(dataDir, binary.path, await freePort(last?.port), keyFile);
}

async function awaitUse({ pid, port }: MongodRecord, { password }: MongodSecrets, dataDir: string): Promise<void> {
  try {
    await awaitReplicaSet(port, password, () => isAlive(pid));
  } catch (error) {
    await stopMongod(pid);
    const log = await readFile(join(dataDir, 'mongod.log'), 'utf8').catch(() => '');
    const end = log.trimEnd().split('\n').slice(-5).join('\n');
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartupError(`the embedded mongod cannot be used: ${reason}\n${end}`, { cause: error });
  }
}

/** A killed service leaves its transactions open, and whatever writes the same documents would wait for their time to be over. */
async function endSessions({ port }: MongodRecord, { password }: MongodSecrets): Promise<void> {
  await withAdmin(port, password, (admin) => admin.command({ killAllSessions: [] }));
}

function noticeOf(version: string): string | undefined {
  if (Number.parseInt(version, 10) > 6) return undefined;
  return `MongoDB ${version} is an old release: good for one machine; for more, set MONGODB_URL to a current replica set`;
}
