import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { isAlive } from '../../src/adapters/embedded/data-dir-lock.js';
import { mongodPid, ServiceProcess } from '../support/service-process.js';
import { until } from '../support/until.js';

jest.setTimeout(60_000);

const UNREADABLE = fileURLToPath(new URL('../support/unreadable-program.mjs', import.meta.url));

describe('the start of a service with an embedded mongod', () => {
  let dataDir: string;
  let service: ServiceProcess;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'sluice-start-'));
  });
  afterEach(async () => {
    await service.end('SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  });

  const start = (env: NodeJS.ProcessEnv = {}) =>
    ServiceProcess.start(dataDir, { MONGODB_URL: '', ELASTICSEARCH_URL: '', ...env });
  const hasLeftMongod = async () => isAlive(await mongodPid(dataDir));

  it('begins mongod before the rest of the program is read, and stops it if that fails', async () => {
    service = start({ NODE_OPTIONS: `--import=${UNREADABLE}` });
    expect(await service.exited).toBe(1);
    expect(service.errors).toContain('unreadable program, while mongod is ECONNREFUSED');
    expect(await hasLeftMongod()).toBe(false);
    expect(existsSync(join(dataDir, 'service.lock'))).toBe(false);
  });

  it('ends with what it has started, after a signal meanwhile', async () => {
    service = start();
    await until('mongod', () => existsSync(join(dataDir, 'mongod.json')));
    expect(await service.end('SIGTERM')).toBe(0);
    expect(service.output).toMatch(/SIGTERM: stopping once the start is over \.\.\.\n.*Stopped\.\n$/s);
    expect(service.output).not.toContain('Sluice is ready');
    expect(await hasLeftMongod()).toBe(false);
  });
});
