import { mkdir } from 'node:fs/promises';
import type { Db } from 'mongodb';
import { StartupError } from '../../ports/startup-error.js';
import type { StorageHealth } from '../../ports/storage-health.js';
import { checkFilesOf, type Folder, folderError, prepareFolder } from '../folder.js';
import { SupervisedProcess, type SupervisionOptions } from '../supervised-process.js';
import { lockDataDir } from './data-dir-lock.js';
import { diskShortage, refuseFullDisk } from './disk-space.js';
import { defaultCacheDir, findMongod, type MongodBinary } from './find-mongod.js';
import { hasFiles, reasonToLook, recordingEnd } from './last-end.js';
import { lastErrorIn } from './mongod-log.js';
import {
  dbPathOf,
  freePort,
  isMongodOf,
  lastMongod,
  logPathOf,
  type MongodProcess,
  type MongodRecord,
  spawnMongod,
  takeOverMongod,
} from './mongod-process.js';
import { type MongodSecrets, mongodSecrets } from './mongod-secrets.js';
import { awaitReplicaSet, mongodUrl, withAdmin } from './replica-set.js';

export interface EmbeddedMongodOptions {
  readonly dataDir: string;
  /** If undefined, the user's cache folder. */
  readonly cacheDir: string | undefined;
  readonly onProgress: (line: string) => void;
  /** Called once mongod's process runs, which may take seconds to become ready. */
  readonly onProcess?: (() => void) | undefined;
  readonly log: SupervisionOptions<MongodProcess>['log'];
}

export interface EmbeddedMongod {
  readonly url: string;
  readonly version: string;
  /** What an operator should know about this release; undefined if there is nothing. */
  readonly notice: string | undefined;
  /** Belongs to the process that runs now, or ran last. */
  readonly pid: number;
  readonly health: Pick<StorageHealth, 'shortage' | 'outage'>;
  /** Resolves, with the reason, when mongod has ended and cannot be restarted. Until then it is restarted on the same data and port. */
  readonly lost: Promise<string>;
  /** Ends mongod and unlocks the data directory. */
  stop(): Promise<void>;
}

const NAME = 'the embedded MongoDB';
/** How long to wait for a mongod that is ready: this process may be busy meanwhile. */
const READY_MS = 10_000;

/**
 * Starts a mongod on the data directory, only for this service, and keeps it running until `stop`. If a killed service left one running, it is taken over; otherwise a
 * mongod is found or fetched. Throws StartupError.
 */
export async function startEmbeddedMongod(options: EmbeddedMongodOptions): Promise<EmbeddedMongod> {
  const { dataDir } = options;
  const folder = { path: dataDir, name: 'data directory', variable: 'SLUICE_DATA_DIR' };
  await prepareDataDir(folder);
  refuseFullDisk(dataDir);
  const unlock = await lockDataDir(dataDir);
  try {
    const secrets = await mongodSecrets(dataDir);
    const last = await lastMongod(dataDir);
    const left = last && (await takeOverMongod(last, dataDir));
    const first = left ?? (await startFirst(options, secrets, last));
    options.onProcess?.();
    await awaitUse(first, secrets, dataDir);
    const version = await orStop(first, dataDir, async () => {
      if (left) await endSessions(left, secrets);
      return versionOf(first, secrets);
    });
    return supervised(first, version, options, secrets, unlock);
  } catch (error) {
    await unlock();
    throw await folderError(error, folder);
  }
}

/** Checks the folder before anything is started on it. */
async function prepareDataDir(folder: Folder): Promise<void> {
  await prepareFolder(folder);
  await checkFilesOf(folder, folder.path);
  const dbPath = dbPathOf(folder.path);
  await mkdir(dbPath, { recursive: true, mode: 0o700 });
  await checkFilesOf(folder, dbPath);
}

function supervised(
  first: MongodProcess,
  version: string,
  { dataDir, log }: EmbeddedMongodOptions,
  secrets: MongodSecrets,
  unlock: () => Promise<void>,
): EmbeddedMongod {
  const { port, binary } = first;
  const obstacle = () => diskShortage(dataDir);
  let giveUp: (reason: string) => void = () => undefined;
  const lost = new Promise<string>((resolve) => {
    giveUp = resolve;
  });
  let latest = first;
  const start = async (signal: AbortSignal) => {
    // Its end may not have been clean.
    latest = await spawnMongod(dataDir, { binary, port, keyFile: secrets.keyFile, trustFiles: false });
    await awaitUse(latest, secrets, dataDir, signal);
    return recordingEnd(latest, dataDir, version);
  };
  const process = new SupervisedProcess(recordingEnd(first, dataDir, version), {
    name: NAME,
    start,
    obstacle,
    giveUp,
    log,
  });
  return {
    url: mongodUrl(port, secrets.password),
    version,
    notice: noticeOf(version),
    get pid() {
      return latest.pid;
    },
    health: {
      shortage: obstacle,
      outage: () => (process.isOutageLong ? `${NAME} has ended and could not be restarted yet` : null),
    },
    lost,
    async stop() {
      await process.stop();
      await unlock();
    },
  };
}

/** The URL of the mongod that a service runs on this data directory; null if there is none. */
export async function runningMongodUrl(dataDir: string): Promise<string | null> {
  const last = await lastMongod(dataDir);
  if (!last || !(await isMongodOf(last.pid, dataDir))) return null;
  const { password } = await mongodSecrets(dataDir);
  return mongodUrl(last.port, password);
}

async function startFirst(
  { dataDir, cacheDir = defaultCacheDir(), onProgress }: EmbeddedMongodOptions,
  { keyFile }: MongodSecrets,
  last: MongodRecord | null,
): Promise<MongodProcess> {
  const binary: MongodBinary = await findMongod({ cacheDir, onProgress, preferred: last?.binary });
  onProgress(`Starting MongoDB ${binary.version} on ${dbPathOf(dataDir)} ...`);
  const reason = await reasonToLook(dataDir, binary.version);
  if (reason !== null && hasFiles(dataDir)) onProgress(`  it looks at the settings of all its files first: ${reason}`);
  const port = await freePort(last?.port);
  return spawnMongod(dataDir, { binary: binary.path, port, keyFile, trustFiles: reason === null });
}

/** Resolves once a mongod can be used. Throws StartupError if it cannot, with nothing left running, and what `signal` aborts with. */
async function awaitUse(
  mongod: MongodProcess,
  { password }: MongodSecrets,
  dataDir: string,
  signal?: AbortSignal,
): Promise<void> {
  const goOn = () => {
    signal?.throwIfAborted();
    if (!mongod.isRunning()) throw new Error('it ended while it was starting');
  };
  await orStop(mongod, dataDir, () => awaitReplicaSet(mongod.port, password, goOn), signal);
}

/** Does this with a mongod that was just started or taken over. If it fails, stops mongod and throws StartupError, or what `signal` aborts with. */
async function orStop<T>(
  mongod: MongodProcess,
  dataDir: string,
  use: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  try {
    return await use();
  } catch (error) {
    await mongod.stop();
    signal?.throwIfAborted();
    throw new StartupError(await reasonOf(error, await mongod.ended, dataDir), { cause: error });
  }
}

async function reasonOf(error: unknown, how: string, dataDir: string): Promise<string> {
  const shortage = diskShortage(dataDir);
  if (shortage !== null) return `${NAME} cannot start: ${shortage}`;
  const logPath = logPathOf(dataDir);
  const message = error instanceof Error ? error.message : String(error);
  const logged = await lastErrorIn(logPath);
  return `${NAME} cannot start: ${message}, with ${how}${logged === null ? '' : `: ${logged}`}; its log is ${logPath}`;
}

async function versionOf({ port }: MongodRecord, { password }: MongodSecrets): Promise<string> {
  const read = async (admin: Db) => String((await admin.command({ buildInfo: 1 })).version);
  return withAdmin(port, password, read, READY_MS);
}

/** Aborts the transactions that a killed service left open: otherwise writes to the same documents would wait until they expire. */
async function endSessions({ port }: MongodRecord, { password }: MongodSecrets): Promise<void> {
  await withAdmin(port, password, (admin) => admin.command({ killAllSessions: [] }), READY_MS);
}

function noticeOf(version: string): string | undefined {
  if (Number.parseInt(version, 10) > 6) return undefined;
  return `MongoDB ${version} is an old release: good for one machine; for more, set MONGODB_URL to a current replica set`;
}
