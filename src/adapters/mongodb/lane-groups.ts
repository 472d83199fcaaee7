import type { MongoClient } from 'mongodb';
import { standsAlone } from '../../domain/job/job.js';
import type { Group, GroupBounds, Lease } from '../../ports/lane.js';
import type { Collections } from './collections.js';
import type { GroupDocument, JobDocument } from './documents.js';
import { toLoadedJob } from './job-view.js';
import { leaseLost } from './lease-lost.js';
import { splitGroup } from './split-group.js';

/** Returns the group that an earlier owner left, the first part of one that must be split, or a new group of the first waiting jobs; null if none wait. */
export async function takeNextGroup(
  client: MongoClient,
  { datasets, groups, jobs }: Pick<Collections, 'datasets' | 'groups' | 'jobs'>,
  lease: Lease,
  bounds: GroupBounds,
  now: Date,
): Promise<Group | null> {
  const first = lease.finalThrough + 1;
  const _id = `${lease.datasetId}:${first}`;
  const left = await groups.findOneAndUpdate({ _id, runToken: { $lt: lease.runToken } }, takenUpBy(lease), {
    returnDocument: 'after',
  });
  if (left && needsSplit(left, bounds)) return toGroup(await splitGroup(client, { groups, jobs }, lease, left));
  if (left) return toGroup(left);
  const lastJob = await lastThatFits({ jobs }, lease.datasetId, first, bounds);
  if (!lastJob) return null;
  const document: GroupDocument = {
    _id,
    datasetId: lease.datasetId,
    first,
    last: lastJob.position,
    bytes: lastJob.totalBytes - lease.finalBytes,
    totalBytes: lastJob.totalBytes,
    runToken: lease.runToken,
    attempts: 1,
    transitions: [{ status: 'QUERYING_DATASOURCES', at: now }],
    committedAt: null,
    loaded: [],
    closedAt: null,
  };
  // Written with the lane's document, so that a termination that has not seen the group conflicts with it.
  await client.withSession((session) =>
    session.withTransaction(async () => {
      const owned = { _id: lease.datasetId, 'lane.runToken': lease.runToken };
      const taken = { $set: { 'lane.takenThrough': document.last } };
      const { matchedCount } = await datasets.updateOne(owned, taken, { session });
      if (matchedCount === 0) throw leaseLost(lease);
      await groups.insertOne(document, { session });
    }),
  );
  return toGroup(document);
}

/** A run takes up the group of an earlier run. The earlier run was interrupted, unless it gave the group back, waited for something, or passed the commit point. */
function takenUpBy({ runToken }: Lease) {
  const isWaiting = { $ne: [{ $ifNull: ['$waiting', null] }, null] };
  const isOver = { $or: [{ $ne: ['$committedAt', null] }, { $eq: ['$givenBack', true] }, isWaiting] };
  const interruptions = { $cond: [isOver, 0, { $add: [{ $ifNull: ['$interruptions', 0] }, 1] }] };
  return [{ $set: { runToken, attempts: { $add: ['$attempts', 1] }, interruptions } }, { $unset: 'givenBack' }];
}

function needsSplit({ first, last, committedAt, interruptions = 0 }: GroupDocument, bounds: GroupBounds): boolean {
  return committedAt === null && first < last && interruptions >= bounds.splitAfter;
}

/** The last of the waiting jobs that fit into a group with these limits; undefined if none wait. */
async function lastThatFits(
  { jobs }: Pick<Collections, 'jobs'>,
  datasetId: string,
  first: number,
  { maxJobs, maxRecords, maxBytes }: GroupBounds,
): Promise<Pick<JobDocument, 'position' | 'totalBytes'> | undefined> {
  const waiting = await jobs
    .find(
      { datasetId, position: { $gte: first } },
      { projection: { position: 1, totalBytes: 1, kind: 1, recordCount: 1, 'payload.bytes': 1, 'payload.form': 1 } },
    )
    .sort({ position: 1 })
    .limit(maxJobs)
    .toArray();
  let bytes = 0;
  let records = 0;
  const [head] = waiting;
  const tooMuch = waiting.findIndex((job, index) => {
    bytes += job.payload.bytes;
    records += job.recordCount;
    const isTooMuch = bytes > maxBytes || records > maxRecords;
    return index > 0 && (standsAlone(job) || (head !== undefined && standsAlone(head)) || isTooMuch);
  });
  return waiting.at(tooMuch === -1 ? -1 : tooMuch - 1);
}

function toGroup(document: GroupDocument): Group {
  const {
    _id: id,
    datasetId,
    first,
    last,
    bytes,
    totalBytes,
    attempts,
    interruptions = 0,
    transitions,
    waiting = null,
    committedAt,
    loaded = [],
  } = document;
  return {
    id,
    datasetId,
    first,
    last,
    bytes,
    totalBytes,
    attempts,
    interruptions,
    transitions,
    waiting,
    loaded: committedAt === null ? null : loaded.map(toLoadedJob),
  };
}
