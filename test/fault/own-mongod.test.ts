import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isAlive } from '../../src/adapters/embedded/data-dir-lock.js';
import { defaultCacheDir, findMongod } from '../../src/adapters/embedded/find-mongod.js';
import { restClient } from '../support/rest-client.js';
import { mongodPid, ServiceProcess } from '../support/service-process.js';
import { API_KEY } from '../support/sluice.js';
import { until } from '../support/until.js';

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

/** The embedded mongod of a service is killed, runs out of space, or cannot be restarted. */
describe('the embedded mongod of a service', () => {
  let home: string;
  let dataDir: string;
  let fullDisk: string;
  let service: ServiceProcess;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'sluice-own-'));
    dataDir = join(home, 'data');
    fullDisk = join(home, 'full');
  });
  afterEach(async () => {
    await service.end('SIGKILL');
    const pid = await mongodPid(dataDir);
    if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    await until('its end', () => !isAlive(pid));
    await rm(home, { recursive: true, force: true });
  });

  async function start(env: NodeJS.ProcessEnv = {}): Promise<string> {
    const onCommand = pathToFileURL('test/support/use-full-disk.mjs').href;
    service = ServiceProcess.start(dataDir, {
      SLUICE_API_KEY: API_KEY,
      SLUICE_LOG_LEVEL: 'info',
      SLUICE_TEST_FULL_DISK: fullDisk,
      NODE_OPTIONS: `--import ${onCommand}`,
      ...env,
    });
    return service.ready();
  }

  /** What the service logged as its own fault. */
  const defects = () => service.errors.split('\n').filter((line) => line.includes('"msg":"unexpected error"'));

  async function kill(): Promise<number> {
    const pid = await mongodPid(dataDir);
    process.kill(pid, 'SIGKILL');
    await until('its end', () => !isAlive(pid));
    return pid;
  }

  /** The response to a request: status, Retry-After, code and message. */
  async function ask(url: string, path: string, init: RequestInit = {}) {
    const headers = { 'x-api-key': API_KEY, 'content-type': 'application/json' };
    const response = await fetch(`${url}${path}`, { ...init, headers });
    const body = (await response.json()) as {
      code?: string;
      errors?: { extensions: { code: string } }[];
    };
    const code = body.code ?? body.errors?.[0]?.extensions.code;
    return [response.status, response.headers.get('retry-after'), code, JSON.stringify(body)] as const;
  }

  it('gets no keys and passwords in its environment', async () => {
    await start({ SLUICE_JWT_SECRET: 'a secret of viewer tokens, long enough' });
    const args = ['eww', '-o', 'command=', '-p', String(await mongodPid(dataDir))];
    const { stdout } = await promisify(execFile)('ps', args);
    expect(stdout).toContain('--replSet rs0');
    expect(stdout).toContain(' PATH=');
    for (const hidden of [API_KEY, 'a secret of viewer tokens', 'SLUICE_']) expect(stdout).not.toContain(hidden);
  });

  it('is restarted when it is killed, and waiting work continues', async () => {
    const url = await start();
    const id = await restClient.dataset(url);
    const pushes = upTo(40).map(async (n) => {
      if (n === 10) await kill();
      // Only what was under way when it was killed may be refused; with its key it is sent again.
      return until('an answer', async () => {
        const { status, body } = await restClient.tryPush(url, `${id}?wait=30`, n, `push ${n}`);
        if (status === 200) return body.statusJob?.status;
        expect([status, body.code, defects()]).toEqual([503, 'STORE_UNAVAILABLE', []]);
        return null;
      });
    });
    expect(await Promise.all(pushes)).toEqual(upTo(40).map(() => 'Complete'));
    const { numbers, recordCount } = await restClient.contents(url, id);
    expect([numbers.sort((a, b) => a - b), recordCount]).toEqual([upTo(40), 40]);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect(service.errors.match(/the embedded MongoDB has ended \(signal SIGKILL\)/g)).toHaveLength(1);

    await kill();
    expect(await restClient.final(url, await restClient.push(url, id, 40))).toBe('Complete');
    expect(await service.end('SIGTERM')).toBe(0);
    expect(isAlive(await mongodPid(dataDir))).toBe(false);
  });

  it('has a full disk that is named before and after it ends, and continues once there is room', async () => {
    const url = await start();
    const id = await restClient.dataset(url);
    expect(await restClient.final(url, await restClient.push(url, id, 0))).toBe('Complete');
    const named = expect.stringContaining(`the disk of ${dataDir} is full`);
    const push = { method: 'POST', body: '{"n":1}' };
    const query = JSON.stringify({ query: `{ dataset(id: "${id}") { recordCount } }` });

    await writeFile(fullDisk, '');
    expect(await ask(url, `/dataload/${id}`, push)).toEqual([503, '30', 'DISK_FULL', named]);
    expect(await ask(url, '/graphql', { method: 'POST', body: query })).toEqual([
      200,
      null,
      undefined,
      expect.anything(),
    ]);
    expect(await ask(url, '/readyz')).toEqual([503, '2', undefined, named]);

    await kill();
    await until('the outage', () => service.errors.includes('is not restarted until'));
    const asked = performance.now();
    expect(await ask(url, `/dataload/${id}`, push)).toEqual([503, '30', 'DISK_FULL', named]);
    expect(await ask(url, '/graphql', { method: 'POST', body: query })).toEqual([503, '30', 'DISK_FULL', named]);
    // Nobody can say whether the key is valid.
    const summary = expect.stringContaining('the disk of MongoDB is full');
    expect(await ask(url, '/readyz')).toEqual([503, '2', undefined, summary]);
    expect(performance.now() - asked).toBeLessThan(5_000);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);

    await rm(fullDisk);
    const job = await until('room', () => restClient.push(url, id, 1).catch(() => null));
    expect(await restClient.final(url, job)).toBe('Complete');
    expect((await restClient.contents(url, id)).numbers).toEqual([0, 1]);
  });

  it('ends the service, which says why, if it cannot be restarted', async () => {
    const { path } = await findMongod({
      cacheDir: process.env.SLUICE_CACHE_DIR ?? defaultCacheDir(),
      onProgress: () => undefined,
    });
    const cacheDir = join(home, 'cache');
    const own = join(cacheDir, 'mongod/own/mongod');
    await mkdir(join(own, '..'), { recursive: true });
    await copyFile(path, own);
    await start({ SLUICE_CACHE_DIR: cacheDir, PATH: '' });
    await rm(own);
    await kill();
    expect(await service.exited).toBe(1);
    expect(service.errors).toMatch(/^the embedded MongoDB cannot be kept running: .+mongod does not run: .*ENOENT$/m);
  });
});
