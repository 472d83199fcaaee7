import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PreviewDesignDocument } from '../generated/graphql.js';
import { Callers } from '../support/callers.js';
import { answering, type FakeGeocoder, fakeGeocoder, placeAt } from '../support/fake-geocoder.js';
import { type TestDatabase, testDatabase } from '../support/mongod.js';
import { OPERATIONS } from '../support/operations.js';
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
  let geocoder: FakeGeocoder;
  let sluice: Sluice;
  const start = (env: NodeJS.ProcessEnv = {}) =>
    startSluice({
      MONGODB_URL: database.url,
      SLUICE_JWT_SECRET: 'a secret of 32 characters or more',
      SLUICE_GEOCODER_URL: geocoder.url,
      SLUICE_GEOCODER_RATE: '1000',
      ...env,
    });
  beforeAll(async () => {
    database = await testDatabase();
    geocoder = await fakeGeocoder(answering(placeAt(1, 2)));
    sluice = await start();
  });
  afterAll(async () => {
    await sluice.close();
    await geocoder.close();
    await database.close();
  });

  const readsOf = async (work: () => Promise<unknown>) =>
    (await operationsOf(database.db, work)).filter(
      ({ collection, command }) => READING.some((name) => name in command) && !OF_THE_SERVICE.test(collection),
    );
  const withoutEnd = (reads: readonly NotedOperation[]) =>
    reads.filter(({ command }) => command.maxTimeMS !== 60_000).map(({ command }) => JSON.stringify(command));

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

  describe('for which a client waits', () => {
    let callers: Callers;
    let ids: { readonly dataset: string; readonly job: string; readonly orders: string };
    beforeAll(async () => {
      const dataset = await sluice.dataset({ n: 1 });
      const { id: job } = await sluice.push(dataset, [{ n: 1 }, { n: 'x' }]);
      ids = { dataset, job, orders: await ordersWithLookup() };
      const made = await Callers.create(sluice);
      await sluice.close();
      // Nobody loads what is pushed here, so that all that is read is read for clients.
      sluice = await start({ SLUICE_ROLE: 'api' });
      callers = made.at(sluice);
    });

    /** Orders that look up the names of their customers, and place their cities. */
    async function ordersWithLookup(): Promise<string> {
      const customers = await sluice.dataset({ id: 1, name: 'x' });
      await sluice.edit(customers, { columns: [{ id: 'id', uniqueIdentifier: true }] });
      await sluice.apply(customers);
      await sluice.push(customers, [{ id: 1, name: 'Ada' }]);
      const orders = await sluice.dataset({ customer: 1, city: 'x' });
      const lookup = { dataset: customers, by: [{ identifier: 'id', column: 'customer' }], take: 'name' };
      const named = { id: 'n', name: 'n', output: { create: 'name' }, step: { lookup } };
      const placed = { id: 'place', name: 'place', address: { city: 'city' } };
      await sluice.edit(orders, { transformations: [named], geolocations: [placed] });
      return orders;
    }

    it('end after a minute, whatever it reads', async () => {
      const { dataset, job } = ids;
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

    it('end after a minute in every operation of both interfaces', async () => {
      const reads = await readsOf(async () => {
        for (const { allowed, send } of Object.values(OPERATIONS)) await send(callers, allowed[0] ?? 'manage');
      });
      expect(reads.length).toBeGreaterThan(Object.keys(OPERATIONS).length);
      expect(withoutEnd(reads)).toEqual([]);
    });

    it('end after a minute in a preview, which looks up records of other datasets and known addresses', async () => {
      const reads = await readsOf(async () => {
        const data = [{ customer: 1, city: 'Kyiv' }];
        const { previewDesign } = await sluice.query(PreviewDesignDocument, { datasetId: ids.orders, data });
        const found = { name: 'Ada', place: { lat: 1, lon: 2 } };
        expect(previewDesign.records[0]?.rows).toEqual([expect.objectContaining(found)]);
      });
      expect(reads.map(({ collection }) => collection)).toContain('addresses');
      expect(withoutEnd(reads)).toEqual([]);
    });
  });
});
