import type { ClientSession, MongoClient, UpdateFilter } from 'mongodb';
import { type Group, type GroupBounds, type Lanes, type Lease, LeaseLostError } from '../../ports/lane.js';
import type { Collections, DatasetDocument, GroupDocument, JobDocument } from './documents.js';
import { closeLoaded, closeRefused, keepErrors, openIds, settleQuarantine, splitOpen } from './job-closing.js';
import { countsOf, toLoadedDocument } from './job-view.js';

const RELEASED = new Date(0);

/** Lanes on MongoDB. The lane stands in its dataset's document; times are compared with the server's `$$NOW` alone. */
export function mongoLanes(client: MongoClient, collections: Collections): Lanes {
  const { datasets, jobs, groups } = collections;
  const inTransaction = <T>(work: (session: ClientSession) => Promise<T>) =>
    client.withSession((session) => session.withTransaction(() => work(session)));

  /** Updates the lane's document only while the run token is the lease's. */
  async function updateLane(lease: Lease, update: UpdateFilter<DatasetDocument> | object[], session?: ClientSession) {
    const owned = { _id: lease.datasetId, 'lane.runToken': lease.runToken };
    const { matchedCount } = await datasets.updateOne(owned, update, session && { session });
    if (matchedCount === 0) throw lost(lease);
  }

  async function updateGroup(lease: Lease, group: Group, $set: Partial<GroupDocument>, session?: ClientSession) {
    const owned = { _id: group.id, runToken: lease.runToken };
    const { matchedCount } = await groups.updateOne(owned, { $set }, session && { session });
    if (matchedCount === 0) throw lost(lease);
  }

  return {
    async acquire(datasetId, owner, leaseMs) {
      const free = { _id: datasetId, appliedRevision: { $ne: null }, $expr: { $lt: ['$lane.leaseUntil', '$$NOW'] } };
      const taken = { owner, runToken: { $add: ['$lane.runToken', 1] }, leaseUntil: { $add: ['$$NOW', leaseMs] } };
      const document = await datasets.findOneAndUpdate(free, [{ $set: { lane: taken } }], { returnDocument: 'after' });
      return document && toLease(document);
    },

    renew: (lease, leaseMs) => updateLane(lease, [{ $set: { 'lane.leaseUntil': { $add: ['$$NOW', leaseMs] } } }]),

    release: (lease) => updateLane(lease, { $set: { 'lane.owner': null, 'lane.leaseUntil': RELEASED } }),

    async nextGroup(lease, bounds, now) {
      const first = lease.finalThrough + 1;
      const _id = `${lease.datasetId}:${first}`;
      const left = await groups.findOneAndUpdate(
        { _id, runToken: { $lt: lease.runToken } },
        { $set: { runToken: lease.runToken, waitingFor: null }, $inc: { attempts: 1 } },
        { returnDocument: 'after' },
      );
      if (left) return toGroup(left);
      const lastJob = await lastThatFits(collections, lease.datasetId, first, bounds);
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
      const inserted = await groups.updateOne({ _id }, { $setOnInsert: document }, { upsert: true });
      if (inserted.upsertedCount === 0) throw lost(lease);
      return toGroup(document);
    },

    async jobsOf({ datasetId, first, last }) {
      const waiting = jobs.find({ datasetId, position: { $gte: first, $lte: last }, open: true }).sort({ position: 1 });
      return (await waiting.toArray()).map(({ _id: id, ...job }) => ({ id, ...job }));
    },

    recordWaiting: (lease, group, waitingFor) => updateGroup(lease, group, { waitingFor }),

    recordTransitions: (lease, group) => updateGroup(lease, group, { transitions: group.transitions }),

    async commit(lease, group, outcomes, at) {
      await keepErrors(collections, outcomes);
      return inTransaction(async (session) => {
        await updateLane(lease, { $set: { 'lane.committedThrough': group.last } }, session);
        const { refused, loaded } = splitOpen(outcomes, await openIds(collections, group, session));
        const documents = loaded.map(toLoadedDocument);
        const change = { committedAt: at, loaded: documents, transitions: group.transitions };
        await updateGroup(lease, group, change, session);
        await closeRefused(collections, group, refused, at, session);
        return { ...group, loaded };
      });
    },

    complete(lease, group, released, at) {
      const counts = (group.loaded ?? []).map((loaded) => loaded.counts);
      const records = counts.reduce((sum, { added, deleted }) => sum + added - deleted, 0);
      const rows = counts.reduce((sum, one) => sum + one.rows, 0);
      return inTransaction(async (session) => {
        const $inc = { 'lane.records': records, 'lane.rows': rows };
        const $set = { 'lane.finalThrough': group.last, 'lane.finalBytes': group.totalBytes };
        await updateLane(lease, { $set, $inc }, session);
        await updateGroup(lease, group, { closedAt: at, transitions: group.transitions }, session);
        await closeLoaded(collections, group, at, session);
        await settleQuarantine(collections, group, released, session);
        return { ...lease, finalThrough: group.last, finalBytes: group.totalBytes };
      });
    },

    async freeAll() {
      await datasets.updateMany({}, { $set: { 'lane.owner': null, 'lane.leaseUntil': RELEASED } });
    },

    async orphans() {
      const waiting = await jobs.distinct('datasetId', { open: true });
      const free = { _id: { $in: waiting }, $expr: { $lt: ['$lane.leaseUntil', '$$NOW'] } };
      return (await datasets.find(free, { projection: { _id: 1 } }).toArray()).map(({ _id }) => _id);
    },
  };
}

function lost({ datasetId, runToken }: Lease): LeaseLostError {
  return new LeaseLostError(`run ${runToken} of the lane of dataset ${datasetId} is over: another worker owns it`);
}

/** The last of the first waiting jobs that a group of these bounds can hold; undefined when none waits. What is no push is a group of its own. */
async function lastThatFits(
  { jobs }: Pick<Collections, 'jobs'>,
  datasetId: string,
  first: number,
  { maxJobs, maxBytes }: GroupBounds,
): Promise<Pick<JobDocument, 'position' | 'totalBytes'> | undefined> {
  const waiting = await jobs
    .find(
      { datasetId, position: { $gte: first } },
      { projection: { position: 1, totalBytes: 1, kind: 1, 'payload.bytes': 1 } },
    )
    .sort({ position: 1 })
    .limit(maxJobs)
    .toArray();
  let bytes = 0;
  const tooMuch = waiting.findIndex(({ payload, kind }, index) => {
    bytes += payload.bytes;
    const alone = kind !== 'PUSH' || waiting[0]?.kind !== 'PUSH';
    return index > 0 && (alone || bytes > maxBytes);
  });
  return waiting.at(tooMuch === -1 ? -1 : tooMuch - 1);
}

function toLease({ _id: datasetId, lane, appliedRevision, generation }: DatasetDocument): Lease {
  if (appliedRevision === null || generation === null) throw new TypeError(`dataset ${datasetId} was never applied`);
  const { runToken, finalThrough, finalBytes } = lane;
  return { datasetId, runToken, finalThrough, finalBytes, appliedRevision, generation };
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
    transitions,
    committedAt,
    loaded = [],
  } = document;
  const outcomes = loaded.map((one) => ({ position: one.p, counts: countsOf(one) }));
  return {
    id,
    datasetId,
    first,
    last,
    bytes,
    totalBytes,
    attempts,
    transitions,
    loaded: committedAt === null ? null : outcomes,
  };
}
