import type { ClientSession, MongoClient } from 'mongodb';
import type { CommitResult, Group, GroupEnd, Lanes } from '../../ports/lane.js';
import type { Collections } from './collections.js';
import { type GenerationsEnd, settleGenerations } from './generations.js';
import { groupRecords } from './group-records.js';
import { addErrors, closeLoaded, closeRefused, closeTakenBack, keepErrors, openIds } from './job-closing.js';
import { toLoadedDocument } from './job-view.js';
import { laneChange, leaseAfter } from './lane-change.js';
import { groupTaking } from './lane-groups.js';
import { laneLeases } from './lane-leases.js';
import { ownedUpdates } from './owned-updates.js';
import { forgetQuarantined, settleAtCommit, settleQuarantine } from './quarantine-settling.js';
import { RecentJobs } from './recent-jobs.js';
import { orphanedLanes } from './waiting-lanes.js';

/** Lanes on MongoDB; `recent`: what this process remembers of their jobs. The lane is part of its dataset's document; times are compared only with the server's `$$NOW`. */
export function mongoLanes(client: MongoClient, collections: Collections, recent = new RecentJobs()): Lanes {
  const owned = ownedUpdates(collections);
  const inTransaction = <T>(work: (session: ClientSession) => Promise<T>) =>
    client.withSession((session) => session.withTransaction(() => work(session)));

  return {
    ...laneLeases(collections),

    ...groupTaking(client, collections, recent),

    ...groupRecords(owned),

    async commit(lease, group, outcomes, at, appliedRevision) {
      await keepErrors(collections, lease, outcomes);
      return inTransaction<CommitResult>(async (session) => {
        const passed = { $set: { 'lane.committedThrough': group.last } };
        // A remembered job may have been terminated before the lease was granted, which the lane does not show.
        if (group.isRemembered || !(await owned.undisturbedLane(lease, passed, session, appliedRevision))) {
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

    orphans: () => orphanedLanes(collections),
  };
}

function generationsEnd(group: Group, { deletedRows = false, swap, takenBack }: GroupEnd): GenerationsEnd {
  const loaded = takenBack?.loaded ?? group.loaded ?? [];
  const endedRecords = swap?.sameRecords === false || loaded.some(({ counts }) => counts.deleted > 0);
  return { deletedRows, endedRecords };
}
