import { readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lastLineTime } from './mongod-log.js';
import { dbPathOf, logPathOf } from './mongod-process.js';

/**
 * mongod looks at the settings of every file when it starts, because a mongod without `--replSet` sets others: 10 s for 30,000 files. It need not look if no other
 * mongod has opened the files since our own has ended. What every mongod changes when it opens them shows that.
 *
 * ```
 * our mongod ends cleanly --> recordEnd ... isAsRecorded: nothing has changed --> ours starts, and need not look
 *                                      \
 *                                       another mongod opens the files, a copy, a backup --> ours starts, and looks
 * ```
 *
 * After an end that is not clean, nothing can show it: mongod writes its id to `mongod.lock` only after it has looked at the files, and the rest changes all the time
 * while our own runs.
 */
interface Traces {
  /** Empty after a clean end. */
  readonly lock: FileState;
  /** WiredTiger puts another one in its place whenever it is opened. */
  readonly turtle: FileState;
  /** The names of the files: whenever it is opened, WiredTiger begins one with the next number. */
  readonly journal: readonly string[];
}

/** A copy has another `ino`. Nobody can set `ctimeNs`. */
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

/** Whether the files are exactly as a mongod of this version, started by Sluice, has left them. Otherwise mongod must look at their settings. */
export async function isAsRecorded(dataDir: string, version: string): Promise<boolean> {
  if (Number.parseInt(version, 10) > NEWEST_MAJOR) return false;
  try {
    return (await readFile(pathIn(dataDir), 'utf8')) === textOf(version, await tracesIn(dbPathOf(dataDir)));
  } catch {
    return false;
  }
}

function pathIn(dataDir: string): string {
  return join(dataDir, 'mongod-end.json');
}

async function tracesIn(dbPath: string): Promise<Traces> {
  const [lock, turtle, journal] = await Promise.all([
    stateOf(join(dbPath, 'mongod.lock')),
    stateOf(join(dbPath, 'WiredTiger.turtle')),
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
