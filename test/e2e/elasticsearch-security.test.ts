import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readConfig } from '../../src/config.js';
import { startApp } from '../../src/start-app.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { PushDataDocument } from '../generated/graphql.js';
import { elasticsearchDistribution } from '../support/elasticsearch/distribution.js';
import { apiKeyGate, type SecuredElasticsearch, startSecured } from '../support/elasticsearch/secured.js';
import { type TestDatabase, testDatabase } from '../support/mongod.js';
import { startSluice } from '../support/sluice.js';
import { until } from '../support/until.js';

jest.setTimeout(180_000);

describe('an Elasticsearch with security', () => {
  const users = new Map<string, string>();
  let secured: SecuredElasticsearch;
  let gate: Awaited<ReturnType<typeof apiKeyGate>>;
  let database: TestDatabase;
  beforeAll(async () => {
    secured = await startSecured(await elasticsearchDistribution());
    gate = await apiKeyGate(secured, users);
    database = await testDatabase();
  });
  afterAll(async () => {
    await database.close();
    await gate.close();
    await secured.close();
  });

  const withUser = (username = 'sluice') => ({
    ELASTICSEARCH_URL: secured.url,
    ELASTICSEARCH_USERNAME: username,
    ELASTICSEARCH_PASSWORD: secured.password,
    ELASTICSEARCH_CA: secured.caFile,
  });

  /** A new API key of a user. */
  function withKey(username = 'sluice') {
    const key = Buffer.from(`${users.size}:a secret of these tests`).toString('base64');
    users.set(key, username);
    return { ELASTICSEARCH_URL: gate.url, ELASTICSEARCH_API_KEY: key };
  }

  async function startWith(env: NodeJS.ProcessEnv): Promise<void> {
    const config = readConfig({ MONGODB_URL: database.url, PORT: '0', ...env });
    const app = await startApp(config, createLogger('silent'), () => undefined);
    await app.close();
  }

  it.each([
    ['a user, over TLS', withUser],
    ['an API key', withKey],
  ])('is written and read with %s that has the documented privileges', async (_name, settings) => {
    const sluice = await startSluice(settings());
    try {
      const id = await sluice.dataset({ n: 1, t: 'x' });
      const rows = [
        { n: 1, t: 'a' },
        { n: 2, t: 'b' },
      ];
      expect(await sluice.push(id, rows)).toMatchObject({ status: 'COMPLETE', counts: { added: 2 } });
      expect(await sluice.values(id, 'n')).toEqual(rows);
      await sluice.edit(id, { columns: [{ id: 'n', type: 'TEXT' }] });
      expect((await sluice.apply(id))?.status).toBe('COMPLETE');
      const readiness = await fetch(`${sluice.url}/readyz`);
      expect(await readiness.json()).toMatchObject({ ready: true, problems: [] });
      const { count } = await secured.client.count({ index: `sluice_rows_${id}_*` });
      expect(count).toBeGreaterThanOrEqual(2);
    } finally {
      await sluice.close();
    }
  });

  it.each([
    ['a wrong password', () => ({ ...withUser(), ELASTICSEARCH_PASSWORD: 'something wrong' }), /PASSWORD$/],
    ['a wrong API key', () => ({ ...withKey(), ELASTICSEARCH_API_KEY: 'something wrong' }), /ELASTICSEARCH_API_KEY/],
    ['no credentials', () => ({ ELASTICSEARCH_URL: secured.url, ELASTICSEARCH_CA: secured.caFile }), /PASSWORD$/],
  ])('refuses %s; the service does not start, says why, and shows no secret', async (_name, settings, names) => {
    const start = startWith(settings());
    await expect(start).rejects.toThrow(
      /^Elasticsearch at https?:\/\/127.0.0.1:\d+ cannot be used: it refuses the credentials/,
    );
    await expect(start).rejects.toThrow(names);
    await expect(start).rejects.not.toThrow(/something wrong/);
  });

  it('refuses credentials without the privileges; the service does not start, and names them', async () => {
    const privileges = /lack a privilege .*they need monitor on the cluster and all on indices sluice_\*$/;
    await expect(startWith(withUser('stranger'))).rejects.toThrow(privileges);
    await expect(startWith(withUser('reader'))).rejects.toThrow(privileges);
    await expect(startWith(withUser('reader'))).rejects.toThrow('reader lacks manage, write');
    await expect(startWith(withKey('reader'))).rejects.toThrow(privileges);
  });

  it('is not trusted without its authority', async () => {
    const { ELASTICSEARCH_CA: _, ...others } = withUser();
    await expect(startWith(others)).rejects.toThrow(/its certificate is not trusted .*ELASTICSEARCH_CA/);
    const nowhere = startWith({ ...others, ELASTICSEARCH_CA: `${secured.caFile}.nowhere` });
    await expect(nowhere).rejects.toThrow(/^ELASTICSEARCH_CA: the certificates cannot be read/);
  });

  it('revokes a key: jobs wait, say why, and continue with another key', async () => {
    const key = withKey();
    const sluice = await startSluice(key);
    const id = await sluice.dataset({ n: 1 });
    users.delete(key.ELASTICSEARCH_API_KEY);
    const { id: job } = (await sluice.query(PushDataDocument, { input: { datasetId: id, data: [{ n: 1 }] } })).pushData;
    await until('the job to wait', async () => /HTTP 401/.test((await sluice.job(job)).waitingFor ?? ''));
    expect((await sluice.job(job)).waitingFor).not.toContain(key.ELASTICSEARCH_API_KEY);
    await sluice.app.close();
    const again = await startSluice({ ...withKey(), MONGODB_URL: sluice.database.url });
    expect((await again.finalJob(job)).status).toBe('COMPLETE');
    expect(await again.values(id)).toEqual([{ n: 1 }]);
    await again.close();
    await sluice.database.close();
  });
});
