import type { MongoClient } from 'mongodb';
import { type LaneJob, standsAlone } from '../../domain/job/job.js';
import type { Group, GroupBounds, Lanes, Lease } from '../../ports/lane.js';
import type { Collections } from './collections.js';
import type { GroupDocument, JobDocument } from './documents.js';
import { toLoadedJob } from './job-view.js';
import { leaseLost } from './lease-lost.js';
import { WITHOUT_BODY } from './log-documents.js';
import { splitGroup } from './split-group.js';

/** Takes groups, and reads their jobs: those of a new group were read when it was made up, and are kept until they are asked for. */
export function groupTaking(client: MongoClient, collections: Collections): Pick<Lanes, 'nextGroup' | 'jobsOf'> {
  const jobsRead = new WeakMap<Group, readonly LaneJob[]>();

  return {
    async nextGroup(lease, bounds, now) {
      const taken = await takeNextGroup(client, collections, lease, bounds, now);
      if (taken?.jobs) jobsRead.set(taken.group, taken.jobs);
      return taken ? taken.group : null;
    },

    async jobsOf(group) {
      const read = jobsRead.get(group);
      if (read && jobsRead.delete(group)) return read;
      const { datasetId, first, last } = group;
      const waiting = collections.jobs
        .find({ datasetId, position: { $gte: first, $lte: last }, open: true }, WITHOUT_BODY)
        .sort({ position: 1 });
      return (await waiting.toArray()).map(toLaneJob);
    },
  };
}

/** A group, and if it is a new one, its jobs that are not final. */
interface TakenGroup {
  readonly group: Group;
  readonly jobs?: readonly LaneJob[];
}

/** Returns the group that an earlier owner left, the first part of one that must be split, or a new group of the first waiting jobs; null if none wait. */
async function takeNextGroup(
  client: MongoClient,
  { datasets, groups, jobs }: Pick<Collections, 'datasets' | 'groups' | 'jobs'>,
  lease: Lease,
  bounds: GroupBounds,
  now: Date,
): Promise<TakenGroup | null> {
  const first = lease.finalThrough + 1;
  const _id = `${lease.datasetId}:${first}`;
  const left = await leftGroup({ groups }, lease, _id, bounds);
  if (left && needsSplit(left, bounds))
    return { group: toGroup(await splitGroup(client, { groups, jobs }, lease, left)) };
  if (left) return { group: toGroup(left) };
  const fitting = await firstThatFit({ jobs }, lease.datasetId, first, bounds);
  const lastJob = fitting.at(-1);
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
      // The token is not durable yet. If the primary that gave it is lost, the next one may give it to another owner.
      const owned = { _id: lease.datasetId, 'lane.runToken': lease.runToken, 'lane.owner': lease.owner };
      const taken = { $set: { 'lane.takenThrough': document.last } };
      const { matchedCount } = await datasets.updateOne(owned, taken, { session });
      if (matchedCount === 0) throw leaseLost(lease);
      await groups.insertOne(document, { session });
    }),
  );
  return { group: toGroup(document), jobs: fitting.filter(({ open }) => open).map(toLaneJob) };
}

/** Takes up the group that an earlier owner left; null if none is left. Invariant: the transaction that stores a group also stores `takenThrough`, so later jobs are in no group. */
async function leftGroup(
  { groups }: Pick<Collections, 'groups'>,
  lease: Lease,
  _id: string,
  bounds: GroupBounds,
): Promise<GroupDocument | null> {
  if (lease.takenThrough <= lease.finalThrough) return null;
  const earlier = { _id, runToken: { $lt: lease.runToken } };
  return groups.findOneAndUpdate(earlier, takenUpBy(lease, bounds), { returnDocument: 'after' });
}

/**
 * A run takes up the group of an earlier run. The earlier run was interrupted, unless it gave the group back, which ends a row of interruptions, or waited for something. If
 * the group is suspected, it also must have loaded it alone. Interruptions before and after the commit point are counted apart.
 */
function takenUpBy({ runToken }: Lease, { splitAfter, setApart }: GroupBounds) {
  const isCommitted = { $ne: ['$committedAt', null] };
  const next = (count: object) => {
    const isCause = { $or: [{ $lt: [count, splitAfter] }, { $eq: ['$aloneIn', '$runToken'] }] };
    const hasWaited = { $eq: ['$waitedIn', '$runToken'] };
    const interrupted = { $and: [{ $not: [hasWaited] }, isCause] };
    return { $cond: [{ $eq: ['$givenBack', true] }, 0, { $add: [count, { $cond: [interrupted, 1, 0] }] }] };
  };
  const late = { $ifNull: ['$lateInterruptions', 0] };
  const isSetApart = { $and: [isCommitted, { $gte: [next(late), setApart.after] }] };
  const isSame = { $eq: [next(late), late] };
  const counted = {
    runToken,
    attempts: { $add: ['$attempts', 1] },
    interruptions: { $cond: [isCommitted, 0, next({ $ifNull: ['$interruptions', 0] })] },
    lateInterruptions: { $cond: [isCommitted, next(late), 0] },
    restUntil: { $cond: [isSetApart, { $cond: [isSame, '$restUntil', { $add: ['$$NOW', setApart.restMs] }] }, null] },
  };
  const restMs = { $max: [0, { $subtract: ['$restUntil', '$$NOW'] }] };
  return [{ $set: counted }, { $set: { restMs } }, { $unset: 'givenBack' }];
}

function needsSplit({ first, last, committedAt, interruptions = 0 }: GroupDocument, bounds: GroupBounds): boolean {
  return committedAt === null && first < last && interruptions >= bounds.splitAfter;
}

/** The first jobs after those of the last group, as many as fit into a group with these limits; none if none wait. */
async function firstThatFit(
  { jobs }: Pick<Collections, 'jobs'>,
  datasetId: string,
  first: number,
  { maxJobs, maxRecords, maxBytes }: GroupBounds,
): Promise<readonly JobDocument[]> {
  const waiting = await jobs
    .find({ datasetId, position: { $gte: first } }, WITHOUT_BODY)
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
  return tooMuch === -1 ? waiting : waiting.slice(0, tooMuch);
}

/** A job as the pipeline sees it. */
function toLaneJob({ _id: id, ...job }: JobDocument): LaneJob {
  return { id, ...job };
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
    lateInterruptions = 0,
    restMs = 0,
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
    lateInterruptions,
    restMs,
    transitions,
    waiting,
    loaded: committedAt === null ? null : loaded.map(toLoadedJob),
  };
}
