import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BOUNDS, LEASE_MS, openMongoLanes } from '../../../test/support/mongo-lanes.js';
import { LeaseLostError } from '../../ports/lane.js';
import { mongoLanes } from './lanes.js';

describe('groups of lanes on MongoDB', () => {
  let bench: Awaited<ReturnType<typeof openMongoLanes>>;
  beforeAll(async () => {
    bench = await openMongoLanes();
  });
  afterAll(() => bench.close());

  it('takes as many waiting jobs as the bounds allow, and a large one alone', async () => {
    const id = await bench.newLane();
    for (const bytes of [400, 400, 400, 5_000, 10]) await bench.push(id, bytes);
    let lease = await bench.held(id);
    const groups: number[][] = [];
    for (let taken = await bench.lanes.nextGroup(lease, BOUNDS, new Date()); taken; ) {
      groups.push([taken.group.first, taken.group.last]);
      const committed = await bench.commit(lease, taken.group);
      lease = await bench.lanes.complete(lease, committed, {}, new Date());
      taken = await bench.lanes.nextGroup(lease, BOUNDS, new Date());
    }
    expect(groups).toEqual([
      [1, 2],
      [3, 3],
      [4, 4],
      [5, 5],
    ]);
  });

  it('takes jobs together up to a number of records', async () => {
    const id = await bench.newLane();
    for (let n = 0; n < 5; n += 1) await bench.push(id);
    const taken = await bench.lanes.nextGroup(await bench.held(id), { ...BOUNDS, maxRecords: 3 }, new Date());
    expect(taken).toMatchObject({ group: { first: 1, last: 3 }, isStored: true, hasAll: false });
  });

  it('leaves the same group to the next owner, and raises its attempts', async () => {
    const id = await bench.newLane();
    await bench.push(id);
    const first = await bench.held(id);
    const group = await bench.nextGroup(first);
    await bench.push(id);
    await bench.lanes.release(first);
    const again = await bench.nextGroup(await bench.held(id, 'two'));
    expect(again).toMatchObject({ id: group.id, first: 1, last: 1, attempts: 2 });
    expect(again.transitions.map(({ status }) => status)).toEqual(['QUERYING_DATASOURCES']);
  });

  it('refuses every write of an owner that lost the lane', async () => {
    const id = await bench.newLane();
    await bench.push(id);
    const old = await bench.held(id);
    const group = await bench.nextGroup(old);
    await bench.lanes.release(old);
    const current = await bench.held(id, 'two');
    const now = new Date();
    await bench.nextGroup(current);
    await expect(bench.lanes.recordTransitions(old, group)).rejects.toThrow(LeaseLostError);
    await expect(bench.lanes.commit(old, group, [], now)).rejects.toThrow(LeaseLostError);
    await expect(bench.lanes.complete(old, { ...group, loaded: [] }, {}, now)).rejects.toThrow(LeaseLostError);
    await expect(bench.lanes.nextGroup(old, BOUNDS, now)).rejects.toThrow(LeaseLostError);
    await expect(bench.lanes.release(old)).rejects.toThrow(LeaseLostError);
    expect((await bench.collections.jobs.findOne({ datasetId: id }))?.open).toBe(true);
  });

  it('takes no group when a lost primary had given the token, and the next one gave it to another owner', async () => {
    const id = await bench.newLane();
    await bench.push(id);
    const lease = await bench.held(id);
    await bench.collections.datasets.updateOne({ _id: id }, { $set: { 'lane.owner': 'another' } });
    await expect(bench.lanes.nextGroup(lease, BOUNDS, new Date())).rejects.toThrow(LeaseLostError);
    await expect(bench.lanes.renew(lease, LEASE_MS)).rejects.toThrow(LeaseLostError);
    await expect(bench.lanes.release(lease)).rejects.toThrow(LeaseLostError);
    expect(await bench.collections.groups.countDocuments({ datasetId: id })).toBe(0);
  });

  it('makes a token durable before it carries a group that an earlier run left', async () => {
    const id = await bench.newLane();
    await bench.push(id);
    const [first, { datasets }] = [await bench.held(id), bench.collections];
    await bench.nextGroup(first);
    await bench.lanes.release(first);
    const written: unknown[] = [];
    const noted = Object.create(datasets, {
      updateOne: {
        value: (...args: Parameters<typeof datasets.updateOne>) => {
          written.push(args[2]?.writeConcern ?? 'of the connection');
          return datasets.updateOne(...args);
        },
      },
    });
    const lease = await mongoLanes(bench.database.client, { ...bench.collections, datasets: noted }).acquire(
      id,
      'two',
      LEASE_MS,
    );
    expect(lease).toMatchObject({ takenThrough: 1, finalThrough: 0 });
    expect(written).toEqual(['of the connection']);
    expect(datasets.writeConcern?.w).toBe('majority');
  });
});
