import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoBinaryDownload } from 'mongodb-memory-server-core/lib/util/MongoBinaryDownload.js';
import { MongoBinaryDownloadUrl } from 'mongodb-memory-server-core/lib/util/MongoBinaryDownloadUrl.js';
import { checkSha256 } from './checked-download.js';

const VERSION = '8.0.11';
const CONNECT_MS = 5_000;

/** The SHA-256 of MongoDB's archive of this version, by platform and architecture. On Linux it is the build for Ubuntu 22.04, which newer distributions can run. */
const SHA256: Record<string, string> = {
  'linux x64': '5c4af1b28bd9c8c475526c029719f9066d3c86860702b0ad9fc4d2bfff1e0d8a',
  'linux arm64': 'a75781a1b76727fb8f64749c585b3700e07bfc1267fcc650f3e569387a276360',
  'darwin x64': '44babe685262c52b771208a7a602075a7478086934297e5c982dd0adb5b78c9f',
  'darwin arm64': '90dcc1c8f1178b94f7fafafab7f109b8a20311f1b26ebb1b06a27cbda115e6d6',
};

/** Downloads mongod from MongoDB's own site into `folder`, and returns its path. */
export async function fetchFromMongodb(folder: string): Promise<string> {
  const platform = `${process.platform} ${process.arch}`;
  const expected = SHA256[platform];
  if (expected === undefined) throw new Error(`there is no checksum for MongoDB ${VERSION} on ${platform}`);
  const options = {
    version: VERSION,
    downloadDir: folder,
    platform: process.platform,
    arch: process.arch,
    checkMD5: false,
    systemBinary: '',
    os: { os: 'linux' as const, dist: 'ubuntu', release: '22.04' },
  };
  const url = await new MongoBinaryDownloadUrl(options).getDownloadUrl();
  await refuseUnreachable(url);
  const download = new MongoBinaryDownload(options);
  const archive = await download.download(url);
  await checkSha256(archive, expected);
  await download.extract(archive);
  const binary = (await readdir(folder)).find((name) => name.startsWith('mongod'));
  if (binary === undefined) throw new Error('the archive contains no mongod');
  return join(folder, binary);
}

/** Checks the connection first, because the downloader would try for minutes. Behind a proxy only the downloader knows the way, so nothing is checked. */
async function refuseUnreachable(url: string): Promise<void> {
  if (process.env.HTTPS_PROXY ?? process.env.https_proxy) return;
  const { host } = new URL(url);
  try {
    await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(CONNECT_MS) });
  } catch (error) {
    throw new Error(`${host} did not respond within ${CONNECT_MS / 1000} s`, { cause: error });
  }
}
