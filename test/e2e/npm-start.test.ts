import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { isAlive } from '../../src/adapters/embedded/data-dir-lock.js';
import { mongodPid, runShell } from '../support/service-process.js';
import { until } from '../support/until.js';

/** Uses the real npm, because npm decides which signals it passes on. */
describe('npm start', () => {
  let dataDir: string;
  let npm: ChildProcess;
  beforeAll(async () => {
    expect(await runShell('npm run -s build', {})).toMatchObject({ code: 0 });
  }, 120_000);
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'sluice-npm-'));
  });
  afterEach(async () => {
    npm.kill('SIGKILL');
    const pid = await mongodPid(dataDir);
    if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  });

  /** Skips the build, which was done before. */
  async function start(): Promise<string> {
    const env = { ...process.env, PORT: '0', SLUICE_DATA_DIR: dataDir };
    npm = spawn('npm', ['start', '--ignore-scripts'], { env, stdio: ['ignore', 'pipe', 'ignore'] });
    let output = '';
    npm.stdout?.on('data', (chunk) => {
      output += chunk;
    });
    return until('the service', () => output.includes('Ctrl-C') && /Sluice is ready at (\S+)/.exec(output)?.[1]);
  }

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'leaves nothing running when npm gets %s by its process id',
    async (signal) => {
      const url = await start();
      const mongod = await mongodPid(dataDir);
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
      npm.kill(signal);
      await once(npm, 'exit');
      await until('the end of mongod', () => !isAlive(mongod));
      await until('the end of the service', () =>
        fetch(`${url}/healthz`).then(
          () => false,
          () => true,
        ),
      );
      // It writes to its data directory until then.
      await until('its lock to be gone', () => !existsSync(join(dataDir, 'service.lock')));
    },
  );
});
