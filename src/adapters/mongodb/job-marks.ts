import type { Lease } from '../../ports/lane.js';
import type { Collections } from './collections.js';
import type { JobDocument } from './documents.js';
import { MARKED_JOBS } from './indexes.js';

/*
 * Lanes that have jobs to load are found by marks, each of which costs an index. The first of the jobs that a process appends to a lane together has a mark for all of them, up to `openThrough`; and every job that is not
 * a push has one of its own (docs/decisions/0040-one-mark-for-many-jobs.md).
 *
 * Invariant: a mark covers every job that has not ended, and goes only once its lane is final, and stays so, up to the last job that it covers.
 */

/** Matches jobs that have a mark. */
export const HAS_MARK = { open: true } as const;

/** The mark of a job at this position, of those up to `last` that are appended together; undefined if it needs none. */
export function markOf(kind: JobDocument['kind'], position: number, isFirst: boolean, last: number) {
  if (isFirst && position < last) return { openThrough: last, ...HAS_MARK };
  return isFirst || kind !== 'PUSH' ? HAS_MARK : undefined;
}

/** Up to where every job of a lane is final. */
export type LaneEnd = Pick<Lease, 'datasetId' | 'finalThrough'>;

/** Takes away the marks that cover only final jobs, of many lanes. `finalThrough` must have been committed by a majority. Whether it succeeds changes nothing that users see. */
export async function unmarkEnded({ jobs }: Pick<Collections, 'jobs'>, lanes: readonly LaneEnd[]): Promise<void> {
  const updates = lanes.map(({ datasetId, finalThrough }) => ({
    updateMany: {
      filter: {
        datasetId,
        position: { $lte: finalThrough },
        openThrough: { $not: { $gt: finalThrough } },
        ...HAS_MARK,
      },
      update: { $unset: { open: 1 as const, openThrough: 1 as const } },
      hint: MARKED_JOBS,
    },
  }));
  await jobs.bulkWrite(updates, { ordered: false, writeConcern: { w: 1 } });
}
