import { Client } from '@elastic/elasticsearch';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { DeleteDataDocument, ReadDatasetDocument, ReadRecordsDocument } from '../generated/graphql.js';
import { elasticsearchDistribution } from '../support/elasticsearch/distribution.js';
import { ElasticsearchServer } from '../support/elasticsearch/server.js';
import { TroubleBench, upTo } from '../support/elasticsearch/trouble-bench.js';
import { type Trouble, type TroubledProxy, troubledProxy } from '../support/elasticsearch/troubled-proxy.js';
import { startSluice } from '../support/sluice.js';
import { until } from '../support/until.js';

jest.setTimeout(180_000);

/** How long a service may take to stop: ten seconds, and more on a busy machine. */
const GRACE_MS = 15_000;

describe('an Elasticsearch in trouble', () => {
  let proxy: TroubledProxy;
  let bench: TroubleBench;
  let client: Client;
  beforeAll(async () => {
    const url = process.env.ELASTICSEARCH_URL ?? '';
    client = new Client({ node: url });
    proxy = await troubledProxy(url);
    bench = new TroubleBench(await startSluice({ ELASTICSEARCH_URL: proxy.url }));
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

  it('responds later than a lease lasts: the lane stays with its worker', async () => {
    const id = await bench.sluice.dataset({ n: 0 });
    proxy.trouble = 'SLOW';
    const job = await bench.push(id, { n: 0 });
    await until('the slow bulk', () => proxy.met === 1);
    proxy.trouble = 'NONE';
    await bench.expectExact(id, [job], 1);
  });

  it('never responds to a request: the job says so within five seconds, and continues once that is over', async () => {
    const id = await bench.sluice.dataset({ n: 0 });
    proxy.trouble = 'SILENT';
    const job = await bench.push(id, { n: 0 });
    await until('the bulk', () => proxy.met === 1);
    const begun = performance.now();
    await bench.waiting(job, /^Elasticsearch: no response to a request for more than 3 s \(since /);
    expect(performance.now() - begun).toBeLessThan(5_000);
    proxy.trouble = 'NONE';
    proxy.release();
    await bench.expectExact(id, [job], 1);
  });

  it('never responds: a service that stops does not wait for it, and the next one continues immediately', async () => {
    const first = await startSluice({ ELASTICSEARCH_URL: proxy.url });
    const id = await first.dataset({ n: 0 });
    proxy.trouble = 'SILENT';
    const job = await new TroubleBench(first).push(id, { n: 0 });
    await until('the bulk', () => proxy.met === 1);
    const before = performance.now();
    await first.app.close();
    expect(performance.now() - before).toBeLessThan(GRACE_MS);
    proxy.trouble = 'NONE';
    const next = await startSluice({ ELASTICSEARCH_URL: proxy.url, MONGODB_URL: first.database.url });
    await new TroubleBench(next).expectExact(id, [job], 1, true);
    await next.close();
    await first.database.close();
  });

  it('accepts half of a bulk, then half of the rest: nothing is written twice or lost', async () => {
    const id = await bench.sluice.dataset({ n: 0 });
    proxy.trouble = 'HALF';
    const job = await bench.push(id, ...upTo(8).map((n) => ({ n })));
    await until('four bulks', () => proxy.met >= 4);
    proxy.trouble = 'NONE';
    await bench.expectExact(id, [job], 8);
  });

  it('permanently refuses one row: its record goes to quarantine with the reason and counts as failed, and the others are loaded', async () => {
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
});

describe('an Elasticsearch that is down, or that others have set up', () => {
  let server: ElasticsearchServer;
  let bench: TroubleBench;
  beforeAll(async () => {
    server = await ElasticsearchServer.start(await elasticsearchDistribution(), { isBrief: true });
    bench = new TroubleBench(await startSluice({ ELASTICSEARCH_URL: server.url, SLUICE_MAX_BACKLOG_JOBS: '5' }));
  });
  afterAll(async () => {
    await bench.sluice.close();
    await server.close();
  });

  it('is killed in the middle of loads: pushes are accepted up to the limit, and all are loaded when it is back', async () => {
    const id = await bench.sluice.dataset({ n: 0 });
    const jobs = [await bench.push(id, { n: 0 })];
    await bench.sluice.finalJob(jobs[0] ?? '');
    const loading = bench.push(id, ...upTo(2_000).map((n) => ({ n: n + 1 })));
    await server.end('SIGKILL');
    jobs.push(await loading);
    const last = await bench.push(id, { n: 2_001 });
    jobs.push(last);
    await bench.waiting(last, /Elasticsearch: /);
    expect(await bench.problems()).toContainEqual(expect.stringMatching(/^Elasticsearch: /));
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

  const cluster = (settings: Record<string, unknown>) =>
    fetch(`${server.url}/_cluster/settings`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ persistent: settings }),
    });

  it('is blocked as a whole: jobs and readiness name the block, and loads continue when it is released', async () => {
    const id = await bench.sluice.dataset({ n: 0 });
    await cluster({ 'cluster.blocks.read_only': true });
    const job = await bench.push(id, { n: 0 });
    await bench.waiting(job, /cluster read-only \(api\).*cluster_block_exception/);
    expect(await bench.problems()).toContain('Elasticsearch: the whole cluster is blocked: cluster read-only (api)');
    await cluster({ 'cluster.blocks.read_only': null });
    await bench.expectExact(id, [job], 1, true);
    expect(await bench.problems()).toEqual([]);
  });

  it('allows no expensive queries: deletes by filter wait, the setting is named there, in queries and in readiness, and nothing is refused', async () => {
    const id = await bench.sluice.dataset({ n: 0, t: 'a' });
    await bench.sluice.push(id, [
      { n: 0, t: 'a text' },
      { n: 1, t: 'another' },
    ]);
    await cluster({ 'search.allow_expensive_queries': false });
    const where = { column: 't', op: 'CONTAINS' as const, value: 'other' };
    const { deleteData } = await bench.sluice.query(DeleteDataDocument, { input: { datasetId: id, where } });
    await bench.waiting(deleteData.id, /setting search\.allow_expensive_queries is false/);
    const { errors } = await bench.sluice.execute(ReadRecordsDocument, { id, where });
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining('search.allow_expensive_queries is false'),
      extensions: { code: 'STORE_UNAVAILABLE' },
    });
    expect(await bench.problems()).toContainEqual(expect.stringContaining('search.allow_expensive_queries is false'));
    await cluster({ 'search.allow_expensive_queries': null });
    expect(await bench.sluice.finalJob(deleteData.id)).toMatchObject({ status: 'COMPLETE', counts: { deleted: 1 } });
    await bench.expectExact(id, [], 1);
  });

  it('has as many shards as it allows: no dataset can be applied, and the error says why; those that are there are loaded', async () => {
    const id = await bench.sluice.dataset({ n: 0 });
    await cluster({ 'cluster.max_shards_per_node': 1 });
    await expect(bench.sluice.dataset({ n: 0 })).rejects.toThrow(/maximum normal shards open.*validation_exception/);
    await bench.expectExact(id, [await bench.push(id, { n: 0 })], 1);
    await cluster({ 'cluster.max_shards_per_node': null });
    const other = await bench.sluice.dataset({ n: 0 });
    await bench.expectExact(other, [await bench.push(other, { n: 0 })], 1);
  });

  it('cannot be reached at the start: the service starts, says so, accepts pushes and loads them later', async () => {
    const id = await bench.sluice.dataset({ n: 0 });
    await server.end('SIGTERM');
    const { database } = bench.sluice;
    const other = new TroubleBench(await startSluice({ ELASTICSEARCH_URL: server.url, MONGODB_URL: database.url }));
    try {
      expect(other.sluice.app.notices).toContainEqual(expect.stringMatching(/^Elasticsearch: .*; pushes are accepted/));
      const job = await other.push(id, { n: 0 });
      await server.run();
      await other.expectExact(id, [job], 1);
    } finally {
      await other.sluice.close();
    }
  });
});
