import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { startEmbeddedMongod } from '../../src/adapters/embedded/start-embedded-mongod.js';
import type { DatasetDocument } from '../../src/adapters/mongodb/documents.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { holdLane } from '../support/held-lanes.js';
import { type TestDatabase, testDatabase } from '../support/mongod.js';
import { restClient } from '../support/rest-client.js';
import { ServiceProcess } from '../support/service-process.js';
import { API_KEY } from '../support/sluice.js';
import { LOADED } from '../support/statuses.js';
import { tcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

jest.setTimeout(120_000);

describe('faults of services', () => {
  let database: TestDatabase;
  let dataDir: string;
  let services: ServiceProcess[];
  const ends: (() => Promise<unknown>)[] = [];
  beforeEach(async () => {
    database = await testDatabase();
    dataDir = await mkdtemp(join(tmpdir(), 'sluice-fault-'));
    services = [];
  });
  afterEach(async () => {
    await Promise.all(services.map((service) => service.end('SIGKILL')));
    for (const end of ends.splice(0).reverse()) await end();
    await database.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  async function start(env: NodeJS.ProcessEnv = {}): Promise<{ service: ServiceProcess; url: string }> {
    const settings = { MONGODB_URL: database.url, SLUICE_API_KEY: API_KEY, ...env };
    const service = ServiceProcess.start(dataDir, settings);
    services.push(service);
    return { service, url: await service.ready() };
  }

  const finalThrough = async (id: string) =>
    (await database.db.collection<DatasetDocument>('datasets').findOne({ _id: id }))?.lane.finalThrough ?? 0;

  async function expectExact(url: string, id: string, count: number): Promise<void> {
    const { numbers, histories, recordCount } = await restClient.contents(url, id);
    expect(numbers).toEqual(upTo(count));
    expect(recordCount).toBe(count);
    expect(histories).toEqual(upTo(count).map(() => LOADED));
  }

  it('kill -9 of the process that responded, right after its response: what was acknowledged is loaded', async () => {
    const { service, url } = await start({ SLUICE_ROLE: 'api' });
    const id = await restClient.dataset(url);
    const jobs: string[] = [];
    for (const n of upTo(5)) jobs.push(await restClient.push(url, id, n));
    await service.end('SIGKILL');
    const other = await start();
    for (const job of jobs) expect(await restClient.final(other.url, job)).toBe('Complete');
    await expectExact(other.url, id, 5);
  });

  it('a restart with 1,000 waiting jobs loads all of them, in order', async () => {
    const { service, url } = await start({ SLUICE_ROLE: 'api' });
    const id = await restClient.dataset(url);
    const pushed = await restClient.pushMany(url, id, 1_000);
    await service.end('SIGKILL');
    const { url: again } = await start();
    await until('the end', async () => (await finalThrough(id)) === 1_000);
    const { numbers, jobs, histories, recordCount } = await restClient.contents(again, id);
    expect(numbers).toEqual(jobs.map((job) => pushed.get(job)));
    expect([new Set(numbers).size, recordCount]).toEqual([1_000, 1_000]);
    expect(histories).toEqual(upTo(1_000).map(() => LOADED));
  });

  it('two processes accept, two load: each push once, in order', async () => {
    const [one, two] = [await start(), await start()];
    const id = await restClient.dataset(one.url);
    let last = '';
    for (const n of upTo(100)) last = await restClient.push(n % 2 ? one.url : two.url, id, n);
    await restClient.final(two.url, last);
    await expectExact(one.url, id, 100);
  });

  it('doubled or deleted Agenda jobs change nothing', async () => {
    const { url } = await start({ SLUICE_ROLE: 'api' });
    const id = await restClient.dataset(url);
    const agenda = database.db.collection('agenda_jobs');
    for (const n of upTo(3)) await restClient.push(url, id, n);
    await until('a wake', () => agenda.findOne());
    const [wake] = await agenda.find({}, { projection: { _id: 0 } }).toArray();
    await agenda.insertMany(upTo(20).map(() => ({ ...wake })));
    const worker = await start();
    await until('the rows', async () => (await restClient.contents(worker.url, id)).recordCount === 3);
    await worker.service.end('SIGTERM');

    for (const n of [3, 4]) await restClient.push(url, id, n);
    await agenda.deleteMany({});
    const next = await start();
    await until('the rows', async () => (await restClient.contents(next.url, id)).recordCount === 5);
    await expectExact(next.url, id, 5);
  });

  it('SIGTERM in the middle of a backlog: running requests are finished, and another process has the lane within two seconds', async () => {
    const [one, two] = [await start(), await start()];
    const [id, other] = [await restClient.dataset(one.url), await restClient.dataset(one.url)];
    const datasets = database.db.collection<DatasetDocument>('datasets');
    const ownerOf = async () => (await datasets.findOne({ _id: id }))?.lane.owner;
    for (const held of [id, other]) await holdLane({ database }, held);
    await restClient.pushMany(two.url, id, 1_500);
    const waiting = restClient.tryPush(one.url, `${other}?wait=60`, 0);
    await until('the push that is waited for', () => database.db.collection('jobs').findOne({ datasetId: other }));
    const letGo = restClient.halfPush(one.url, id, 1_500);

    // The first process takes the lane, since the second one is held up.
    two.service.child.kill('SIGSTOP');
    await datasets.updateOne({ _id: id }, { $set: { 'lane.owner': null, 'lane.leaseUntil': new Date(0) } });
    const first = await until('an owner', ownerOf);
    two.service.child.kill('SIGCONT');
    const asked = performance.now();
    const ended = one.service.end('SIGTERM');
    letGo.goOn();
    expect((await letGo.answer).status).toBe(202);
    expect(await waiting).toMatchObject({ status: 202, body: { statusJob: { status: 'Initializing' } } });

    await until('the lane to be given up', async () => (await ownerOf()) !== first);
    const free = performance.now();
    expect(await finalThrough(id)).toBeLessThan(1_500);
    await until('another owner', async () => ![first, null].includes((await ownerOf()) ?? null));
    // The next poll for wakes, which comes every second, tells it; the lease would have run out in eight.
    expect(performance.now() - free).toBeLessThan(2_000);
    expect(await ended).toBe(0);
    expect(performance.now() - asked).toBeLessThan(10_000);

    await until('the end', async () => (await finalThrough(id)) === 1_501);
    expect(await restClient.allNumbers(two.url, id)).toEqual(upTo(1_501));
  });

  it('a client that loses its process continues after its last event at another, and misses none', async () => {
    const [one, two] = [await start(), await start()];
    const id = await restClient.dataset(one.url);
    const first = await restClient.push(one.url, id, 0);
    await restClient.final(one.url, first);
    const seen: string[] = [];
    let after = `${first}:6`;
    /** Watches at one process until a number of events have come. */
    async function watch(url: string, count: number): Promise<void> {
      const client = createClient({
        url: `${url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: { 'x-api-key': API_KEY },
        retryAttempts: 0,
      });
      const query = `subscription { jobStatusChanged(datasetId: "${id}", after: "${after}") { id } }`;
      for await (const { data } of client.iterate<{ jobStatusChanged: { id: string } }>({ query })) {
        after = data?.jobStatusChanged.id ?? after;
        if (!after.startsWith(first)) seen.push(after);
        if (seen.length >= count) break;
      }
      await client.dispose();
    }
    const jobs = [await restClient.push(one.url, id, 1)];
    await watch(one.url, 3);
    await one.service.end('SIGKILL');
    for (const n of [2, 3]) jobs.push(await restClient.push(two.url, id, n));
    await watch(two.url, 21);
    expect([...new Set(seen)].sort()).toEqual(
      jobs.flatMap((job) => LOADED.map((_, place) => `${job}:${place}`)).sort(),
    );
  });

  it('mongod killed in the middle of a load, and restarted by its supervisor: nothing acknowledged is lost or doubled', async () => {
    const mongodDir = await mkdtemp(join(tmpdir(), 'sluice-mongod-'));
    const options = {
      dataDir: mongodDir,
      cacheDir: process.env.SLUICE_CACHE_DIR,
      onProgress: () => undefined,
      log: createLogger('silent'),
    };
    const mongod = await startEmbeddedMongod(options);
    ends.push(async () => {
      await mongod.stop();
      await rm(mongodDir, { recursive: true, force: true });
    });
    const { url } = await start({ MONGODB_URL: mongod.url });
    const id = await restClient.dataset(url);
    let acknowledged = 0;
    let killed = false;
    const pushing = (async () => {
      while (!killed) {
        await restClient.push(url, id, acknowledged, `push ${acknowledged}`);
        acknowledged += 1;
      }
    })().catch(() => undefined);
    await until('50 pushes', () => acknowledged >= 50);
    process.kill(mongod.pid, 'SIGKILL');
    killed = true;
    await pushing;
    // The one that was under way: whether it was accepted nobody knows, and with its key nobody needs to.
    const last = await until('an answer', () =>
      restClient.push(url, id, acknowledged, `push ${acknowledged}`).catch(() => null),
    );
    expect(await restClient.final(url, last)).toBe('Complete');
    await expectExact(url, id, acknowledged + 1);
  });

  it('the network to mongod refused: pushes are refused clearly, and the service continues by itself', async () => {
    const { port } = new URL(database.url);
    const proxy = await tcpProxy(Number(port));
    ends.push(() => proxy.shut());
    const through = `${database.url.replace(`:${port}/`, `:${proxy.port}/`).replace('replicaSet=rs0', 'directConnection=true')}`;
    const { url } = await start({ MONGODB_URL: through });
    const id = await restClient.dataset(url);
    const jobs: string[] = [];
    for (const n of upTo(10)) jobs.push(await restClient.push(url, id, n));
    await proxy.shut();
    const pushes = ['a', 'b', 'c'].map((key) => restClient.tryPush(url, id, 99, key));
    const [health, ready] = await Promise.all([fetch(`${url}/healthz`), fetch(`${url}/readyz`)]);
    expect([health.status, ready.status]).toEqual([200, 503]);
    for (const { status, body } of await Promise.all(pushes)) {
      expect([status, body.code, body.detail]).toEqual([503, 'STORE_UNAVAILABLE', expect.stringContaining('database')]);
    }
    await proxy.open();
    const last = await until('an answer', () => restClient.push(url, id, 10, 'after').catch(() => null));
    for (const job of [...jobs, last]) expect(await restClient.final(url, job)).toBe('Complete');
    await expectExact(url, id, 11);
  });
});
