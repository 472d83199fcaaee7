import type { ClientSession, MongoClient } from 'mongodb';
import type { GroupTransition } from '../../ports/lane.js';
import type { Terminations } from '../../ports/terminations.js';
import type { Collections } from './collections.js';
import { placesOf } from './group-places.js';
import { LANE_POSITION, MARKED_JOBS } from './indexes.js';
import { IS_OPEN, isOpen } from './job-end.js';
import { HAS_MARK, unmarkEnded } from './job-marks.js';
import { WITHOUT_BODY } from './log-documents.js';

const BY_PLACE = { hint: LANE_POSITION };

/** Before that, the process that deletes a dataset ends its jobs, and others may still accept some. */
const DELETED_MS = 2_000;
const DELETED_LONG_ENOUGH = {
  deletedAt: { $type: 'date' as const },
  $expr: { $lt: ['$deletedAt', { $subtract: ['$$NOW', DELETED_MS] }] },
};

/** No run of a lane has such a large token, so no run can still write a group that has it. */
const NOBODY = Number.MAX_SAFE_INTEGER;

/**
 * Terminations on MongoDB. The transaction writes the lane's document, like the transactions that take up a group and commit it, and the group's document, like every
 * recorded status. So if two of them meet, one is repeated and then sees the other, and no status is recorded between the read of the group and the end of the job.
 */
export function mongoTerminations(client: MongoClient, collections: Collections): Terminations {
  const { jobs, datasets, groups } = collections;

  async function terminate(jobId: string, finishedAt: Date, session: ClientSession) {
    const job = await jobs.findOne({ _id: jobId, position: { $gt: 0 } }, { ...WITHOUT_BODY, session });
    if (!job) return 'NOT_FOUND';
    if (!isOpen(job)) return 'FINAL';
    const { datasetId, position, recordCount } = job;
    const uncommitted = { _id: datasetId, 'lane.committedThrough': { $lt: position } };
    const lane = await datasets.updateOne(uncommitted, { $inc: { 'lane.terminations': 1 } }, { session });
    if (lane.matchedCount === 0) return 'COMMITTED';
    const group = await groups.findOneAndUpdate(
      { datasetId, first: { $lte: position }, last: { $gte: position } },
      { $inc: { terminations: 1 } },
      { session, projection: { transitions: 1 } },
    );
    const last = group?.transitions.at(-1)?.status;
    const $set = {
      status: 'TERMINATED_EXIT' as const,
      finishedAt,
      terminated: { records: recordCount, ...(last && { after: last }) },
      ...(group && { groupId: group._id }),
    };
    await jobs.updateOne({ _id: jobId }, { $set }, { session });
    return 'TERMINATED';
  }

  return {
    terminate: (jobId, at) =>
      client.withSession((session) => session.withTransaction(() => terminate(jobId, at, session))),

    async endJobsOfDeleted(at) {
      // What a primary that is lost may take with it must not end a job.
      const options = { projection: { _id: 1 }, readConcern: 'majority' as const };
      const deleted = await datasets.find(DELETED_LONG_ENOUGH, options).toArray();
      if (deleted.length === 0) return;
      const marked = { ...HAS_MARK, datasetId: { $in: deleted.map(({ _id }) => _id) } };
      for (const datasetId of await jobs.distinct('datasetId', marked)) await terminateAll(collections, datasetId, at);
    },
  };
}

/**
 * Ends all jobs of a deleted dataset, in whatever status; the jobs of the group that is being loaded keep the statuses that it has reached. The lane's run token has
 * already grown, so no group is taken up any more. The group that is being loaded is taken from its run before its statuses are read.
 */
export async function terminateAll(
  { jobs, groups }: Pick<Collections, 'jobs' | 'groups'>,
  datasetId: string,
  finishedAt: Date,
): Promise<void> {
  const end = (after: GroupTransition['status'] | undefined, groupId: string | undefined) => [
    {
      $set: {
        status: 'TERMINATED_EXIT',
        finishedAt,
        terminated: { records: '$recordCount', ...(after && { after }) },
        ...(groupId !== undefined && { groupId }),
      },
    },
  ];
  await groups.updateMany({ datasetId, closedAt: null }, { $set: { runToken: NOBODY } });
  for (const group of await groups.find({ datasetId, closedAt: null }).toArray()) {
    const reached = group.transitions.at(-1)?.status;
    await jobs.updateMany({ ...IS_OPEN, ...placesOf(group) }, end(reached, group._id), BY_PLACE);
  }
  const first = await jobs.findOne(
    { ...HAS_MARK, datasetId },
    { sort: { position: 1 }, projection: { position: 1 }, hint: MARKED_JOBS },
  );
  if (!first) return;
  // Jobs may be inserted meanwhile, of which the first has the mark: a sweep, or the purge of the dataset, ends them.
  const last = await jobs.findOne({ datasetId }, { sort: { position: -1 }, projection: { position: 1 } });
  const waiting = { ...IS_OPEN, datasetId, position: { $gte: first.position } };
  await jobs.updateMany(waiting, end(undefined, undefined), BY_PLACE);
  if (last) await unmarkEnded({ jobs }, [{ datasetId, finalThrough: last.position }]);
}
