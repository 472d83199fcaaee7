import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../support/mongod.js';
import { type NotedOperation, operationsOf } from '../support/query-plans.js';
import { API_KEY, type Sluice, startSluice } from '../support/sluice.js';

/** Everything that a client can read. */
const READS = `query ($dataset: ID!, $job: ID!) {
  apiKeys { nodes { id } totalCount }
  auditLog { nodes { id } totalCount }
  refusals { nodes { id } totalCount }
  connections(search: "a") { nodes { id datasets { nodes { id } totalCount } } totalCount }
  datasets(status: [ACTIVE], search: "a") { nodes { id } totalCount }
  jobs { nodes { id waitingFor errors { nodes { code } totalCount } errorSummary { code } } totalCount }
  pushUrls(datasetId: $dataset) { nodes { id } totalCount }
  job(id: $job) { id dataset { id } }
  dataset(id: $dataset) {
    recordCount rowCount lastJob { id } trial { id } changes { __typename } design { faults { message } }
    quarantine { nodes { id } totalCount }
    records(where: {column: "n", op: GT, value: 0}, orderBy: {column: "n"}) { nodes { id values } totalCount }
    pushInstructions { postDataUrl }
    jobs { nodes { id } totalCount }
  }
}`;
const READING = ['find', 'aggregate', 'count', 'distinct'];
/** What the service reads by itself, at any time. */
const OF_THE_SERVICE = /^(workers|rate_uses|agenda.*|jobs_agenda|audit_announcements)$/;

describe('queries of MongoDB', () => {
  let database: TestDatabase;
  let sluice: Sluice;
  beforeAll(async () => {
    database = await testDatabase();
    sluice = await startSluice({ MONGODB_URL: database.url });
  });
  afterAll(async () => {
    await sluice.close();
    await database.close();
  });

  const readsOf = async (work: () => Promise<unknown>) =>
    (await operationsOf(database.db, work)).filter(
      ({ collection, command }) => READING.some((name) => name in command) && !OF_THE_SERVICE.test(collection),
    );
  const withoutEnd = (reads: readonly NotedOperation[]) =>
    reads.filter(({ command }) => command.maxTimeMS !== 60_000).map(({ command }) => JSON.stringify(command));

  it('end after a minute if a client waits for them', async () => {
    const dataset = await sluice.dataset({ n: 1 });
    const { id: job } = await sluice.push(dataset, [{ n: 1 }, { n: 'x' }]);
    const reads = await readsOf(async () => {
      const { body } = await sluice.post('/graphql', { query: READS, variables: { dataset, job } });
      expect(body).toMatchObject({ data: { dataset: { recordCount: expect.any(Number) } } });
      expect(body).not.toHaveProperty('errors');
      for (const path of [`/dataload/${job}/status`, `/dataload/${job}/errors`]) {
        await sluice.request(path, { headers: { 'x-api-key': API_KEY } });
      }
    });
    expect(reads.length).toBeGreaterThan(20);
    expect(withoutEnd(reads)).toEqual([]);
  });

  it('take their time in loads', async () => {
    const dataset = await sluice.dataset({ n: 1 });
    const reads = await readsOf(() => sluice.push(dataset, [{ n: 1 }]));
    const ofLoads = reads.filter(({ command }) => command.maxTimeMS === undefined);
    expect(ofLoads.map(({ collection }) => collection)).toEqual(expect.arrayContaining(['jobs', 'samples']));
  });

  it('read a design once, for clients and for loads', async () => {
    const reads = await readsOf(async () => {
      const dataset = await sluice.dataset({ n: 1 });
      await sluice.push(dataset, [{ n: 1 }]);
      await sluice.post('/graphql', { query: `{ dataset(id: "${dataset}") { design { revision } } }` });
    });
    expect(reads.filter(({ collection }) => collection === 'designs')).toHaveLength(1);
  });
});
