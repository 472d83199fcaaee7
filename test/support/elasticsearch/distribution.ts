import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { access, chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import yauzl from 'yauzl';
import { checkSha256 } from '../../../src/adapters/embedded/checked-download.js';

const run = promisify(execFile);

const VERSION = '8.19.4';
const ARTIFACT = `org.elasticsearch.distribution.integ-test-zip:elasticsearch:${VERSION}:zip`;
const SHA256 = '553088b4c0f60f04d7c63da609aaeae372c483159f4fb8013599e91233aab0de';
const JAVA_AT_LEAST = 17;

/** The files from which a server is started. */
export interface Distribution {
  /** The unpacked folder; nothing is written into it. */
  readonly home: string;
  readonly javaHome: string;
}

/** Elastic's minimal distribution from Maven Central, kept in the cache folder. Throws, with what is missing, if it cannot be fetched. */
export async function elasticsearchDistribution(): Promise<Distribution> {
  const javaHome = await findJava();
  const folder = join(cacheDir(), 'elasticsearch');
  const home = join(folder, `elasticsearch-${VERSION}`);
  if (!(await exists(home))) await fetchTo(folder, home);
  return { home, javaHome };
}

/** Servers do not run as root, and nobody else can read root's own folder. */
function cacheDir(): string {
  return (
    process.env.SLUICE_CACHE_DIR ?? join(process.getuid?.() === 0 ? '/var/cache' : join(homedir(), '.cache'), 'sluice')
  );
}

async function findJava(): Promise<string> {
  const { JAVA_HOME } = process.env;
  const command = JAVA_HOME === undefined ? 'java' : join(JAVA_HOME, 'bin', 'java');
  const { stderr } = await run(command, ['-XshowSettings:properties', '-version']).catch(() => {
    throw new Error(`there is no Java (${command}); install a JDK ${JAVA_AT_LEAST} or newer`);
  });
  const version = Number(/java\.specification\.version = (?<version>\d+)/.exec(stderr)?.groups?.version);
  const home = /java\.home = (?<home>.+)/.exec(stderr)?.groups?.home;
  if (home === undefined || !(version >= JAVA_AT_LEAST)) {
    throw new Error(`Java is ${version}; install a JDK ${JAVA_AT_LEAST} or newer`);
  }
  return home;
}

async function fetchTo(folder: string, home: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const downloads = await mkdtemp(join(folder, 'fetching-'));
  try {
    const goal = ['dependency:copy', `-Dartifact=${ARTIFACT}`, `-DoutputDirectory=${downloads}`];
    await run('mvn', ['-q', '-B', '-ntp', ...goal], { cwd: downloads }).catch((error: Error & { stdout?: string }) => {
      const reason = error.stdout?.trim().split('\n')[0] ?? error.message;
      throw new Error(`Maven (mvn) could not fetch ${ARTIFACT}: ${reason}`);
    });
    const zip = join(downloads, `elasticsearch-${VERSION}.zip`);
    await checkSha256(zip, SHA256);
    await unpack(zip, downloads);
    await chmod(downloads, 0o755);
    // Another run may have been quicker.
    await rename(join(downloads, `elasticsearch-${VERSION}`), home).catch(async (error) => {
      if (!(await exists(home))) throw error;
    });
  } finally {
    await rm(downloads, { recursive: true, force: true });
  }
}

/** Unpacks a zip with the modes of its files, so that programs stay executable. */
async function unpack(path: string, into: string): Promise<void> {
  const zip = await promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open)(path, { lazyEntries: true });
  const open = promisify<yauzl.Entry, NodeJS.ReadableStream>(zip.openReadStream.bind(zip));
  async function write(entry: yauzl.Entry): Promise<void> {
    const target = join(into, entry.fileName);
    if (entry.fileName.endsWith('/')) {
      await mkdir(target, { recursive: true, mode: 0o755 });
      return;
    }
    await mkdir(dirname(target), { recursive: true, mode: 0o755 });
    await pipeline(await open(entry), createWriteStream(target));
    await chmod(target, ((entry.externalFileAttributes >>> 16) & 0o111) === 0 ? 0o644 : 0o755);
  }
  await new Promise<void>((resolve, reject) => {
    zip.on('error', reject);
    zip.on('end', resolve);
    zip.on('entry', (entry: yauzl.Entry) => void write(entry).then(() => zip.readEntry(), reject));
    zip.readEntry();
  });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
