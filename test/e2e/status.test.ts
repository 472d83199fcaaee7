import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ListJobsDocument, ReadDatasetDocument } from '../generated/graphql.js';
import { type Sluice, startSluice } from '../support/sluice.js';
import { LOADED, REFUSED } from '../support/statuses.js';
import { allEvents, watch } from '../support/watch.js';

describe('status', () => {
  let sluice: Sluice;
  let datasetId: string;
  beforeAll(async () => {
    sluice = await startSluice();
    datasetId = await sluice.dataset({ n: 1 });
  });
  afterAll(() => sluice.close());

  async function accepted(records: unknown, dataset = datasetId): Promise<string> {
    const { body } = await sluice.post(`/dataload/${dataset}`, records);
    return body.jobId ?? '';
  }

  it('has the shape of the original over REST', async () => {
    const { dataset } = await sluice.query(ReadDatasetDocument, { id: datasetId });
    expect(dataset?.status).toBe('ACTIVE');
    const job = await sluice.push(datasetId, [{ n: 1 }, { n: 2 }]);
    const { status, body } = await sluice.request(`/dataload/${job.id}/status`);
    expect(status).toBe(200);
    const [connectionId] = Object.keys(
      (body.jobCompletionStatistics as { dataSourcePumpStatistics: object }).dataSourcePumpStatistics,
    );
    expect(body).toEqual({
      statusJob: {
        jobId: job.id,
        status: 'Complete',
        approximatePercentComplete: 100,
        runtime: expect.stringMatching(/^0h 0m \ds$/),
      },
      jobCompletionStatistics: {
        dataSourcePumpStatistics: {
          [String(connectionId)]: { failed: 0, pumpTimeSeconds: expect.any(Number), read: 2, successful: 2 },
        },
        fillingEsStatistics: { added: 2, deleted: 0, failed: 0, updated: 0 },
        failed: 0,
        successful: 2,
        updated: 0,
        health: {},
      },
    });
    const bad = await sluice.push(datasetId, [{ n: 'x' }, { n: 1 }]);
    const refused = await sluice.request(`/dataload/${bad.id}/status`);
    expect(refused.body).toMatchObject({
      statusJob: { status: 'ErrorExit', approximatePercentComplete: 100 },
      jobCompletionStatistics: { failed: 2, successful: 0, fillingEsStatistics: { added: 0, failed: 2 } },
    });
    expect((await sluice.request('/dataload/nothing/status')).body.code).toBe('NOT_FOUND');
  });

  it('streams every change of a job in order, and ends after the final one', async () => {
    const seen = await allEvents(watch(sluice.socket(), { jobId: await accepted([{ n: 1 }]) }));
    const statuses = seen.map(({ status }) => status);
    expect(statuses).toEqual(LOADED.slice(-statuses.length));
    expect(seen.at(-1)).toMatchObject({ status: 'COMPLETE', percentComplete: 100, counts: { read: 1, added: 1 } });
    const percents = seen.map((event) => event.percentComplete);
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
  });

  it('starts with the current status; for a final job it has only that', async () => {
    const { id: jobId } = await sluice.push(datasetId, [{ n: 'x' }]);
    const seen = await allEvents(watch(sluice.socket(), { jobId }));
    expect(seen).toMatchObject([{ status: 'ERROR_EXIT', counts: { read: 1, failed: 1 } }]);
  });

  it('resumes after the last event that a client has seen', async () => {
    const { id: jobId } = await sluice.push(datasetId, [{ n: 1 }]);
    const [initializing] = await allEvents(watch(sluice.socket(), { jobId, after: `${jobId}:0` }));
    expect(initializing?.status).toBe('QUERYING_DATASOURCES');
    const rest = await allEvents(watch(sluice.socket(), { jobId, after: `${jobId}:3` }));
    expect(rest.map(({ status }) => status)).toEqual(LOADED.slice(4));
    expect(rest.map((event) => event.id)).toEqual([`${jobId}:4`, `${jobId}:5`, `${jobId}:6`]);
  });

  it('streams all jobs of a dataset with every status of each', async () => {
    const own = await sluice.dataset({ n: 1 });
    const first = await sluice.push(own, [{ n: 0 }]);
    const stream = watch(sluice.socket(), { datasetId: own });
    // The stream is open once its first event is there: the current status of the last job.
    expect((await stream.next()).value).toMatchObject({ job: { id: first.id }, status: 'COMPLETE' });
    const history = new Map<string, string[]>();
    const pushed = (async () => {
      const jobs = [];
      for (let n = 1; n <= 20; n += 1) jobs.push(await accepted([{ n: n % 4 === 0 ? 'x' : n }], own));
      return jobs;
    })();
    let final = 0;
    for await (const { job, status } of stream) {
      history.set(job.id, [...(history.get(job.id) ?? []), status]);
      if (status === 'COMPLETE' || status === 'ERROR_EXIT') final += 1;
      if (final === 20) break;
    }
    for (const [index, jobId] of (await pushed).entries()) {
      expect(history.get(jobId)).toEqual((index + 1) % 4 === 0 ? REFUSED : LOADED);
    }
  });

  it('resumes a dataset stream without losing an event', async () => {
    const own = await sluice.dataset({ n: 1 });
    const before = await sluice.push(own, [{ n: 1 }]);
    const jobs = [];
    for (let n = 0; n < 5; n += 1) jobs.push((await sluice.push(own, [{ n }])).id);
    const seen: string[] = [];
    for await (const event of watch(sluice.socket(), { datasetId: own, after: `${before.id}:6` })) {
      if (event.job.id !== before.id) seen.push(event.id);
      if (event.id === `${jobs.at(-1)}:6`) break;
    }
    expect(seen).toEqual(jobs.flatMap((job) => LOADED.map((_, place) => `${job}:${place}`)));
  });

  it('lists jobs by status, newest first, in pages', async () => {
    const own = await sluice.dataset({ n: 1 });
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.unshift((await sluice.push(own, [{ n: n === 2 ? 'x' : n }])).id);
    const page = await sluice.query(ListJobsDocument, { datasetId: own, first: 3 });
    expect(page.jobs).toMatchObject({ totalCount: 5, pageInfo: { hasNextPage: true } });
    const next = await sluice.query(ListJobsDocument, { datasetId: own, after: page.jobs.pageInfo.endCursor });
    expect([...page.jobs.nodes, ...next.jobs.nodes].map((job) => job.id)).toEqual(ids);
    const refused = await sluice.query(ListJobsDocument, { datasetId: own, status: ['ERROR_EXIT'] });
    expect(refused.jobs).toMatchObject({ totalCount: 1, nodes: [{ id: ids[2], status: 'ERROR_EXIT' }] });
  });

  it.each([
    ['an unknown job', { jobId: 'nothing' }, 'NOT_FOUND'],
    ['an unknown dataset', { datasetId: 'nothing' }, 'NOT_FOUND'],
    ['nothing to watch', {}, 'BAD_REQUEST'],
    ['an invalid event', { datasetId: 'own', after: 'x' }, 'BAD_REQUEST'],
  ])('refuses %s with an error message', async (_name, variables, code) => {
    const own = 'datasetId' in variables && variables.datasetId === 'own' ? { ...variables, datasetId } : variables;
    const client = sluice.socket();
    await expect(allEvents(watch(client, own))).rejects.toMatchObject([{ extensions: { code } }]);
    expect((await allEvents(watch(client, { jobId: await accepted([{ n: 1 }]) }))).at(-1)?.status).toBe('COMPLETE');
  });
});
