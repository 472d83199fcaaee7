import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { App } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import { startApp } from '../../src/start-app.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { storeEnv, type TestDatabase, testDatabase } from '../support/mongod.js';

describe('the key in the file of the data directory', () => {
  let database: TestDatabase;
  let dataDir: string;
  let app: App;
  beforeEach(async () => {
    database = await testDatabase();
    dataDir = await mkdtemp(join(tmpdir(), 'sluice-key-'));
    app = await start();
  });
  afterEach(async () => {
    await app.close();
    await database.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  function start(): Promise<App> {
    const env = { ...storeEnv(), MONGODB_URL: database.url, SLUICE_DATA_DIR: dataDir, PORT: '0', SLUICE_ROLE: 'api' };
    return startApp(readConfig(env), createLogger('silent'), () => undefined);
  }

  async function restart(): Promise<App['firstKey']> {
    await app.close();
    app = await start();
    return app.firstKey;
  }

  /** The data of a request with this key; undefined if it is refused. */
  async function ask(secret: string, query: string): Promise<unknown> {
    const headers = { 'content-type': 'application/json', 'x-api-key': secret };
    const response = await fetch(`${app.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
    return ((await response.json()) as { data?: unknown }).data;
  }

  async function firstKey(): Promise<{ id: string; secret: string }> {
    const secret = app.firstKey?.secret ?? '';
    const { apiKeys } = (await ask(secret, '{ apiKeys { nodes { id } } }')) as { apiKeys: { nodes: { id: string }[] } };
    return { id: apiKeys.nodes[0]?.id ?? '', secret };
  }

  async function rotated(secret: string, id: string, overlapSeconds: number): Promise<string> {
    const mutation = `mutation { rotateApiKey(id: "${id}", overlapSeconds: ${overlapSeconds}) { secret } }`;
    return ((await ask(secret, mutation)) as { rotateApiKey: { secret: string } }).rotateApiKey.secret;
  }

  const isValid = async (secret: string) => (await ask(secret, '{ __typename }')) !== undefined;

  it('is the same after a restart', async () => {
    const { secret } = await firstKey();
    expect(await restart()).toEqual({ secret, isNew: false });
    expect(await isValid(secret)).toBe(true);
  });

  it('stays the one that is printed while a rotation leaves it valid', async () => {
    const { id, secret } = await firstKey();
    await rotated(secret, id, 600);
    expect(await restart()).toEqual({ secret, isNew: false });
    expect(await isValid(secret)).toBe(true);
  });

  it('is not made valid again by a restart once rotations have ended it', async () => {
    const { id, secret } = await firstKey();
    const second = await rotated(secret, id, 0);
    expect([await restart(), await isValid(secret)]).toEqual([null, false]);
    const third = await rotated(second, id, 0);
    expect([await restart(), await isValid(secret), await isValid(third)]).toEqual([null, false, true]);
  });

  it('is not made valid again by a restart once it is revoked', async () => {
    const { id, secret } = await firstKey();
    await ask(secret, `mutation { revokeApiKey(id: "${id}") { id } }`);
    expect([await restart(), await isValid(secret)]).toEqual([null, false]);
  });

  it('is made valid if the database has no key, as after a start that was stopped in the middle', async () => {
    const { secret } = await firstKey();
    await database.db.collection('api_keys').deleteMany({});
    expect(await restart()).toEqual({ secret, isNew: false });
    expect(await isValid(secret)).toBe(true);
  });
});
