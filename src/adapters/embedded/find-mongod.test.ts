import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkSha256 } from './checked-download.js';
import { findMongod, type MongodDownload } from './find-mongod.js';

describe('findMongod', () => {
  let folder: string;
  const progress: string[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-find-'));
    progress.length = 0;
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** A program that says it is a mongod. */
  async function fakeMongod(path: string, says = 'db version v7.0.1'): Promise<string> {
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, `#!/bin/sh\necho "${says}"\n`);
    await chmod(path, 0o755);
    return path;
  }

  const find = (path: string, downloads: MongodDownload[] = [], preferred?: string) =>
    findMongod({
      cacheDir: join(folder, 'cache'),
      onProgress: (line) => void progress.push(line),
      path,
      downloads,
      preferred,
    });

  it('uses the mongod that wrote the data, then one on PATH, then a cached one', async () => {
    const cached = await fakeMongod(join(folder, 'cache/mongod/8.0.1/mongod'), 'db version v8.0.1');
    expect(await find('')).toEqual({ path: cached, version: '8.0.1' });
    const onPath = await fakeMongod(join(folder, 'bin/mongod'));
    expect(await find(`/nowhere:${join(folder, 'bin')}`)).toEqual({ path: onPath, version: '7.0.1' });
    const preferred = await fakeMongod(join(folder, 'own/mongod'), 'db version v6.0.5');
    expect((await find(join(folder, 'bin'), [], preferred)).path).toBe(preferred);
    expect((await find(join(folder, 'bin'), [], '/gone/mongod')).path).toBe(onPath);
  });

  it.each(['7.0.2-rc1', '6.0.5-4', '8.0.0-alpha0-12-gabc1234'])('reports all of a version like %s', async (version) => {
    await fakeMongod(join(folder, 'bin/mongod'), `db version v${version}`);
    expect((await find(join(folder, 'bin'))).version).toBe(version);
  });

  it('skips a mongod that is too old or does not run, and says so if there is no other', async () => {
    await fakeMongod(join(folder, 'bin/mongod'), 'db version v4.4.29');
    await fakeMongod(join(folder, 'cache/mongod/own/mongod'), 'hello');
    await expect(find(join(folder, 'bin'))).rejects.toThrow(
      /4\.4\.29, older than 6[\s\S]+it does not report a version/,
    );
  });

  it('tries one download after the other, keeps the result, and fetches only once', async () => {
    let fetched = 0;
    const broken = { name: 'the first', fetch: async () => Promise.reject(new Error('no answer')) };
    const working = {
      name: 'the second',
      fetch: (into: string) => {
        fetched += 1;
        return fakeMongod(join(into, 'mongod'));
      },
    };
    const both = await Promise.all([find('', [broken, working]), find('', [broken, working])]);
    expect(new Set(both.map(({ path }) => path))).toEqual(new Set([join(folder, 'cache/mongod/7.0.1/mongod')]));
    expect(await find('', [broken, working])).toEqual(both[0]);
    expect(fetched).toBe(2);
    expect(progress).toContain('  not from there: no answer');
    expect(await readdir(join(folder, 'cache/mongod'))).toEqual(['7.0.1']);
  });
});

describe('checkSha256', () => {
  it('accepts the file with the right sum, and names both sums for another file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-sum-'));
    const file = join(folder, 'file');
    await writeFile(file, 'abc');
    const sum = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    await checkSha256(file, sum);
    const other = '0'.repeat(64);
    await expect(checkSha256(file, other)).rejects.toThrow(`has the SHA-256 ${sum}, but it should be ${other}`);
    await rm(folder, { recursive: true });
  });
});
