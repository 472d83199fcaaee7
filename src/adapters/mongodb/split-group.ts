import type { MongoClient } from 'mongodb';
import type { Lease } from '../../ports/lane.js';
import type { Collections } from './collections.js';
import type { GroupDocument, JobDocument } from './documents.js';
import { placesOf } from './group-places.js';
import { finalBeforeOf } from './job-view.js';
import { leaseLost } from './lease-lost.js';

/**
 * Splits a group that has not been committed into one group for each job, and returns the first, which the run has taken up. So a job that no run survives holds up only
 * the jobs after it, and only until it is given up. All parts have the statuses that the group has reached, so no job's status goes back.
 */
export async function splitGroup(
  client: MongoClient,
  { groups, jobs }: Pick<Collections, 'groups' | 'jobs'>,
  { runToken, datasetId }: Lease,
  group: GroupDocument,
): Promise<GroupDocument> {
  const { _id } = group;
  const places = await jobs
    .find(placesOf(group), { projection: { position: 1, totalBytes: 1, 'payload.bytes': 1 } })
    .sort({ position: 1 })
    .toArray();
  const [head, ...others] = places.map((job) => partOf(group, job));
  if (!head) throw new Error(`group ${_id} has no jobs`);
  await client.withSession((session) =>
    session.withTransaction(async () => {
      const { last: end, bytes, totalBytes, finalBefore, interruptions } = head;
      const $set = { last: end, bytes, totalBytes, finalBefore, interruptions };
      const { matchedCount } = await groups.updateOne({ _id, runToken }, { $set }, { session });
      if (matchedCount === 0) throw leaseLost({ datasetId, runToken });
      await groups.insertMany(others, { session });
    }),
  );
  return head;
}

/** No run has taken it up yet, so taking it up the first time is not an interruption. */
function partOf(group: GroupDocument, { position, totalBytes, payload }: JobDocument): GroupDocument {
  const { _id, datasetId, first } = group;
  const place = { first: position, last: position, bytes: payload.bytes, totalBytes };
  const part = { ...group, ...place, finalBefore: finalBeforeOf(group), interruptions: 0 };
  if (position === first) return { ...part, _id };
  return { ...part, _id: `${datasetId}:${position}`, runToken: 0, givenBack: true };
}
