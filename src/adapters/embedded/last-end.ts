import { existsSync } from 'node:fs';
import { readdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lastLineTime } from './mongod-log.js';
import { dbPathOf, logPathOf, type MongodProcess } from './mongod-process.js';

/**
 * mongod looks at the settings of every file when it starts, because a mongod without `--replSet` sets others: 10 s for 30,000 files. It need not look if no other
 * mongod has opened the files since our own has ended. What every mongod changes before it alters a setting shows that.
 *
 * ```
 * our mongod ends cleanly --> recordEnd ... reasonToLook: nothing has changed --> ours starts, and need not look
 *                                      \
 *                                       another mongod opens the files, a copy, a backup --> ours starts, and looks
 *
 * another mongod   |-- opens the files --|-- alters settings --|-- is nearly ready --|
 * changes          journal        turtle                       lock
 * ```
 *
 * After an end that is not clean, nothing can show it: mongod writes its id to `mongod.lock` only after it has looked at the files, and the rest changes all the time
 * while our own runs.
 */
interface Traces {
  /** Empty after a clean end. Every mongod writes it, but only after it has altered the settings. */
  readonly lock: FileState;
  /** WiredTiger puts another one in its place while it is opened, before mongod alters a setting. */
  readonly turtle: FileState;
  /** The names of the files: as soon as it is opened, WiredTiger begins one with the next number. */
  readonly journal: readonly string[];
}

/** A copy has another `ino`. `ctimeNs` comes from the clock of the machine: whoever does not set the clock cannot set it. */
interface FileState {
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

/** Later releases may not have the parameter that makes them not look, and would not start. */
const NEWEST_MAJOR = 8;

/**
 * Records how a mongod of this version has left the files. It was ready for use, and has ended. Nothing is recorded if its end was not clean, or if another mongod may
 * have opened the files since. Never throws: without a record the next start takes longer, and that is all.
 */
export async function recordEnd(dataDir: string, version: string): Promise<void> {
  try {
    const traces = await tracesIn(dbPathOf(dataDir));
    const end = await lastLineTime(logPathOf(dataDir));
    if (traces.lock.size > 0n || end === null) return;
    // The process of the service may have been suspended, and another mongod have run, before it learned of the end.
    if ([traces.lock, traces.turtle].some(({ mtimeNs }) => mtimeNs / 1_000_000n > end.getTime())) return;
    const path = pathIn(dataDir);
    await writeFile(`${path}.new`, textOf(version, traces), { mode: 0o600 });
    await rename(`${path}.new`, path);
  } catch {
    return;
  }
}

/** A mongod that is ready for use. `ended` and `stop` resolve once its end is recorded, so that the data directory is unlocked only after that. */
export function recordingEnd(mongod: MongodProcess, dataDir: string, version: string): MongodProcess {
  const ended = mongod.ended.then(async (how) => {
    await recordEnd(dataDir, version);
    return how;
  });
  const stop = async () => {
    await mongod.stop();
    await ended;
  };
  return { ...mongod, ended, stop };
}

/**
 * Why mongod must look at the settings of the files; null if they are exactly as a mongod of this version, started by Sluice, has left them. Uses the record up: after a
 * start that failed or was killed, the next one looks.
 */
export async function reasonToLook(dataDir: string, version: string): Promise<string | null> {
  if (Number.parseInt(version, 10) > NEWEST_MAJOR) return `Sluice does not know MongoDB ${version} yet`;
  const recorded = await takeRecord(pathIn(dataDir)).catch(() => null);
  if (recorded === null) return 'no clean end of it is recorded';
  const traces = await tracesIn(dbPathOf(dataDir)).catch(() => null);
  if (traces !== null && recorded === textOf(version, traces)) return null;
  return 'they, or its version, have changed since its last clean end';
}

async function takeRecord(path: string): Promise<string> {
  const recorded = await readFile(path, 'utf8');
  await unlink(path);
  return recorded;
}

/** Whether a mongod has run on this data directory. */
export function hasFiles(dataDir: string): boolean {
  return existsSync(turtleIn(dbPathOf(dataDir)));
}

function turtleIn(dbPath: string): string {
  return join(dbPath, 'WiredTiger.turtle');
}

function pathIn(dataDir: string): string {
  return join(dataDir, 'mongod-end.json');
}

async function tracesIn(dbPath: string): Promise<Traces> {
  const [lock, turtle, journal] = await Promise.all([
    stateOf(join(dbPath, 'mongod.lock')),
    stateOf(turtleIn(dbPath)),
    readdir(join(dbPath, 'journal')),
  ]);
  return { lock, turtle, journal: journal.sort() };
}

async function stateOf(path: string): Promise<FileState> {
  const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
  return { ino, size, mtimeNs, ctimeNs };
}

function textOf(version: string, traces: Traces): string {
  return JSON.stringify({ version, ...traces }, (_, value) => (typeof value === 'bigint' ? String(value) : value));
}
