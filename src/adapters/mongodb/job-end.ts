import type { Filter } from 'mongodb';
import type { FinalStatus } from '../../domain/job/status.js';
import type { JobDocument } from './documents.js';
import { RARE_STATUSES } from './indexes.js';

/*
 * A job has ended once its document says when (docs/decisions/0039-ends-without-indexes.md).
 *
 * Invariant: a job that has not ended is after its lane's `finalThrough`.
 */

/** Matches jobs that have not ended. No index has this: use it with positions of a lane, or with a mark. */
export const IS_OPEN = { finishedAt: { $exists: false } } as const;

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
