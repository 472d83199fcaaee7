import type { ClientSession, MongoClient } from 'mongodb';
import type { GroupTransition } from '../../ports/lane.js';
import type { Terminations } from '../../ports/terminations.js';
import type { Collections } from './collections.js';

/** No run of a lane has a token as large: a group with it is written by none any longer. */
const NOBODY = Number.MAX_SAFE_INTEGER;

/**
 * Terminations on MongoDB. The transaction writes the lane's document, as the transactions do that take a group up and commit it, and the group's, as every
 * recorded status does: so of two that meet one is repeated and then sees the other, and no status is recorded between the look at the group and the end of
 * the job.
 */
export function mongoTerminations(client: MongoClient, { jobs, datasets, groups }: Collections): Terminations {
  async function terminate(jobId: string, finishedAt: Date, session: ClientSession) {
    const job = await jobs.findOne({ _id: jobId, position: { $gt: 0 } }, { session });
    if (!job) return 'NOT_FOUND';
    if (!job.open) return 'FINAL';
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
    await jobs.updateOne({ _id: jobId }, { $set, $unset: { open: 1 } }, { session });
    return 'TERMINATED';
  }

  return {
    terminate: (jobId, at) =>
      client.withSession((session) => session.withTransaction(() => terminate(jobId, at, session))),
  };
}

/**
 * Ends all jobs of a dataset that is gone, wherever they stand; those of the group under way keep the statuses it has reached. The lane's run token has grown
 * already, so no group is taken up any longer; the group under way is taken from its run before its statuses are looked at.
 */
export async function terminateAll(
  { jobs, groups }: Pick<Collections, 'jobs' | 'groups'>,
  datasetId: string,
  finishedAt: Date,
): Promise<void> {
  const open = { open: true as const, datasetId };
  const end = (after: GroupTransition['status'] | undefined, groupId: string | undefined) => [
    {
      $set: {
        status: 'TERMINATED_EXIT',
        finishedAt,
        terminated: { records: '$recordCount', ...(after && { after }) },
        ...(groupId !== undefined && { groupId }),
      },
    },
    { $unset: 'open' },
  ];
  await groups.updateMany({ datasetId, closedAt: null }, { $set: { runToken: NOBODY } });
  for (const { _id, first, last, transitions } of await groups.find({ datasetId, closedAt: null }).toArray()) {
    await jobs.updateMany({ ...open, position: { $gte: first, $lte: last } }, end(transitions.at(-1)?.status, _id));
  }
  await jobs.updateMany(open, end(undefined, undefined));
}
