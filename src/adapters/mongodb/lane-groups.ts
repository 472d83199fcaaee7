import type { ClientSession, MongoClient } from 'mongodb';
import { type LaneJob, standsAlone } from '../../domain/job/job.js';
import type { Group, GroupBounds, Lanes, Lease } from '../../ports/lane.js';
import type { Collections } from './collections.js';
import type { GroupDocument, JobDocument } from './documents.js';
import { placesOf } from './group-places.js';
import { IS_OPEN, isOpen } from './job-end.js';
import { toLoadedJob } from './job-view.js';
import { leaseLost } from './lease-lost.js';
import { WITHOUT_BODY } from './log-documents.js';
import { heldBy } from './owned-updates.js';
import type { RecentJobs } from './recent-jobs.js';
import { splitGroup } from './split-group.js';
import { waitingJobs } from './waiting-jobs.js';

type Taking = Pick<Lanes, 'nextGroup' | 'storeGroup' | 'jobsOf' | 'jobsAfter'>;

/** Takes groups, and finds their jobs, which this process may remember. Those of a new group were found when it was made up, and are kept until they are asked for. */
export function groupTaking(client: MongoClient, collections: Collections, recent: RecentJobs): Taking {
  const { jobs } = collections;
  const jobsRead = new WeakMap<Group, readonly LaneJob[]>();
  const firstWaiting = waitingJobs(collections, recent);

  const storeGroup: Taking['storeGroup'] = (lease, group) =>
    client.withSession((session) =>
      session.withTransaction(() => storeNew(collections, lease, groupDocument(lease, group), session)),
    );

  return {
    async nextGroup(lease, bounds, now, mayPutOff) {
      const first = lease.finalThrough + 1;
      const left = await leftGroup(collections, lease, groupId(lease.datasetId, first), bounds);
      if (left) {
        const next = needsSplit(left, bounds) ? await splitGroup(client, collections, lease, left) : left;
        return { group: toGroup(next), isStored: true, hasAll: false };
      }
      const { jobs: waiting, areRemembered } = await firstWaiting(lease.datasetId, first, bounds);
      const fitting = thatFit(waiting, bounds);
      const group = newGroup(lease, first, fitting, areRemembered, now);
      if (!group) return null;
      const read = fitting.filter(isOpen).map(toLaneJob);
      jobsRead.set(group, read);
      // Only the document of a group counts how often it was interrupted.
      const isStored = lease.wasInterrupted || !mayPutOff?.(group, read);
      if (isStored) await storeGroup(lease, group);
      const hasAll = fitting.length === waiting.length && waiting.length < bounds.maxJobs;
      return { group, isStored, hasAll };
    },

    storeGroup,

    async jobsAfter({ datasetId, last }, bounds) {
      const fitting = thatFit((await firstWaiting(datasetId, last + 1, bounds)).jobs, bounds);
      return fitting.filter(isOpen).map(toLaneJob);
    },

    async jobsOf(group) {
      const read = jobsRead.get(group);
      if (read && jobsRead.delete(group)) return read;
      const waiting = jobs.find({ ...placesOf(group), ...IS_OPEN }, WITHOUT_BODY).sort({ position: 1 });
      return (await waiting.toArray()).map(toLaneJob);
    },
  };
}

function groupId(datasetId: string, first: number): string {
  return `${datasetId}:${first}`;
}

/** A group of these jobs; null if there are none. */
function newGroup(
  lease: Lease,
  first: number,
  fitting: readonly JobDocument[],
  isRemembered: boolean,
  now: Date,
): Group | null {
  const lastJob = fitting.at(-1);
  if (!lastJob) return null;
  return {
    id: groupId(lease.datasetId, first),
    datasetId: lease.datasetId,
    first,
    last: lastJob.position,
    isRemembered,
    bytes: lastJob.totalBytes - lease.finalBytes,
    totalBytes: lastJob.totalBytes,
    attempts: 1,
    // The owner before may have ended while it loaded this group, which it had not stored.
    interruptions: lease.wasInterrupted ? 1 : 0,
    lateInterruptions: 0,
    restMs: 0,
    transitions: [{ status: 'QUERYING_DATASOURCES', at: now }],
    waiting: null,
    loaded: null,
  };
}

/** The document of a new group. */
export function groupDocument({ runToken }: Lease, group: Group): GroupDocument {
  const { id: _id, datasetId, first, last, bytes, totalBytes, attempts, interruptions, transitions } = group;
  const taken = { runToken, attempts, interruptions, transitions, committedAt: null, loaded: [], closedAt: null };
  return { _id, datasetId, first, last, bytes, totalBytes, ...taken };
}

/** Written with the lane's document, so that a termination that has not seen the group conflicts with it. */
async function storeNew(
  { datasets, groups }: Pick<Collections, 'datasets' | 'groups'>,
  lease: Lease,
  document: GroupDocument,
  session: ClientSession,
): Promise<void> {
  const taken = { $set: { 'lane.takenThrough': document.last } };
  const { matchedCount } = await datasets.updateOne(heldBy(lease), taken, { session });
  if (matchedCount === 0) throw leaseLost(lease);
  await groups.insertOne(document, { session });
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

/** The first of these jobs, as many as fit into a group with these limits. */
function thatFit(waiting: readonly JobDocument[], { maxRecords, maxBytes }: GroupBounds): readonly JobDocument[] {
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
