import type { MongoClient } from 'mongodb';
import { standsAlone } from '../../domain/job/job.js';
import { type Group, type GroupBounds, type Lease, LeaseLostError } from '../../ports/lane.js';
import type { Collections } from './collections.js';
import type { GroupDocument, JobDocument } from './documents.js';
import { toLoadedJob } from './job-view.js';

/** The group an earlier owner left, or a new one of the first waiting jobs; null when none wait. */
export async function takeNextGroup(
  client: MongoClient,
  { datasets, groups, jobs }: Pick<Collections, 'datasets' | 'groups' | 'jobs'>,
  lease: Lease,
  bounds: GroupBounds,
  now: Date,
): Promise<Group | null> {
  const first = lease.finalThrough + 1;
  const _id = `${lease.datasetId}:${first}`;
  const left = await groups.findOneAndUpdate(
    { _id, runToken: { $lt: lease.runToken } },
    { $set: { runToken: lease.runToken }, $inc: { attempts: 1 } },
    { returnDocument: 'after' },
  );
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
  // With the lane's document, so that a termination which has not seen the group meets it there.
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

export function leaseLost({ datasetId, runToken }: Lease): LeaseLostError {
  return new LeaseLostError(`run ${runToken} of the lane of dataset ${datasetId} is over: another worker owns it`);
}

/** The last of the first waiting jobs that a group of these bounds can hold; undefined when none waits. */
async function lastThatFits(
  { jobs }: Pick<Collections, 'jobs'>,
  datasetId: string,
  first: number,
  { maxJobs, maxBytes }: GroupBounds,
): Promise<Pick<JobDocument, 'position' | 'totalBytes'> | undefined> {
  const waiting = await jobs
    .find(
      { datasetId, position: { $gte: first } },
      { projection: { position: 1, totalBytes: 1, kind: 1, 'payload.bytes': 1, 'payload.form': 1 } },
    )
    .sort({ position: 1 })
    .limit(maxJobs)
    .toArray();
  let bytes = 0;
  const [head] = waiting;
  const tooMuch = waiting.findIndex((job, index) => {
    bytes += job.payload.bytes;
    return index > 0 && (standsAlone(job) || (head !== undefined && standsAlone(head)) || bytes > maxBytes);
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
    transitions,
    waiting,
    loaded: committedAt === null ? null : loaded.map(toLoadedJob),
  };
}
