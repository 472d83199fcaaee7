import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { testDatabase } from '../../../test/support/mongod.js';
import { DEFAULT_RULES } from '../../domain/design/design.js';
import { countsOfRefused, type JobOutcome, NO_COUNTS, NO_ERRORS, NO_FAULTS } from '../../domain/job/job.js';
import { type Group, type Lease, LeaseLostError } from '../../ports/lane.js';
import { type Collections, collectionsOf } from './collections.js';
import { mongoConnections } from './connections.js';
import { mongoDatasets } from './datasets.js';
import { createIndexes } from './indexes.js';
import { mongoJobLedger } from './job-ledger.js';
import { mongoLanes } from './lanes.js';
import { mongoPushLog } from './push-log.js';
import { mongoTerminations } from './terminations.js';

const BOUNDS = {
  maxJobs: 10,
  maxRecords: 100_000,
  maxBytes: 1_000,
  splitAfter: 2,
  setApart: { after: 3, restMs: 60_000 },
};
const LEASE_MS = 60_000;

describe('lanes on MongoDB', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let collections: Collections;
  let lanes: ReturnType<typeof mongoLanes>;
  let ledger: ReturnType<typeof mongoJobLedger>;
  beforeAll(async () => {
    database = await testDatabase();
    collections = collectionsOf(database.db);
    await createIndexes(collections);
    lanes = mongoLanes(database.client, collections);
    ledger = mongoJobLedger(collections, { absence: async () => null });
  });
  afterAll(() => database.close());

  async function newLane(): Promise<string> {
    const [connectionId, id] = [uuidV7(), uuidV7()];
    const createdAt = new Date();
    const name = 'lane';
    const sample = { sample: '{"a":1}', sampleVersion: 1, fields: [] };
    const connection = { id: connectionId, name, type: 'PUSH_API' as const, ...sample };
    await mongoConnections(database.client, collections).insertConnection({
      ...connection,
      createdAt,
      updatedAt: createdAt,
    });
    const datasets = mongoDatasets(database.client, collections);
    const pointers = {
      draftRevision: 1,
      appliedRevision: null,
      generation: null,
      recordCount: 0,
      rowCount: 0,
      settled: { position: 0, bytes: 0 },
    };
    await datasets.insertDataset(
      { id, name, connectionId, status: 'DRAFT', ...pointers, createdAt },
      {
        datasetId: id,
        revision: 1,
        connectionId,
        sampleVersion: 1,
        columns: [],
        transformations: [],
        lastKey: 0,
        ...DEFAULT_RULES,
      },
    );
    await datasets.applyFirst(id, 1, `rows_${id}_1`);
    return id;
  }

  async function push(datasetId: string, bytes = 10): Promise<string> {
    const id = uuidV7();
    const accepted = { id, datasetId, kind: 'PUSH' as const, method: 'REPLACE' as const, form: 'RECORDS' as const };
    const rest = {
      payload: Buffer.alloc(bytes, ' '),
      recordCount: 1,
      acceptedAt: new Date(),
      requestedBy: 'test',
      finalBefore: 0,
      idempotency: null,
      bound: { position: 1e9, bytes: 1e12 },
    };
    await mongoPushLog(collections).append({ ...accepted, ...rest });
    return id;
  }

  async function held(datasetId: string, owner = 'one'): Promise<Lease> {
    const lease = await lanes.acquire(datasetId, owner, LEASE_MS);
    if (!lease) throw new Error('the lane is taken');
    return lease;
  }

  async function nextGroup(lease: Lease): Promise<Group> {
    const taken = await lanes.nextGroup(lease, BOUNDS, new Date());
    if (!taken) throw new Error('no job waits');
    return taken.group;
  }

  async function commit(lease: Lease, group: Group, outcomes: readonly JobOutcome[] = []): Promise<Group> {
    const committed = await lanes.commit(lease, group, outcomes, new Date());
    if (committed.kind !== 'COMMITTED') throw new Error('a job has been terminated');
    return committed.group;
  }

  it('gives a lane to one owner at a time, with a token that grows', async () => {
    const id = await newLane();
    const first = await held(id);
    expect(await lanes.acquire(id, 'two', LEASE_MS)).toBeNull();
    await lanes.release(first);
    const second = await held(id, 'two');
    expect(second.runToken).toBeGreaterThan(first.runToken);
    await expect(lanes.renew(first, LEASE_MS)).rejects.toThrow(LeaseLostError);
  });

  it('does not renew a lease that has been released', async () => {
    const id = await newLane();
    const first = await held(id);
    await lanes.release(first);
    await expect(lanes.renew(first, LEASE_MS)).rejects.toThrow(LeaseLostError);
    expect(await lanes.acquire(id, 'two', LEASE_MS)).not.toBeNull();
  });

  it('gives a lane away when its lease has run out', async () => {
    const id = await newLane();
    const first = await lanes.acquire(id, 'one', -1);
    expect(first).not.toBeNull();
    expect(await lanes.acquire(id, 'two', LEASE_MS)).not.toBeNull();
  });

  it('shows whether the owner before has not released the lane, until one has', async () => {
    const id = await newLane();
    const shown: boolean[] = [];
    const take = async (leaseMs: number) => {
      const lease = await lanes.acquire(id, 'one', leaseMs);
      if (lease) shown.push(lease.wasInterrupted);
      return lease;
    };
    await take(-1);
    await take(-1);
    await lanes.freeAll();
    const third = await take(LEASE_MS);
    if (third) await lanes.release(third);
    const fourth = await take(LEASE_MS);
    if (fourth) await lanes.release(fourth, 0, true);
    await take(LEASE_MS);
    expect(shown).toEqual([false, true, true, false, true]);
  });

  it('counts an interruption for one group only', async () => {
    const id = await newLane();
    await push(id);
    await lanes.acquire(id, 'one', -1);
    const lease = await held(id);
    const first = await commit(lease, await nextGroup(lease));
    const after = await lanes.complete(lease, first, {}, new Date());
    await push(id);
    expect([first.interruptions, after.wasInterrupted, (await nextGroup(after)).interruptions]).toEqual([1, false, 0]);
  });

  it('puts off only what the caller can store later, and nothing after an interruption', async () => {
    const id = await newLane();
    await push(id);
    const lease = await held(id);
    const stored = () => collections.groups.countDocuments({ datasetId: id });
    const one = await lanes.nextGroup(
      lease,
      BOUNDS,
      new Date(),
      (group, jobs) => group.first === 1 && jobs.length === 1,
    );
    expect([one?.isStored, one?.hasAll, await stored()]).toEqual([false, true, 0]);
    const again = await lanes.nextGroup(lease, BOUNDS, new Date(), () => false);
    expect([again?.isStored, again?.group.interruptions, await stored()]).toEqual([true, 0, 1]);

    const other = await newLane();
    await push(other);
    await lanes.acquire(other, 'one', -1);
    const after = await lanes.nextGroup(await held(other), BOUNDS, new Date(), () => true);
    expect([after?.isStored, after?.group.interruptions]).toEqual([true, 1]);
  });

  it('stores no group of a lane that another owner has', async () => {
    const id = await newLane();
    await push(id);
    const lost = await lanes.acquire(id, 'one', -1);
    const taken = lost && (await lanes.nextGroup(lost, BOUNDS, new Date(), () => true));
    await held(id, 'two');
    if (!lost || !taken) throw new Error('no group was taken');
    await expect(lanes.storeGroup(lost, taken.group)).rejects.toThrow(LeaseLostError);
  });

  it('gives no lane to a dataset that was never applied', async () => {
    expect(await lanes.acquire(uuidV7(), 'one', LEASE_MS)).toBeNull();
  });

  it('takes as many waiting jobs as the bounds allow, and a large one alone', async () => {
    const id = await newLane();
    for (const bytes of [400, 400, 400, 5_000, 10]) await push(id, bytes);
    let lease = await held(id);
    const groups: number[][] = [];
    for (let taken = await lanes.nextGroup(lease, BOUNDS, new Date()); taken; ) {
      groups.push([taken.group.first, taken.group.last]);
      const committed = await commit(lease, taken.group);
      lease = await lanes.complete(lease, committed, {}, new Date());
      taken = await lanes.nextGroup(lease, BOUNDS, new Date());
    }
    expect(groups).toEqual([
      [1, 2],
      [3, 3],
      [4, 4],
      [5, 5],
    ]);
  });

  it('takes jobs together up to a number of records', async () => {
    const id = await newLane();
    for (let n = 0; n < 5; n += 1) await push(id);
    const taken = await lanes.nextGroup(await held(id), { ...BOUNDS, maxRecords: 3 }, new Date());
    expect(taken).toMatchObject({ group: { first: 1, last: 3 }, isStored: true, hasAll: false });
  });

  it('leaves the same group to the next owner, and raises its attempts', async () => {
    const id = await newLane();
    await push(id);
    const first = await held(id);
    const group = await nextGroup(first);
    await push(id);
    await lanes.release(first);
    const again = await nextGroup(await held(id, 'two'));
    expect(again).toMatchObject({ id: group.id, first: 1, last: 1, attempts: 2 });
    expect(again.transitions.map(({ status }) => status)).toEqual(['QUERYING_DATASOURCES']);
  });

  it('refuses every write of an owner that lost the lane', async () => {
    const id = await newLane();
    await push(id);
    const old = await held(id);
    const group = await nextGroup(old);
    await lanes.release(old);
    const current = await held(id, 'two');
    const now = new Date();
    await nextGroup(current);
    await expect(lanes.recordTransitions(old, group)).rejects.toThrow(LeaseLostError);
    await expect(lanes.commit(old, group, [], now)).rejects.toThrow(LeaseLostError);
    await expect(lanes.complete(old, { ...group, loaded: [] }, {}, now)).rejects.toThrow(LeaseLostError);
    await expect(lanes.nextGroup(old, BOUNDS, now)).rejects.toThrow(LeaseLostError);
    await expect(lanes.release(old)).rejects.toThrow(LeaseLostError);
    expect((await collections.jobs.findOne({ datasetId: id }))?.open).toBe(true);
  });

  it('takes no group when a lost primary had given the token, and the next one gave it to another owner', async () => {
    const id = await newLane();
    await push(id);
    const lease = await held(id);
    await collections.datasets.updateOne({ _id: id }, { $set: { 'lane.owner': 'another' } });
    await expect(lanes.nextGroup(lease, BOUNDS, new Date())).rejects.toThrow(LeaseLostError);
    await expect(lanes.renew(lease, LEASE_MS)).rejects.toThrow(LeaseLostError);
    await expect(lanes.release(lease)).rejects.toThrow(LeaseLostError);
    expect(await collections.groups.countDocuments({ datasetId: id })).toBe(0);
  });

  it('makes a token durable before it carries a group that an earlier run left', async () => {
    const id = await newLane();
    await push(id);
    const [first, { datasets }] = [await held(id), collections];
    await nextGroup(first);
    await lanes.release(first);
    const written: unknown[] = [];
    const noted = Object.create(datasets, {
      updateOne: {
        value: (...args: Parameters<typeof datasets.updateOne>) => {
          written.push(args[2]?.writeConcern ?? 'of the connection');
          return datasets.updateOne(...args);
        },
      },
    });
    const lease = await mongoLanes(database.client, { ...collections, datasets: noted }).acquire(id, 'two', LEASE_MS);
    expect(lease).toMatchObject({ takenThrough: 1, finalThrough: 0 });
    expect(written).toEqual(['of the connection']);
    expect(datasets.writeConcern?.w).toBe('majority');
  });

  it('closes refused jobs at the commit point and loaded ones at the end, with counts and histories', async () => {
    const id = await newLane();
    const [good, bad] = [await push(id), await push(id)];
    const lease = await held(id);
    const group = await nextGroup(lease);
    const at = new Date();
    const transitions = [...group.transitions, { status: 'JOINING' as const, at }];
    const counts = { ...NO_COUNTS, read: 1, added: 1, rows: 1 };
    const applied = { netRows: 1, skipped: null };
    const error = {
      recordIndex: 0,
      pointer: '/a',
      code: 'WRONG_TYPE' as const,
      message: 'm',
      expected: 'e',
      actual: 'a',
    };
    const summary = { pointer: '', code: error.code, records: 1, firstIndexes: [0], example: 'm' };
    const faults = { ...NO_FAULTS, errorCount: 1, mismatchedRecords: 1 };
    const outcomes = [
      { kind: 'LOADED' as const, jobId: good, position: 1, counts, ...applied, faults: NO_FAULTS, errors: NO_ERRORS },
      {
        kind: 'REFUSED' as const,
        jobId: bad,
        position: 2,
        counts: countsOfRefused(1),
        ...applied,
        faults,
        errors: { kept: [error], summary: [summary] },
      },
    ];
    const committed = await commit(lease, { ...group, transitions }, outcomes);
    const filling = { ...committed, transitions: [...transitions, { status: 'FILLING_ES' as const, at }] };
    await lanes.recordTransitions(lease, filling);

    expect(await ledger.findJob(bad)).toMatchObject({
      status: 'ERROR_EXIT',
      counts: { read: 1, failed: 1 },
      faults: { errorCount: 1 },
    });
    expect((await ledger.findJob(bad))?.history.map(({ status }) => status)).not.toContain('FILLING_ES');
    expect(await ledger.errorsOf(bad)).toEqual([error]);
    expect(await ledger.errorSummaryOf(bad)).toEqual([summary]);
    expect(await ledger.errorSummaryOf(good)).toEqual([]);
    expect(await ledger.findJob(good)).toMatchObject({ status: 'FILLING_ES', counts: NO_COUNTS });

    await lanes.complete(lease, filling, {}, new Date());
    expect(await ledger.findJob(good)).toMatchObject({ status: 'COMPLETE', counts, attempts: 1 });
    expect(await mongoDatasets(database.client, collections).findDataset(id)).toMatchObject({
      recordCount: 1,
      rowCount: 1,
    });
    expect(await ledger.listJobs({ datasetId: id, status: ['COMPLETE'], first: 10 })).toMatchObject({
      nodes: [{ id: good }],
    });
  });

  it('a termination that began before its job was taken up keeps the status the job was shown in', async () => {
    const id = await newLane();
    const job = await push(id);
    const lease = await held(id);
    let shown: string | undefined;
    // The group is taken up between the termination's first look and its writes.
    const { datasets } = collections;
    const updateOne: typeof datasets.updateOne = async (...args) => {
      if (shown === undefined) {
        await nextGroup(lease);
        shown = (await ledger.findJob(job))?.status;
      }
      return datasets.updateOne(...args);
    };
    const slow = Object.create(datasets, { updateOne: { value: updateOne } });
    const terminations = mongoTerminations(database.client, { ...collections, datasets: slow });
    expect(await terminations.terminate(job, new Date())).toBe('TERMINATED');
    expect(shown).toBe('QUERYING_DATASOURCES');
    const history = (await ledger.findJob(job))?.history.map(({ status }) => status);
    expect(history).toEqual(['INITIALIZING', 'QUERYING_DATASOURCES', 'TERMINATED_EXIT']);
  });

  it('a deleted dataset takes the group under way from its owner: what jobs were shown in stays their history', async () => {
    const id = await newLane();
    const job = await push(id);
    const lease = await held(id);
    const group = await nextGroup(lease);
    // The owner records one more status between the look at the group and the end of its jobs.
    const { jobs } = collections;
    const updateMany: typeof jobs.updateMany = async (...args) => {
      const transitions = [...group.transitions, { status: 'PUMPING_DATASOURCES' as const, at: new Date() }];
      await lanes.recordTransitions(lease, { ...group, transitions }).catch(() => undefined);
      shown.push((await ledger.findJob(job))?.status);
      return jobs.updateMany(...args);
    };
    const shown: unknown[] = [];
    const slow = Object.create(jobs, { updateMany: { value: updateMany } });
    await mongoDatasets(database.client, { ...collections, jobs: slow }).deleteDataset(id, new Date());
    expect(shown[0]).toBe('QUERYING_DATASOURCES');
    const history = (await ledger.findJob(job))?.history.map(({ status }) => status);
    expect(history).toEqual(['INITIALIZING', 'QUERYING_DATASOURCES', 'TERMINATED_EXIT']);
    await push(id);
    await expect(lanes.nextGroup({ ...lease, finalThrough: 1 }, BOUNDS, new Date())).rejects.toThrow(LeaseLostError);
  });

  it('finds jobs by the statuses they have on their way', async () => {
    const id = await newLane();
    const underWay = await push(id);
    const lease = await held(id);
    await nextGroup(lease);
    const waiting = await push(id);
    const idsWith = async (status: 'INITIALIZING' | 'QUERYING_DATASOURCES') =>
      (await ledger.listJobs({ datasetId: id, status: [status], first: 10 })).nodes.map((job) => job.id);
    expect(await idsWith('QUERYING_DATASOURCES')).toEqual([underWay]);
    expect(await idsWith('INITIALIZING')).toEqual([waiting]);
    expect(await ledger.countJobs({ datasetId: id, status: ['INITIALIZING', 'QUERYING_DATASOURCES'] })).toBe(2);
  });

  it('finds lanes that wait without an owner', async () => {
    const [owned, orphan, empty] = [await newLane(), await newLane(), await newLane()];
    await push(owned);
    await push(orphan);
    await held(owned);
    const found = await lanes.orphans();
    expect(found).toContain(orphan);
    expect(found).not.toContain(owned);
    expect(found).not.toContain(empty);
  });
});
