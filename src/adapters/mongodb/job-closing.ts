import { BSON, type ClientSession } from 'mongodb';
import { joinErrors } from '../../domain/job/error-report.js';
import { type JobError, type JobErrors, type JobOutcome, NO_ERRORS } from '../../domain/job/job.js';
import type { Group, LateErrors, Lease, LoadedJob } from '../../ports/lane.js';
import type { Collections } from './collections.js';
import { placesOf } from './group-places.js';
import { LANE_POSITION } from './indexes.js';
import { IS_OPEN } from './job-end.js';
import { keepOfRun } from './run-writes.js';

/** A document can have 16 MB; the summary takes up to 7 MB. */
const MAX_ERROR_BYTES = 8 * 1024 * 1024;

/** The jobs of a group that have not been terminated. */
export async function openIds(
  { jobs }: Pick<Collections, 'jobs'>,
  group: Group,
  session: ClientSession,
): Promise<Set<string>> {
  const open = { ...IS_OPEN, ...placesOf(group) };
  const found = await jobs.find(open, { session, projection: { _id: 1 }, hint: LANE_POSITION }).toArray();
  return new Set(found.map(({ _id }) => _id));
}

/**
 * Stores the errors of jobs that are about to be committed, outside the transaction, which stays small. Nobody reads them until the job has ended with errors, so the
 * errors of an interrupted attempt may stay.
 */
export async function keepErrors(
  { jobErrors }: Pick<Collections, 'jobErrors'>,
  { runToken }: Lease,
  outcomes: readonly JobOutcome[],
): Promise<void> {
  const faulty = outcomes.filter(({ errors }) => errors.summary.length > 0);
  const documents = faulty.map(({ jobId: _id, errors }) => ({ _id, ...thatFit(errors) }));
  await keepOfRun(jobErrors, runToken, documents);
}

/** Adds errors that the run found after the commit point. */
export async function addErrors(
  { jobErrors }: Pick<Collections, 'jobErrors'>,
  { runToken }: Lease,
  errorsOfJobs: ReadonlyMap<string, LateErrors> = new Map(),
  session: ClientSession,
) {
  for (const [_id, { errors: later, hadErrors }] of errorsOfJobs) {
    // If the job had no errors at its commit point, stored ones are from an interrupted attempt.
    const earlier = hadErrors ? await jobErrors.findOne({ _id }, { session }) : null;
    const errors = thatFit(joinErrors(earlier ?? NO_ERRORS, later));
    await jobErrors.replaceOne({ _id }, { ...errors, runToken }, { session, upsert: true });
  }
}

/** Keeps as many errors as a document has room for. */
function thatFit({ kept, summary }: JobErrors): JobErrors {
  let bytes = 0;
  const tooMuch = kept.findIndex((error: JobError) => {
    bytes += BSON.calculateObjectSize(error);
    return bytes > MAX_ERROR_BYTES;
  });
  return { kept: tooMuch === -1 ? kept : kept.slice(0, tooMuch), summary };
}

/** Closes the jobs of a group that its commit point refuses. */
export async function closeRefused(
  { jobs }: Pick<Collections, 'jobs'>,
  group: Group,
  refused: readonly JobOutcome[],
  finishedAt: Date,
  session: ClientSession,
) {
  if (refused.length === 0) return;
  const closings = refused.map(({ jobId, counts, faults }) => ({
    updateOne: {
      filter: { _id: jobId },
      update: {
        $set: {
          status: 'ERROR_EXIT' as const,
          groupId: group.id,
          finishedAt,
          refused: { counts, faults },
        },
      },
    },
  }));
  await jobs.bulkWrite(closings, { session });
}

/** Closes jobs that passed the commit point and of which the record store refused every record. */
export async function closeTakenBack(
  { jobs }: Pick<Collections, 'jobs'>,
  { id: groupId, datasetId }: Group,
  refused: readonly LoadedJob[],
  finishedAt: Date,
  session: ClientSession,
) {
  for (const { position, counts, faults } of refused) {
    const $set = {
      status: 'ERROR_EXIT' as const,
      groupId,
      finishedAt,
      refused: { counts, faults, afterCommit: true as const },
    };
    await jobs.updateOne({ ...IS_OPEN, datasetId, position }, { $set }, { session });
  }
}

/** Closes the other jobs of a group; the group has their counts since the commit point. */
export async function closeLoaded(
  { jobs }: Pick<Collections, 'jobs'>,
  group: Group,
  revision: number,
  finishedAt: Date,
  session: ClientSession,
) {
  const { filter, update, hint } = closingOf(group, revision, finishedAt);
  await jobs.updateMany(filter, update, { session, hint });
}

/** Which jobs the end of a group closes, and how: those that are still open. It changes no field of an index. */
export function closingOf(group: Group, revision: number, finishedAt: Date) {
  const filter = { ...IS_OPEN, ...placesOf(group) };
  return { filter, update: { $set: { groupId: group.id, revision, finishedAt } }, hint: LANE_POSITION };
}
