import type { Dataset, LanePlace } from '../domain/dataset.js';
import { SluiceError } from '../domain/errors.js';

/** How much may be accepted and not final, a dataset. */
export interface BacklogLimits {
  readonly maxBacklogJobs: number;
  readonly maxBacklogBytes: number;
}

const RETRY_AFTER_SECONDS = 2;

/** The place that nothing may stand beyond, counted from where the lane is final. */
export function boundOf({ settled }: Dataset, { maxBacklogJobs, maxBacklogBytes }: BacklogLimits): LanePlace {
  return { position: settled.position + maxBacklogJobs, bytes: settled.bytes + maxBacklogBytes };
}

export function backlogFull(datasetId: string): SluiceError {
  const message = `too much waits to be loaded into dataset ${datasetId} already; nothing was accepted, try again shortly`;
  return new SluiceError('BACK_PRESSURE', message, { retryAfterSeconds: RETRY_AFTER_SECONDS });
}
