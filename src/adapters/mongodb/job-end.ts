import type { Filter } from 'mongodb';
import type { FinalStatus } from '../../domain/job/status.js';
import type { Lease } from '../../ports/lane.js';
import type { Collections } from './collections.js';
import type { JobDocument } from './documents.js';
import { OPEN_JOBS, RARE_STATUSES } from './indexes.js';

/*
 * A job has ended once its document says when. Its mark `open`, by which an index finds jobs that wait, may stay for a while: a transaction that changes an indexed field makes MongoDB 6.0 read the catalog for
 * each index of each document (docs/decisions/0039-ends-without-indexes.md).
 *
 * Invariant: a job that has ended and has its mark is at or before its lane's `finalThrough`.
 */

/** Matches jobs that have not ended, by the index of open jobs. */
export const IS_OPEN = { open: true, finishedAt: { $exists: false } } as const;

/** Matches jobs that have ended with one of these statuses. */
export function endedWith(statuses: readonly FinalStatus[]): Filter<JobDocument> {
  if (!statuses.includes('COMPLETE')) return { status: { $in: statuses } };
  const others = RARE_STATUSES.filter((status) => !statuses.includes(status));
  return { finishedAt: { $exists: true }, ...(others.length > 0 && { status: { $nin: others } }) };
}

/** Matches jobs that are COMPLETE. */
export const IS_COMPLETE = endedWith(['COMPLETE']);

/** Whether the job has not ended. */
export function isOpen({ finishedAt }: Pick<JobDocument, 'finishedAt'>): boolean {
  return finishedAt === undefined;
}

/** How the job has ended, and when; null if it is open. */
export function endOf({ status = 'COMPLETE', finishedAt }: Pick<JobDocument, 'status' | 'finishedAt'>) {
  return finishedAt === undefined ? null : { status, at: finishedAt };
}

/** Up to where every job of a lane is final. */
type Place = Pick<Lease, 'datasetId' | 'finalThrough'>;

/** Takes the mark `open` from jobs that have ended, of many lanes. Whether it succeeds changes nothing that users see: a lane with marks left looks as if it waited, so it is taken and released once more. */
export async function unmarkEnded({ jobs }: Pick<Collections, 'jobs'>, places: readonly Place[]): Promise<void> {
  const updates = places.map(({ datasetId, finalThrough }) => ({
    updateMany: {
      filter: { open: true as const, datasetId, position: { $lte: finalThrough }, finishedAt: { $exists: true } },
      update: { $unset: { open: 1 as const } },
      hint: OPEN_JOBS,
    },
  }));
  await jobs.bulkWrite(updates, { ordered: false, writeConcern: { w: 1 } });
}
