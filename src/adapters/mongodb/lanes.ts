import type { ClientSession, MongoClient } from 'mongodb';
import type { CommitResult, Group, GroupEnd, Lanes, Lease } from '../../ports/lane.js';
import type { Collections } from './collections.js';
import type { DatasetDocument } from './documents.js';
import { type GenerationsEnd, settleGenerations } from './generations.js';
import { groupRecords } from './group-records.js';
import { addErrors, closeLoaded, closeRefused, closeTakenBack, keepErrors, openIds } from './job-closing.js';
import { toLoadedDocument } from './job-view.js';
import { laneChange, leaseAfter } from './lane-change.js';
import { groupTaking } from './lane-groups.js';
import { leaseLost } from './lease-lost.js';
import { heldBy, ownedUpdates } from './owned-updates.js';
import { forgetQuarantined, settleAtCommit, settleQuarantine } from './quarantine-settling.js';

const RELEASED = new Date(0);
/** Whether an owner has not released the lane. */
const IS_INTERRUPTED = { $or: [{ $gt: ['$lane.owner', null] }, { $eq: ['$lane.interrupted', true] }] };
/** Nothing rests on it: if it is lost with the primary, the lane is held until the lease expires, or was not taken. */
const NOT_DURABLE = { writeConcern: { w: 1 } } as const;

/** Lanes on MongoDB. The lane is part of its dataset's document; times are compared only with the server's `$$NOW`. */
export function mongoLanes(client: MongoClient, collections: Collections): Lanes {
  const { datasets, jobs } = collections;
  const owned = ownedUpdates(collections);
  const inTransaction = <T>(work: (session: ClientSession) => Promise<T>) =>
    client.withSession((session) => session.withTransaction(() => work(session)));

  const renew: Lanes['renew'] = async (lease, leaseMs) => {
    const longer = [{ $set: { 'lane.leaseUntil': { $add: ['$$NOW', leaseMs] } } }];
    const { matchedCount } = await datasets.updateOne(heldBy(lease), longer);
    if (matchedCount === 0) throw leaseLost(lease);
  };

  return {
    async acquire(datasetId, owner, leaseMs) {
      const free = {
        _id: datasetId,
        deletedAt: null,
        appliedRevision: { $ne: null },
        $expr: { $lt: ['$lane.leaseUntil', '$$NOW'] },
      };
      const until = { leaseUntil: { $add: ['$$NOW', leaseMs] }, interrupted: IS_INTERRUPTED };
      const taken = { owner, runToken: { $add: ['$lane.runToken', 1] }, ...until };
      const options = { ...NOT_DURABLE, returnDocument: 'after' as const };
      const document = await datasets.findOneAndUpdate(free, [{ $set: { lane: taken } }], options);
      if (!document) return null;
      const lease = toLease(document, owner);
      // What is written for a group that an earlier run left carries only the token, which must then never be given again. A new group makes it durable.
      if (lease.takenThrough > lease.finalThrough) await renew(lease, leaseMs);
      return lease;
    },

    renew,

    async release(lease, restMs = 0, isInterrupted = false) {
      const leaseUntil = restMs > 0 ? { $add: ['$$NOW', restMs] } : RELEASED;
      const free = { 'lane.owner': null, 'lane.leaseUntil': leaseUntil, 'lane.interrupted': isInterrupted };
      const { matchedCount } = await datasets.updateOne(heldBy(lease), [{ $set: free }], NOT_DURABLE);
      if (matchedCount === 0) throw leaseLost(lease);
    },

    ...groupTaking(client, collections),

    ...groupRecords(owned),

    async commit(lease, group, outcomes, at, appliedRevision) {
      await keepErrors(collections, lease, outcomes);
      return inTransaction<CommitResult>(async (session) => {
        const passed = { $set: { 'lane.committedThrough': group.last } };
        if (!(await owned.undisturbedLane(lease, passed, session, appliedRevision))) {
          const open = await openIds(collections, group, session);
          if (outcomes.some(({ jobId }) => !open.has(jobId))) {
            await forgetQuarantined(collections, group, lease, session);
            return { kind: 'JOB_TERMINATED' };
          }
          await owned.lane(lease, passed, session, appliedRevision);
        }
        const refused = outcomes.filter(({ kind }) => kind === 'REFUSED');
        const loaded = outcomes.filter(({ kind }) => kind === 'LOADED');
        const documents = loaded.map(toLoadedDocument);
        const { transitions } = group;
        const change = { committedAt: at, committedBy: lease.runToken, loaded: documents, transitions };
        await owned.group(lease, group, { $set: change }, session);
        await closeRefused(collections, group, refused, at, session);
        await settleAtCommit(collections, group, lease, outcomes, session);
        return { kind: 'COMMITTED', group: { ...group, loaded } };
      });
    },

    complete(lease, group, end, at) {
      const { takenBack } = end;
      const after = leaseAfter(lease, takenBack ? { ...group, loaded: takenBack.loaded } : group, end);
      const loaded = takenBack && { loaded: takenBack.loaded.map(toLoadedDocument) };
      // Then they are there, whatever was found before.
      const wroteRows = end.swap !== undefined || group.loaded?.some(({ counts }) => counts.rows > 0) === true;
      return inTransaction(async (session) => {
        await owned.lane(lease, laneChange(after, end, wroteRows), session, end.swap && lease.appliedRevision);
        const change = { closedAt: at, transitions: group.transitions, ...loaded };
        const { committedBy = lease.runToken } = await owned.group(lease, group, { $set: change }, session);
        await addErrors(collections, lease, takenBack?.errors, session);
        await closeTakenBack(collections, group, takenBack?.refused ?? [], at, session);
        await closeLoaded(collections, group, after.appliedRevision, at, session);
        await settleQuarantine(collections, group, committedBy, end, session);
        await settleGenerations(collections, lease, after, generationsEnd(group, end), session);
        return after;
      });
    },

    replaceGeneration(lease, generation, deletedRows) {
      const after = { ...lease, generation };
      return inTransaction(async (session) => {
        await owned.lane(lease, { $set: { generation }, $unset: { rowsLost: 1 } }, session);
        await settleGenerations(collections, lease, after, { deletedRows, endedRecords: false }, session);
        return after;
      });
    },

    async freeAll() {
      const freed = { owner: null, leaseUntil: RELEASED, interrupted: IS_INTERRUPTED };
      await datasets.updateMany({}, [{ $set: { lane: freed } }]);
    },

    async orphans() {
      const waiting = await jobs.distinct('datasetId', { open: true });
      const free = { _id: { $in: waiting }, deletedAt: null, $expr: { $lt: ['$lane.leaseUntil', '$$NOW'] } };
      return (await datasets.find(free, { projection: { _id: 1 } }).toArray()).map(({ _id }) => _id);
    },
  };
}

function generationsEnd(group: Group, { deletedRows = false, swap, takenBack }: GroupEnd): GenerationsEnd {
  const loaded = takenBack?.loaded ?? group.loaded ?? [];
  const endedRecords = swap?.sameRecords === false || loaded.some(({ counts }) => counts.deleted > 0);
  return { deletedRows, endedRecords };
}

function toLease({ _id: datasetId, lane, appliedRevision, generation }: DatasetDocument, owner: string): Lease {
  if (appliedRevision === null || generation === null) throw new TypeError(`dataset ${datasetId} was never applied`);
  // Lanes that have taken no group since there is such a number do not have it.
  const { runToken, finalThrough, finalBytes, takenThrough = Number.MAX_SAFE_INTEGER, records, rows } = lane;
  const place = { finalThrough, finalBytes, takenThrough, terminations: lane.terminations ?? 0 };
  const wasInterrupted = lane.interrupted === true;
  return { datasetId, runToken, owner, ...place, wasInterrupted, appliedRevision, generation, records, rows };
}
