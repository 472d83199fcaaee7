import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BOUNDS, openMongoLanes } from '../../../test/support/mongo-lanes.js';
import { countsOfRefused, NO_COUNTS, NO_ERRORS, NO_FAULTS } from '../../domain/job/job.js';
import { LeaseLostError } from '../../ports/lane.js';
import { mongoDatasets } from './datasets.js';
import { mongoTerminations } from './terminations.js';

describe('lanes on MongoDB', () => {
  let bench: Awaited<ReturnType<typeof openMongoLanes>>;
  beforeAll(async () => {
    bench = await openMongoLanes();
  });
  afterAll(() => bench.close());

  it('closes refused jobs at the commit point and loaded ones at the end, with counts and histories', async () => {
    const id = await bench.newLane();
    const [good, bad] = [await bench.push(id), await bench.push(id)];
    const lease = await bench.held(id);
    const group = await bench.nextGroup(lease);
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
    const committed = await bench.commit(lease, { ...group, transitions }, outcomes);
    const filling = { ...committed, transitions: [...transitions, { status: 'FILLING_ES' as const, at }] };
    await bench.lanes.recordTransitions(lease, filling);

    expect(await bench.ledger.findJob(bad)).toMatchObject({
      status: 'ERROR_EXIT',
      counts: { read: 1, failed: 1 },
      faults: { errorCount: 1 },
    });
    expect((await bench.ledger.findJob(bad))?.history.map(({ status }) => status)).not.toContain('FILLING_ES');
    expect(await bench.ledger.errorsOf(bad)).toEqual([error]);
    expect(await bench.ledger.errorSummaryOf(bad)).toEqual([summary]);
    expect(await bench.ledger.errorSummaryOf(good)).toEqual([]);
    expect(await bench.ledger.findJob(good)).toMatchObject({ status: 'FILLING_ES', counts: NO_COUNTS });

    await bench.lanes.complete(lease, filling, {}, new Date());
    expect(await bench.ledger.findJob(good)).toMatchObject({ status: 'COMPLETE', counts, attempts: 1 });
    expect(await mongoDatasets(bench.database.client, bench.collections).findDataset(id)).toMatchObject({
      recordCount: 1,
      rowCount: 1,
    });
    expect(await bench.ledger.listJobs({ datasetId: id, status: ['COMPLETE'], first: 10 })).toMatchObject({
      nodes: [{ id: good }],
    });
  });

  it('a termination that began before its job was taken up keeps the status the job was shown in', async () => {
    const id = await bench.newLane();
    const job = await bench.push(id);
    const lease = await bench.held(id);
    let shown: string | undefined;
    // The group is taken up between the termination's first look and its writes.
    const { datasets } = bench.collections;
    const updateOne: typeof datasets.updateOne = async (...args) => {
      if (shown === undefined) {
        await bench.nextGroup(lease);
        shown = (await bench.ledger.findJob(job))?.status;
      }
      return datasets.updateOne(...args);
    };
    const slow = Object.create(datasets, { updateOne: { value: updateOne } });
    const terminations = mongoTerminations(bench.database.client, { ...bench.collections, datasets: slow });
    expect(await terminations.terminate(job, new Date())).toBe('TERMINATED');
    expect(shown).toBe('QUERYING_DATASOURCES');
    const history = (await bench.ledger.findJob(job))?.history.map(({ status }) => status);
    expect(history).toEqual(['INITIALIZING', 'QUERYING_DATASOURCES', 'TERMINATED_EXIT']);
  });

  it('a deleted dataset takes the group under way from its owner: what jobs were shown in stays their history', async () => {
    const id = await bench.newLane();
    const job = await bench.push(id);
    const lease = await bench.held(id);
    const group = await bench.nextGroup(lease);
    // The owner records one more status between the look at the group and the end of its jobs.
    const { jobs } = bench.collections;
    const updateMany: typeof jobs.updateMany = async (...args) => {
      const transitions = [...group.transitions, { status: 'PUMPING_DATASOURCES' as const, at: new Date() }];
      await bench.lanes.recordTransitions(lease, { ...group, transitions }).catch(() => undefined);
      shown.push((await bench.ledger.findJob(job))?.status);
      return jobs.updateMany(...args);
    };
    const shown: unknown[] = [];
    const slow = Object.create(jobs, { updateMany: { value: updateMany } });
    await mongoDatasets(bench.database.client, { ...bench.collections, jobs: slow }).deleteDataset(id, new Date());
    expect(shown[0]).toBe('QUERYING_DATASOURCES');
    const history = (await bench.ledger.findJob(job))?.history.map(({ status }) => status);
    expect(history).toEqual(['INITIALIZING', 'QUERYING_DATASOURCES', 'TERMINATED_EXIT']);
    await bench.push(id);
    await expect(bench.lanes.nextGroup({ ...lease, finalThrough: 1 }, BOUNDS, new Date())).rejects.toThrow(
      LeaseLostError,
    );
  });

  it('finds jobs by the statuses they have on their way', async () => {
    const id = await bench.newLane();
    const underWay = await bench.push(id);
    const lease = await bench.held(id);
    await bench.nextGroup(lease);
    const waiting = await bench.push(id);
    const idsWith = async (status: 'INITIALIZING' | 'QUERYING_DATASOURCES') =>
      (await bench.ledger.listJobs({ datasetId: id, status: [status], first: 10 })).nodes.map((job) => job.id);
    expect(await idsWith('QUERYING_DATASOURCES')).toEqual([underWay]);
    expect(await idsWith('INITIALIZING')).toEqual([waiting]);
    expect(await bench.ledger.countJobs({ datasetId: id, status: ['INITIALIZING', 'QUERYING_DATASOURCES'] })).toBe(2);
  });

  it('finds bench.lanes that wait without an owner', async () => {
    const [owned, orphan, empty] = [await bench.newLane(), await bench.newLane(), await bench.newLane()];
    await bench.push(owned);
    await bench.push(orphan);
    await bench.held(owned);
    const found = await bench.lanes.orphans();
    expect(found).toContain(orphan);
    expect(found).not.toContain(owned);
    expect(found).not.toContain(empty);
  });
});
