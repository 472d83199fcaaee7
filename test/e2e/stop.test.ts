import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../support/mongod.js';
import { restClient } from '../support/rest-client.js';
import { ServiceProcess } from '../support/service-process.js';
import { API_KEY } from '../support/sluice.js';
import { until } from '../support/until.js';

describe('SIGTERM', () => {
  let database: TestDatabase;
  let dataDir: string;
  let service: ServiceProcess;
  beforeEach(async () => {
    database = await testDatabase();
    dataDir = await mkdtemp(join(tmpdir(), 'sluice-stop-'));
    const env = { MONGODB_URL: database.url, SLUICE_API_KEY: API_KEY, SLUICE_ROLE: 'api' };
    service = ServiceProcess.start(dataDir, env);
  });
  afterEach(async () => {
    await service.end('SIGKILL');
    await database.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('finishes waiting requests, and ends the process even if their client keeps its connections open', async () => {
    const url = await service.ready();
    const id = await restClient.dataset(url);
    const agent = new Agent({ keepAlive: true });
    const headers = { 'x-api-key': API_KEY, 'content-type': 'application/json' };
    const answers = [1, 2, 3].map(async (n) => {
      const sent = request(`${url}/dataload/${id}?wait=30`, { method: 'POST', agent, headers });
      sent.end(JSON.stringify({ n }));
      const [answer] = (await once(sent, 'response')) as [IncomingMessage];
      return { status: answer.statusCode, body: JSON.parse(await text(answer)) };
    });
    await until(
      'the jobs',
      async () => (await database.db.collection('jobs').countDocuments({ finishedAt: { $exists: false } })) === 3,
    );
    expect(await service.end('SIGTERM')).toBe(0);
    for (const { status, body } of await Promise.all(answers)) {
      expect([status, body.statusJob.status]).toEqual([202, 'Initializing']);
    }
    agent.destroy();
  }, 60_000);
});
