import { BSON, type ClientSession } from 'mongodb';
import { type JobError, type JobOutcome, MAX_KEPT_ERRORS } from '../../domain/job/job.js';
import type { Group, GroupEnd } from '../../ports/lane.js';
import type { Collections } from './documents.js';

/** A document takes 16 MB. */
const MAX_ERROR_BYTES = 8 * 1024 * 1024;

/** The jobs of a group that have not been terminated. */
export async function openIds(
  { jobs }: Pick<Collections, 'jobs'>,
  group: Group,
  session: ClientSession,
): Promise<Set<string>> {
  const { datasetId, first, last } = group;
  const open = { open: true as const, datasetId, position: { $gte: first, $lte: last } };
  const found = await jobs.find(open, { session, projection: { _id: 1 } }).toArray();
  return new Set(found.map(({ _id }) => _id));
}

/** Stores the errors of jobs about to be committed: outside the transaction, which stays small; until it, nobody looks at them. */
export async function keepErrors({ jobErrors }: Pick<Collections, 'jobErrors'>, outcomes: readonly JobOutcome[]) {
  const faulty = outcomes.filter(({ errors }) => errors.length > 0);
  if (faulty.length === 0) return;
  const replacements = faulty.map(({ jobId, errors }) => ({
    replaceOne: { filter: { _id: jobId }, replacement: { errors: firstThatFit(errors) }, upsert: true },
  }));
  await jobErrors.bulkWrite(replacements, { ordered: false });
}

/** Adds errors found behind the commit point, a job, as many as are kept. */
export async function addErrors(
  { jobErrors }: Pick<Collections, 'jobErrors'>,
  errorsOfJobs: ReadonlyMap<string, readonly JobError[]> = new Map(),
  session: ClientSession,
) {
  for (const [_id, errors] of errorsOfJobs) {
    const $push = { errors: { $each: [...errors], $slice: MAX_KEPT_ERRORS } };
    await jobErrors.updateOne({ _id }, { $push }, { session, upsert: true });
  }
}

/** As many of the errors as a document has room for. */
function firstThatFit(errors: readonly JobError[]): readonly JobError[] {
  let bytes = 0;
  const tooMuch = errors.findIndex((error) => {
    bytes += BSON.calculateObjectSize(error);
    return bytes > MAX_ERROR_BYTES;
  });
  return tooMuch === -1 ? errors : errors.slice(0, tooMuch);
}

/** The end of a group's refused jobs. */
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
        $unset: { open: 1 as const },
      },
    },
  }));
  await jobs.bulkWrite(closings, { session });
}

/** Marks what the group's replays leave in quarantine since a later job had written it. */
export async function markSuperseded(
  { quarantine }: Pick<Collections, 'quarantine'>,
  { datasetId }: Group,
  outcomes: readonly JobOutcome[],
  session: ClientSession,
) {
  const ids = outcomes.flatMap(({ superseded = [] }) => superseded);
  if (ids.length === 0) return;
  await quarantine.updateMany({ datasetId, _id: { $in: ids } }, { $set: { superseded: true } }, { session });
}

/** The end of a group's other jobs; their counts stand in the group since the commit point. */
export async function closeLoaded(
  { jobs }: Pick<Collections, 'jobs'>,
  { id: groupId, datasetId, first, last }: Group,
  revision: number,
  finishedAt: Date,
  session: ClientSession,
) {
  const filter = { open: true as const, datasetId, position: { $gte: first, $lte: last } };
  await jobs.updateMany(
    filter,
    { $set: { status: 'COMPLETE', groupId, revision, finishedAt }, $unset: { open: 1 } },
    { session },
  );
}

/** Shows what the group's jobs put into quarantine, but for those that were terminated, and removes what its replays have loaded. */
export async function settleQuarantine(
  { jobs, quarantine }: Pick<Collections, 'jobs' | 'quarantine'>,
  { datasetId, first, last }: Group,
  { released = [] }: GroupEnd,
  session: ClientSession,
) {
  const position = { $gte: first, $lte: last };
  const terminated = await jobs.distinct('_id', { datasetId, position, status: 'TERMINATED_EXIT' }, { session });
  if (terminated.length > 0)
    await quarantine.deleteMany({ datasetId, position, jobId: { $in: terminated } }, { session });
  await quarantine.updateMany({ datasetId, position, visible: false }, { $set: { visible: true } }, { session });
  if (released.length > 0) await quarantine.deleteMany({ datasetId, _id: { $in: [...released] } }, { session });
}
