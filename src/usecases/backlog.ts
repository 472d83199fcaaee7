import type { LanePlace } from '../domain/dataset.js';
import { SluiceError } from '../domain/errors.js';

/** How many jobs and payload bytes of one dataset may be accepted and not final. */
export interface BacklogLimits {
  readonly maxBacklogJobs: number;
  readonly maxBacklogBytes: number;
}

const RETRY_AFTER_SECONDS = 2;

/** The last place in the lane that a new job may take: the limits, counted from where the lane is final. */
export function boundOf(settled: LanePlace, { maxBacklogJobs, maxBacklogBytes }: BacklogLimits): LanePlace {
  return { position: settled.position + maxBacklogJobs, bytes: settled.bytes + maxBacklogBytes };
}

export function backlogFull(datasetId: string): SluiceError {
  const message = `too much is already waiting to be loaded into dataset ${datasetId}; nothing was accepted, try again shortly`;
  return new SluiceError('BACK_PRESSURE', message, { retryAfterSeconds: RETRY_AFTER_SECONDS });
}
