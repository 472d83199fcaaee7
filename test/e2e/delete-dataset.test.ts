import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { print } from 'graphql';
import { mongoAuditLog } from '../../src/adapters/mongodb/audit-log.js';
import { collectionsOf } from '../../src/adapters/mongodb/collections.js';
import { mongoGenerations } from '../../src/adapters/mongodb/generations.js';
import { mongoPurge } from '../../src/adapters/mongodb/purge.js';
import { mongoPushLog } from '../../src/adapters/mongodb/push-log.js';
import { upkeepRound } from '../../src/pipeline/upkeep.js';
import {
  CreateDatasetDocument,
  DeleteConnectionDocument,
  DeleteDatasetDocument,
  ReadDatasetDocument,
  WatchJobsDocument,
} from '../generated/graphql.js';
import { acceptedPush, appended } from '../support/accepted-push.js';
import { holdLane } from '../support/held-lanes.js';
import { type Sluice, startSluice } from '../support/sluice.js';
import { LOADED } from '../support/statuses.js';
import { allEvents, watch } from '../support/watch.js';

describe('deleting a dataset', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice();
  });
  afterAll(() => sluice.close());

  /** What upkeep does when so much time has passed. */
  async function passTime(milliseconds: number): Promise<void> {
    const { db, records } = sluice.database;
    const collections = collectionsOf(db);
    await upkeepRound({
      generations: mongoGenerations(collections),
      records,
      purge: mongoPurge(collections),
      auditLog: mongoAuditLog(collections),
      clock: { now: () => new Date(Date.now() + milliseconds), monotonicMs: () => 0 },
      reportError: (error) => {
        throw error;
      },
    });
  }

  it('hides it, ends its jobs, and purges everything but its entries in the audit log', async () => {
    const input = { name: 'doomed', sample: { n: 1 }, apply: true, mismatchPolicy: 'QUARANTINE' as const };
    const { id, connection } = (await sluice.query(CreateDatasetDocument, { input })).createDataset;
    const done = await sluice.push(id, [{ n: 1 }, { n: 'x' }]);
    await holdLane(sluice, id);
    const { body } = await sluice.post(`/dataload/${id}`, { n: 2 });
    const stream = sluice.socket().iterate({ query: print(WatchJobsDocument), variables: { jobId: body.jobId } });
    expect((await stream.next()).value).toMatchObject({ data: { jobStatusChanged: { status: 'INITIALIZING' } } });

    expect((await sluice.query(DeleteDatasetDocument, { id })).deleteDataset).toBe(id);
    expect((await stream.next()).value).toMatchObject({ data: { jobStatusChanged: { status: 'TERMINATED_EXIT' } } });
    expect((await stream.next()).done).toBe(true);
    expect((await sluice.request(`/dataload/${body.jobId}/status`)).body).toMatchObject({
      statusJob: { status: 'TerminatedExit' },
    });
    expect((await sluice.finalJob(done.id)).status).toBe('COMPLETE');
    expect((await sluice.query(ReadDatasetDocument, { id })).dataset).toBeNull();
    expect((await sluice.post(`/dataload/${id}`, { n: 3 })).status).toBe(404);
    expect((await sluice.execute(DeleteDatasetDocument, { id })).errors?.[0]?.extensions?.code).toBe('NOT_FOUND');
    await sluice.query(DeleteConnectionDocument, { id: connection.id });

    await passTime(61_000);
    expect((await sluice.request(`/dataload/${body.jobId}/status`)).status).toBe(404);
    const left: string[] = [];
    for (const { name } of await sluice.database.db.listCollections().toArray()) {
      const documents = await sluice.database.db.collection(name).find().toArray();
      if (JSON.stringify([name, documents]).includes(id)) left.push(name);
      if (documents.some(({ _id }) => String(_id).startsWith(`${body.jobId}/`))) left.push(`${name}: payload`);
    }
    expect(left.filter((name) => !name.startsWith('agenda'))).toEqual(['audit']);
  });

  it('ends the job of a push that a process accepts before it knows of the deletion', async () => {
    const id = await sluice.dataset({ n: 1 });
    await sluice.query(DeleteDatasetDocument, { id });
    const late = await appended(mongoPushLog(collectionsOf(sluice.database.db)), acceptedPush(id));
    expect(await sluice.finalJob(late.id)).toMatchObject({ status: 'TERMINATED_EXIT' });
  });

  it('completes its subscriptions once they have sent the end of each of its jobs', async () => {
    const [id, other] = [await sluice.dataset({ n: 1 }), await sluice.dataset({ n: 1 })];
    const done = await sluice.push(id, [{ n: 1 }]);
    const idle = watch(sluice.socket(), { datasetId: id });
    expect((await idle.next()).value).toMatchObject({ status: 'COMPLETE' });
    await holdLane(sluice, id);
    const open = [await sluice.post(`/dataload/${id}`, { n: 2 }), await sluice.post(`/dataload/${id}`, { n: 3 })];
    const resumed = watch(sluice.socket(), { datasetId: id, after: `${done.id}:${LOADED.length - 1}` });
    expect((await resumed.next()).value).toMatchObject({ status: 'INITIALIZING' });
    const elsewhere = watch(sluice.socket(), { datasetId: other });
    const next = elsewhere.next();

    await sluice.query(DeleteDatasetDocument, { id });
    const ends = open.map(({ body }) => [body.jobId, 'TERMINATED_EXIT']);
    for (const seen of [await allEvents(idle), await allEvents(resumed)]) {
      const final = seen.filter(({ status }) => status === 'TERMINATED_EXIT');
      expect(final.map(({ job, status }) => [job.id, status])).toEqual(ends);
    }
    await sluice.push(other, { n: 1 });
    expect((await next).value).toMatchObject({ status: 'INITIALIZING' });
    await elsewhere.return(undefined);
  });
});
