import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isAlive } from '../../src/adapters/embedded/data-dir-lock.js';
import { lastMongod } from '../../src/adapters/embedded/mongod-process.js';
import { type EmbeddedMongod, startEmbeddedMongod } from '../../src/adapters/embedded/start-embedded-mongod.js';
import { StartupError } from '../../src/ports/startup-error.js';

describe('an embedded mongod that cannot start', () => {
  let home: string;
  let dataDir: string;
  let mongod: EmbeddedMongod | undefined;
  let progress: string[] = [];
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'sluice-fails-'));
    dataDir = join(home, 'data');
  });
  afterEach(async () => {
    await stop();
    await rm(home, { recursive: true, force: true });
  });

  async function start(): Promise<void> {
    const cacheDir = process.env.SLUICE_CACHE_DIR;
    progress = [];
    const onProgress = (line: string) => void progress.push(line);
    const say = () => undefined;
    mongod = await startEmbeddedMongod({ dataDir, cacheDir, onProgress, log: { info: say, warn: say, error: say } });
  }

  async function stop(): Promise<void> {
    await mongod?.stop();
    mongod = undefined;
  }

  const failure = () =>
    start().then(
      () => 'it started',
      (error: unknown) => (error instanceof StartupError ? error.message : `not for operators: ${error}`),
    );
  const looks = () => progress.filter((line) => line.includes('looks at the settings')).join();

  it('because it does not know the parameter of a start that need not look, starts the next time', async () => {
    await start();
    expect(looks()).toBe('');
    await stop();
    const last = await lastMongod(dataDir);
    const binary = join(home, 'mongod');
    const refuse = 'case "$*" in *wiredTigerSkipTableLoggingChecksOnStartup*) exit 2;; esac';
    await writeFile(binary, `#!/bin/sh\n${refuse}\nexec ${last?.binary} "$@"\n`);
    await chmod(binary, 0o755);
    await writeFile(join(dataDir, 'mongod.json'), JSON.stringify({ ...last, binary }));
    expect(await failure()).toContain('it ended while it was starting, with exit code 2');
    expect(looks()).toBe('');
    await start();
    expect(looks()).toBe('  it looks at the settings of all its files first: no clean end of it is recorded');
  });

  it.each(['the same port', 'another port'])('because its password was replaced says so soon (%s)', async (port) => {
    await start();
    await stop();
    const file = join(dataDir, 'mongod-password');
    const password = await readFile(file, 'utf8');
    await writeFile(file, 'another password');
    const last = await lastMongod(dataDir);
    if (port === 'another port') await writeFile(join(dataDir, 'mongod.json'), JSON.stringify({ ...last, port: 1 }));
    const began = performance.now();
    expect(await failure()).toContain('it refuses the password in mongod-password; put back the file');
    expect(performance.now() - began).toBeLessThan(30_000);
    expect(isAlive((await lastMongod(dataDir))?.pid ?? 0)).toBe(false);
    await writeFile(file, password);
    await start();
  });
});
