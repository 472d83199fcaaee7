import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Filter, FindOptions } from 'mongodb';
import { openMongoLanes } from '../../../test/support/mongo-lanes.js';
import type { JobStatus } from '../../domain/job/status.js';
import type { GroupDocument } from './documents.js';
import { mongoJobLedger } from './job-ledger.js';

/** The statuses of the parts of a split group, by their positions; the jobs after them wait. */
const PARTS = ['FILLING_ES', 'QUERYING_DATASOURCES', 'QUERYING_DATASOURCES'] as const;

describe('jobs by their statuses on MongoDB', () => {
  let bench: Awaited<ReturnType<typeof openMongoLanes>>;
  beforeAll(async () => {
    bench = await openMongoLanes();
  });
  afterAll(() => bench.close());

  /** A lane with five jobs, the first three of which are in a group that was split. */
  async function laneWithParts(): Promise<string> {
    const datasetId = await bench.newLane();
    for (let count = 0; count < 5; count += 1) await bench.push(datasetId);
    const { groups } = bench.collections;
    const lease = await bench.held(datasetId);
    const group = await bench.nextGroup(lease);
    const stored = await groups.findOneAndDelete({ _id: group.id });
    if (!stored) throw new Error('the group was not stored');
    const parts = PARTS.map((status, index) => {
      const place = { _id: `${datasetId}:${index + 1}`, first: index + 1, last: index + 1 };
      return { ...stored, ...place, transitions: [{ status, at: new Date() }] };
    });
    await groups.insertMany(parts.toReversed());
    return datasetId;
  }

  it.each<[JobStatus[], number[]]>([
    [['INITIALIZING'], [5, 4]],
    [['FILLING_ES'], [1]],
    [['QUERYING_DATASOURCES'], [3, 2]],
    [
      ['INITIALIZING', 'FILLING_ES'],
      [5, 4, 1],
    ],
    [
      ['COMPLETE', 'INITIALIZING', 'QUERYING_DATASOURCES'],
      [5, 4, 3, 2],
    ],
    [
      ['ERROR_EXIT', 'QUERYING_DATASOURCES', 'FILLING_ES', 'INITIALIZING'],
      [5, 4, 3, 2, 1],
    ],
  ])('are found in a group that was split: %j', async (status, positions) => {
    const datasetId = await laneWithParts();
    const found = async (which: { datasetId?: string }, first: number) => {
      const { nodes } = await bench.ledger.listJobs({ ...which, status, first });
      return nodes.filter((job) => job.datasetId === datasetId).map(({ position }) => position);
    };
    expect(await found({ datasetId }, 10)).toEqual(positions);
    expect(await found({}, 1_000)).toEqual(positions);
    expect(await found({ datasetId }, 1)).toEqual(positions.slice(0, 1));
    expect(await bench.ledger.countJobs({ datasetId, status })).toBe(positions.length);
  });

  it('are not shown if they have another status by the time at which they are read', async () => {
    const datasetId = await laneWithParts();
    const { groups } = bench.collections;
    let reads = 0;
    // As if the group had begun after the places were read.
    const late = Object.assign(Object.create(groups), {
      find: (filter: Filter<GroupDocument>, options?: FindOptions) => {
        reads += 1;
        return groups.find(reads === 1 ? { _id: 'none' } : filter, options);
      },
    });
    const ledger = mongoJobLedger({ ...bench.collections, groups: late }, { absence: async () => null });
    const { nodes, hasNextPage } = await ledger.listJobs({ datasetId, status: ['INITIALIZING'], first: 3 });
    expect(nodes.map(({ position }) => position)).toEqual([5, 4]);
    expect(hasNextPage).toBe(false);
  });

  it('are found when more wait than are read whole, newest first and page by page', async () => {
    const datasetId = await laneWithParts();
    const { jobs } = bench.collections;
    const last = await jobs.findOne({ datasetId, position: 5 });
    if (!last) throw new Error('the lane has no fifth job');
    const copies = Array.from({ length: 1_200 }, (_, n) => ({
      ...last,
      _id: `${last._id.slice(0, -4)}${String(n).padStart(4, '0')}`,
      position: 6 + n,
    }));
    await jobs.insertMany(copies);
    const status = ['INITIALIZING', 'FILLING_ES'] as const;
    const seen: number[] = [];
    let after: string | undefined;
    for (let hasNextPage = true; hasNextPage; ) {
      const page = await bench.ledger.listJobs({ status, first: 500, ...(after !== undefined && { after }) });
      for (const job of page.nodes) if (job.datasetId === datasetId) seen.push(job.position);
      after = page.nodes.at(-1)?.id;
      ({ hasNextPage } = page);
    }
    expect(seen.toSorted((one, other) => one - other)).toEqual([1, ...Array.from({ length: 1_202 }, (_, n) => 4 + n)]);
    expect(await bench.ledger.countJobs({ datasetId, status })).toBe(1_203);
  });
});
