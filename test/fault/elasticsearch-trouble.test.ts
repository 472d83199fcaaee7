import { Client } from '@elastic/elasticsearch';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { PushDataDocument, ReadDatasetDocument, RebuildDatasetDocument } from '../generated/graphql.js';
import { elasticsearchDistribution } from '../support/elasticsearch/distribution.js';
import { ElasticsearchServer } from '../support/elasticsearch/server.js';
import { type Trouble, type TroubledProxy, troubledProxy } from '../support/elasticsearch/troubled-proxy.js';
import { type Sluice, startSluice } from '../support/sluice.js';
import { LOADED } from '../support/statuses.js';
import { until } from '../support/until.js';

jest.setTimeout(180_000);

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

/** What is common to all trouble: jobs wait and say why, pushes are accepted, and everything is loaded once it is over. */
class Bench {
  constructor(readonly sluice: Sluice) {}

  async push(datasetId: string, ...data: unknown[]): Promise<string> {
    return (await this.sluice.query(PushDataDocument, { input: { datasetId, data } })).pushData.id;
  }

  waiting(job: string, reason: RegExp): Promise<unknown> {
    return until(`job ${job} to wait for ${reason}`, async () => {
      const { waitingFor } = await this.sluice.job(job);
      return waitingFor && reason.test(waitingFor);
    });
  }

  async problems(): Promise<string[]> {
    const response = await fetch(`${this.sluice.url}/readyz`);
    const { ready, problems } = (await response.json()) as { ready: boolean; problems: string[] };
    expect([response.status, ready]).toEqual([200, true]);
    return problems;
  }

  /** That the jobs have loaded the numbers below `count`, each once; in one attempt unless the worker gave way to others meanwhile. */
  async expectExact(datasetId: string, jobs: readonly string[], count: number, gaveWay = false): Promise<void> {
    for (const job of jobs) {
      const final = await this.sluice.finalJob(job);
      expect(final.history.map(({ status }) => status)).toEqual(LOADED);
      expect(final).toMatchObject({ waitingFor: null, counts: { failed: 0 } });
      expect(final.attempts > 1).toBe(gaveWay);
    }
    expect((await this.sluice.values(datasetId, 'n')).map(({ n }) => n)).toEqual(upTo(count));
    const { dataset } = await this.sluice.query(ReadDatasetDocument, { id: datasetId });
    expect(dataset).toMatchObject({ status: 'ACTIVE', recordCount: count, rowCount: count });
  }
}

describe('an Elasticsearch that has trouble', () => {
  let proxy: TroubledProxy;
  let bench: Bench;
  let client: Client;
  beforeAll(async () => {
    const url = process.env.ELASTICSEARCH_URL ?? '';
    client = new Client({ node: url });
    proxy = await troubledProxy(url);
    bench = new Bench(await startSluice({ ELASTICSEARCH_URL: proxy.url }));
  });
  beforeEach(() => {
    proxy.met = 0;
  });
  afterEach(() => {
    proxy.trouble = 'NONE';
  });
  afterAll(async () => {
    await bench.sluice.close();
    await client.close();
    await proxy.close();
  });

  async function indexOf(datasetId: string): Promise<string> {
    const found = await client.indices.getAlias({ index: `sluice_rows_${datasetId}_*` });
    return Object.keys(found)[0] ?? '';
  }

  it.each<[string, Trouble, RegExp]>([
    ['rejects requests', 'REJECTING', /made to fail \(es_rejected_execution_exception, HTTP 429\)/],
    ['is overloaded', 'OVERLOADED', /HTTP 503/],
    ['takes half of every bulk', 'HALF', /the queue is full/],
  ])('%s: jobs wait, and everything is loaded once it is over', async (_name, trouble, reason) => {
    const id = await bench.sluice.dataset({ n: 0 });
    proxy.trouble = trouble;
    const jobs = [await bench.push(id, ...upTo(100).map((n) => ({ n })))];
    await bench.waiting(jobs[0] ?? '', reason);
    jobs.push(await bench.push(id, { n: 100 }));
    await until('another try', () => proxy.met > 1);
    proxy.trouble = 'NONE';
    await bench.expectExact(id, jobs, 101);
  });

  it('answers later than a lease lasts: the lane stays with its worker', async () => {
    const id = await bench.sluice.dataset({ n: 0 });
    proxy.trouble = 'SLOW';
    const job = await bench.push(id, { n: 0 });
    await until('the slow bulk', () => proxy.met === 1);
    proxy.trouble = 'NONE';
    await bench.expectExact(id, [job], 1);
  });

  it('takes half of a bulk, then half of the rest: nothing is written twice or lost', async () => {
    const id = await bench.sluice.dataset({ n: 0 });
    proxy.trouble = 'HALF';
    const job = await bench.push(id, ...upTo(8).map((n) => ({ n })));
    await until('four bulks', () => proxy.met >= 4);
    proxy.trouble = 'NONE';
    await bench.expectExact(id, [job], 8);
  });

  const block = (index: string[], value: boolean | null) =>
    client.indices.putSettings({ index, settings: { 'index.blocks.read_only_allow_delete': value } });

  it('is blocked by a full disk: jobs wait, readiness names the index, and loads go on when it is released', async () => {
    const id = await bench.sluice.dataset({ n: 0 });
    const index = await indexOf(id);
    expect(await bench.problems()).toEqual([]);
    await block([index], true);
    const job = await bench.push(id, { n: 0 }, { n: 1 });
    await bench.waiting(job, /cluster_block_exception/);
    expect(await bench.problems()).toEqual([
      expect.stringMatching(new RegExp(`${index}.* is blocked by index.blocks.read_only_allow_delete: .* disk`)),
    ]);
    await until('another try', async () => (await bench.sluice.job(job)).attempts > 1);
    await block([index], null);
    await bench.expectExact(id, [job], 2, true);
  });

  it('is blocked for more datasets than a worker loads side by side: the others are loaded meanwhile', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, () => bench.sluice.dataset({ n: 0 })));
    const indices = await Promise.all(ids.map(indexOf));
    await block(indices, true);
    const jobs = await Promise.all(ids.map((id) => bench.push(id, { n: 0 })));
    await Promise.all(jobs.map((job) => bench.waiting(job, /cluster_block_exception/)));
    const free = await bench.sluice.dataset({ n: 0 });
    await bench.expectExact(free, [await bench.push(free, { n: 0 })], 1);
    for (const job of jobs) expect((await bench.sluice.job(job)).status).toBe('FILLING_ES');
    await Promise.all(jobs.map((job) => until('another try', async () => (await bench.sluice.job(job)).attempts > 1)));
    await block(indices, null);
    await Promise.all(ids.map((id, n) => bench.expectExact(id, [jobs[n] ?? ''], 1, true)));
  });

  it('refuses one row for good: its record is quarantined with the reason and counted failed, the others are loaded', async () => {
    const id = await bench.sluice.dataset({ n: 0, t: 'x' });
    proxy.trouble = 'REFUSING';
    const texts = ['fine', 'refuse me', 'fine'];
    const job = await bench.sluice.push(
      id,
      texts.map((t, n) => ({ n, t })),
    );
    expect(job).toMatchObject({
      status: 'COMPLETE',
      counts: { read: 3, added: 2, failed: 1, rows: 2 },
      quarantined: 1,
    });
    expect(job.errors.nodes).toMatchObject([{ recordIndex: 1, code: 'ROW_REFUSED' }]);
    expect(job.errors.nodes[0]?.message).toContain('a field cannot be parsed');
    expect((await bench.sluice.values(id, 'n')).map(({ n }) => n)).toEqual([0, 2]);
    const { dataset } = await bench.sluice.query(ReadDatasetDocument, { id });
    expect(dataset).toMatchObject({ recordCount: 2, rowCount: 2 });
  });

  it('has lost an alias: queries and jobs say so, and rebuildDataset brings the rows back', async () => {
    const id = await bench.sluice.dataset({ n: 0 });
    const first = await bench.push(id, ...upTo(3).map((n) => ({ n })));
    await bench.expectExact(id, [first], 3);
    const index = await indexOf(id);
    await client.indices.deleteAlias({ index, name: '*' });
    const job = await bench.push(id, { n: 3 });
    await bench.waiting(job, /index or alias of rows_.* is gone; rebuildDataset/);
    const { rebuildDataset } = await bench.sluice.query(RebuildDatasetDocument, { datasetId: id });
    expect((await bench.sluice.finalJob(rebuildDataset.id)).status).toBe('COMPLETE');
    expect((await bench.sluice.finalJob(job)).status).toBe('COMPLETE');
    expect((await bench.sluice.values(id, 'n')).map(({ n }) => n)).toEqual(upTo(4));
    await client.indices.delete({ index });
  });
});

describe('an Elasticsearch that is gone', () => {
  let server: ElasticsearchServer;
  let bench: Bench;
  beforeAll(async () => {
    server = await ElasticsearchServer.start(await elasticsearchDistribution());
    bench = new Bench(await startSluice({ ELASTICSEARCH_URL: server.url, SLUICE_MAX_BACKLOG_JOBS: '5' }));
  });
  afterAll(async () => {
    await bench.sluice.close();
    await server.close();
  });

  it('kill -9 in the middle of loads: pushes are accepted until the bound, and all are loaded when it is back', async () => {
    const id = await bench.sluice.dataset({ n: 0 });
    const jobs = [await bench.push(id, { n: 0 })];
    await bench.sluice.finalJob(jobs[0] ?? '');
    const loading = bench.push(id, ...upTo(2_000).map((n) => ({ n: n + 1 })));
    await server.end('SIGKILL');
    jobs.push(await loading);
    const last = await bench.push(id, { n: 2_001 });
    jobs.push(last);
    await bench.waiting(last, /Elasticsearch: /);
    expect(await bench.problems()).toEqual([expect.stringMatching(/^Elasticsearch: /)]);
    const { status, body } = await until('the bound', async () => {
      const answer = await bench.sluice.post(`/dataload/${id}`, [{ n: 2_002 + jobs.length - 3 }]);
      if (answer.status === 202) jobs.push(answer.body.jobId ?? '');
      return answer.status === 202 ? null : answer;
    });
    expect([status, body.code]).toEqual([429, 'BACK_PRESSURE']);
    await server.run();
    for (const job of jobs) expect((await bench.sluice.finalJob(job)).status).toBe('COMPLETE');
    const { dataset } = await bench.sluice.query(ReadDatasetDocument, { id });
    expect(dataset).toMatchObject({ recordCount: 1_999 + jobs.length, rowCount: 1_999 + jobs.length });
    expect(await bench.problems()).toEqual([]);
  });

  it('at the start: the service starts, says so, accepts pushes and loads them later', async () => {
    const id = await bench.sluice.dataset({ n: 0 });
    await server.end('SIGTERM');
    const { database } = bench.sluice;
    const other = new Bench(await startSluice({ ELASTICSEARCH_URL: server.url, MONGODB_URL: database.url }));
    try {
      expect(other.sluice.app.notices).toEqual([expect.stringMatching(/^Elasticsearch: .*; pushes are accepted/)]);
      const job = await other.push(id, { n: 0 });
      await server.run();
      await other.expectExact(id, [job], 1);
    } finally {
      await other.sluice.close();
    }
  });
});
