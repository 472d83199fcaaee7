import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { BOUNDS, LEASE_MS, openMongoLanes } from '../../../test/support/mongo-lanes.js';
import { LeaseLostError } from '../../ports/lane.js';

describe('leases of lanes on MongoDB', () => {
  let bench: Awaited<ReturnType<typeof openMongoLanes>>;
  beforeAll(async () => {
    bench = await openMongoLanes();
  });
  afterAll(() => bench.close());

  it('gives a lane to one owner at a time, with a token that grows', async () => {
    const id = await bench.newLane();
    const first = await bench.held(id);
    expect(await bench.lanes.acquire(id, 'two', LEASE_MS)).toBeNull();
    await bench.lanes.release(first);
    const second = await bench.held(id, 'two');
    expect(second.runToken).toBeGreaterThan(first.runToken);
    await expect(bench.lanes.renew(first, LEASE_MS)).rejects.toThrow(LeaseLostError);
  });

  it('does not renew a lease that has been released', async () => {
    const id = await bench.newLane();
    const first = await bench.held(id);
    await bench.lanes.release(first);
    await expect(bench.lanes.renew(first, LEASE_MS)).rejects.toThrow(LeaseLostError);
    expect(await bench.lanes.acquire(id, 'two', LEASE_MS)).not.toBeNull();
  });

  it('gives a lane away when its lease has run out', async () => {
    const id = await bench.newLane();
    const first = await bench.lanes.acquire(id, 'one', -1);
    expect(first).not.toBeNull();
    expect(await bench.lanes.acquire(id, 'two', LEASE_MS)).not.toBeNull();
  });

  it('shows whether the owner before has not released the lane, until one has', async () => {
    const id = await bench.newLane();
    const shown: boolean[] = [];
    const take = async (leaseMs: number) => {
      const lease = await bench.lanes.acquire(id, 'one', leaseMs);
      if (lease) shown.push(lease.wasInterrupted);
      return lease;
    };
    await take(-1);
    await take(-1);
    await bench.lanes.freeAll();
    const third = await take(LEASE_MS);
    if (third) await bench.lanes.release(third);
    const fourth = await take(LEASE_MS);
    if (fourth) await bench.lanes.release(fourth, 0, true);
    await take(LEASE_MS);
    expect(shown).toEqual([false, true, true, false, true]);
  });

  it('counts an interruption for one group only', async () => {
    const id = await bench.newLane();
    await bench.push(id);
    await bench.lanes.acquire(id, 'one', -1);
    const lease = await bench.held(id);
    const first = await bench.commit(lease, await bench.nextGroup(lease));
    const after = await bench.lanes.complete(lease, first, {}, new Date());
    await bench.push(id);
    expect([first.interruptions, after.wasInterrupted, (await bench.nextGroup(after)).interruptions]).toEqual([
      1,
      false,
      0,
    ]);
  });

  it('puts off only what the caller can store later, and nothing after an interruption', async () => {
    const id = await bench.newLane();
    await bench.push(id);
    const lease = await bench.held(id);
    const stored = () => bench.collections.groups.countDocuments({ datasetId: id });
    const one = await bench.lanes.nextGroup(
      lease,
      BOUNDS,
      new Date(),
      (group, jobs) => group.first === 1 && jobs.length === 1,
    );
    expect([one?.isStored, one?.hasAll, await stored()]).toEqual([false, true, 0]);
    const again = await bench.lanes.nextGroup(lease, BOUNDS, new Date(), () => false);
    expect([again?.isStored, again?.group.interruptions, await stored()]).toEqual([true, 0, 1]);

    const other = await bench.newLane();
    await bench.push(other);
    await bench.lanes.acquire(other, 'one', -1);
    const after = await bench.lanes.nextGroup(await bench.held(other), BOUNDS, new Date(), () => true);
    expect([after?.isStored, after?.group.interruptions]).toEqual([true, 1]);
  });

  it('stores no group of a lane that another owner has', async () => {
    const id = await bench.newLane();
    await bench.push(id);
    const lost = await bench.lanes.acquire(id, 'one', -1);
    const taken = lost && (await bench.lanes.nextGroup(lost, BOUNDS, new Date(), () => true));
    await bench.held(id, 'two');
    if (!lost || !taken) throw new Error('no group was taken');
    await expect(bench.lanes.storeGroup(lost, taken.group)).rejects.toThrow(LeaseLostError);
  });

  it('gives no lane to a dataset that was never applied', async () => {
    expect(await bench.lanes.acquire(uuidV7(), 'one', LEASE_MS)).toBeNull();
  });
});
