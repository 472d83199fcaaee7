import { randomUUID } from 'node:crypto';
import { joined } from '../../event-loop/joined-calls.js';
import type { Lanes, Lease } from '../../ports/lane.js';
import type { Collections } from './collections.js';
import type { DatasetDocument } from './documents.js';
import { unmarkEnded } from './job-marks.js';
import { leaseLost } from './lease-lost.js';
import { MANY_LANES } from './many-lanes.js';
import { heldBy } from './owned-updates.js';

const RELEASED = new Date(0);
/** Nothing rests on it: if it is lost with the primary, the lane is held until the lease expires, or was not taken. */
const NOT_DURABLE = { writeConcern: { w: 1 } } as const;
/** Whether an owner has not released the lane. */
const IS_INTERRUPTED = { $or: [{ $gt: ['$lane.owner', null] }, { $eq: ['$lane.interrupted', true] }] };

type Leases = Pick<Lanes, 'acquire' | 'renew' | 'release' | 'freeAll'>;

interface Taking {
  readonly datasetId: string;
  readonly owner: string;
  readonly leaseMs: number;
}

interface Leaving {
  readonly lease: Lease;
  readonly restMs: number;
  readonly isInterrupted: boolean;
}

/** Leases of lanes. The lane is part of its dataset's document; times are compared only with the server's `$$NOW`. Many lanes are taken and released with few commands. */
export function laneLeases({ datasets, jobs }: Pick<Collections, 'datasets' | 'jobs'>): Leases {
  const takeJoined = joined((takings: readonly Taking[]) => takeAll({ datasets }, takings), MANY_LANES);
  const leaveJoined = joined((leavings: readonly Leaving[]) => leaveAll({ datasets }, leavings), MANY_LANES);
  /** Leases as they were granted. Their runs have committed nothing, and what they read may be lost with the primary. */
  const granted = new WeakSet<Lease>();
  const unmarkJoined = joined(async (leases: readonly Lease[]) => {
    await unmarkEnded({ jobs }, leases);
    return leases;
  }, MANY_LANES);

  const renew: Lanes['renew'] = async (lease, leaseMs) => {
    const longer = [{ $set: { 'lane.leaseUntil': { $add: ['$$NOW', leaseMs] } } }];
    const { matchedCount } = await datasets.updateOne(heldBy(lease), longer);
    if (matchedCount === 0) throw leaseLost(lease);
  };

  return {
    async acquire(datasetId, owner, leaseMs) {
      const lease = await takeJoined({ datasetId, owner, leaseMs });
      // What is written for a group that an earlier run left carries only the token, which must then never be given again. A new group makes it durable.
      if (lease && lease.takenThrough > lease.finalThrough) await renew(lease, leaseMs);
      if (lease) granted.add(lease);
      return lease;
    },

    renew,

    async release(lease, restMs = 0, isInterrupted = false) {
      // The lane does not wait for it: a turn may have ended thousands of jobs. What fails here is done by a later release or sweep.
      if (!granted.has(lease)) unmarkJoined(lease).catch(() => undefined);
      if (!(await leaveJoined({ lease, restMs, isInterrupted }))) throw leaseLost(lease);
    },

    async freeAll() {
      const freed = { owner: null, leaseUntil: RELEASED, interrupted: IS_INTERRUPTED };
      await datasets.updateMany({}, [{ $set: { lane: freed } }]);
    },
  };
}

/** The leases of these lanes; null for those that cannot be taken. */
async function takeAll(
  { datasets }: Pick<Collections, 'datasets'>,
  takings: readonly Taking[],
): Promise<(Lease | null)[]> {
  // Shows which lanes this call took, and not an earlier one whose end is unknown.
  const id = randomUUID();
  const updates = takings.map(({ datasetId, owner, leaseMs }, index) => {
    const takenBy = `${id}/${index}`;
    const until = { leaseUntil: { $add: ['$$NOW', leaseMs] }, interrupted: IS_INTERRUPTED };
    const taken = { owner, runToken: { $add: ['$lane.runToken', 1] }, ...until, takenBy };
    return { filter: free(datasetId), update: [{ $set: { lane: taken } }] };
  });
  const [only] = updates;
  if (only && updates.length === 1) {
    const document = await datasets.findOneAndUpdate(only.filter, only.update, {
      ...NOT_DURABLE,
      returnDocument: 'after',
    });
    return [document && toLease(document)];
  }
  await datasets.bulkWrite(
    updates.map((updateOne) => ({ updateOne })),
    { ...NOT_DURABLE, ordered: false },
  );
  // Deleting a dataset gives its lane another token, but leaves its owner.
  const there = { _id: { $in: takings.map(({ datasetId }) => datasetId) }, deletedAt: null };
  const found = await datasets.find(there).toArray();
  const taken = new Map(found.map((document) => [document.lane.takenBy, document]));
  return takings.map((_, index) => {
    const document = taken.get(`${id}/${index}`);
    return document ? toLease(document) : null;
  });
}

/** A lane that nobody holds, of a dataset that can be loaded. */
function free(datasetId: string) {
  return {
    _id: datasetId,
    deletedAt: null,
    appliedRevision: { $ne: null },
    $expr: { $lt: ['$lane.leaseUntil', '$$NOW'] },
  };
}

/** Releases lanes. Returns for each whether its lease still held it. */
async function leaveAll(
  { datasets }: Pick<Collections, 'datasets'>,
  leavings: readonly Leaving[],
): Promise<readonly boolean[]> {
  const updates = leavings.map(({ lease, restMs, isInterrupted }) => {
    const leaseUntil = restMs > 0 ? { $add: ['$$NOW', restMs] } : RELEASED;
    const released = { 'lane.owner': null, 'lane.leaseUntil': leaseUntil, 'lane.interrupted': isInterrupted };
    return { updateOne: { filter: heldBy(lease), update: [{ $set: released }] } };
  });
  const { matchedCount } = await datasets.bulkWrite(updates, { ...NOT_DURABLE, ordered: false });
  if (matchedCount === leavings.length || matchedCount === 0) return leavings.map(() => matchedCount > 0);
  // Another owner gives the lane another token.
  const ofRuns = leavings.map(({ lease: { datasetId, runToken } }) => ({
    _id: datasetId,
    'lane.runToken': runToken,
    'lane.owner': null,
  }));
  const released = await datasets.find({ $or: ofRuns }, { projection: { _id: 1 } }).toArray();
  const ids = new Set(released.map(({ _id }) => _id));
  return leavings.map(({ lease }) => ids.has(lease.datasetId));
}

function toLease({ _id: datasetId, lane, appliedRevision, generation }: DatasetDocument): Lease {
  if (appliedRevision === null || generation === null) throw new TypeError(`dataset ${datasetId} was never applied`);
  if (lane.owner === null) throw new TypeError(`the lane of dataset ${datasetId} has no owner`);
  // Lanes that have taken no group since there is such a number do not have it.
  const { runToken, owner, finalThrough, finalBytes, takenThrough = Number.MAX_SAFE_INTEGER, records, rows } = lane;
  const place = { finalThrough, finalBytes, takenThrough, terminations: lane.terminations ?? 0 };
  const wasInterrupted = lane.interrupted === true;
  return { datasetId, runToken, owner, ...place, wasInterrupted, appliedRevision, generation, records, rows };
}
