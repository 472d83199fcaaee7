import type { Filter } from 'mongodb';
import type { FinalStatus } from '../../domain/job/status.js';
import type { Collections } from './collections.js';
import type { JobDocument } from './documents.js';

/*
 * A job has ended once its document says when. Its mark `open`, by which an index finds jobs that wait, may stay until its lane is released: a transaction that changes an indexed field makes MongoDB 6.0
 * read the catalog for each index of each document (docs/decisions/0039-ends-without-indexes.md).
 */

/** Matches jobs that have not ended, by the index of open jobs. */
export const IS_OPEN = { open: true, finishedAt: { $exists: false } } as const;

/** The final statuses that a document has. It says nothing if the job is COMPLETE. */
export const STORED_STATUSES = ['ERROR_EXIT', 'TERMINATED_EXIT'] as const satisfies readonly FinalStatus[];

/** Matches jobs that are COMPLETE. */
export const IS_COMPLETE = { finishedAt: { $exists: true }, status: { $nin: [...STORED_STATUSES] } };

/** Matches jobs that have ended with one of these statuses. */
export function endedWith(statuses: readonly FinalStatus[]): Filter<JobDocument> {
  if (!statuses.includes('COMPLETE')) return { status: { $in: statuses } };
  const others = STORED_STATUSES.filter((status) => !statuses.includes(status));
  return { finishedAt: { $exists: true }, ...(others.length > 0 && { status: { $nin: others } }) };
}

export function isOpen({ finishedAt }: Pick<JobDocument, 'finishedAt'>): boolean {
  return finishedAt === undefined;
}

/** Undefined if the job is open. */
export function finalStatusOf({ status, finishedAt }: Pick<JobDocument, 'status' | 'finishedAt'>) {
  return finishedAt === undefined ? undefined : (status ?? 'COMPLETE');
}

/** The place up to which every job of a lane is final. */
interface Place {
  readonly datasetId: string;
  readonly finalThrough: number;
}

/** Takes the mark `open` from jobs that have ended. Nothing rests on it: what a crash leaves makes the lane look as if it waited, so it is taken, and released, once more. */
export async function unmarkEnded({ jobs }: Pick<Collections, 'jobs'>, places: readonly Place[]): Promise<void> {
  const updates = places.map(({ datasetId, finalThrough }) => ({
    updateMany: {
      filter: { open: true as const, datasetId, position: { $lte: finalThrough }, finishedAt: { $exists: true } },
      update: { $unset: { open: 1 as const } },
    },
  }));
  await jobs.bulkWrite(updates, { ordered: false, writeConcern: { w: 1 } });
}
