import type { PinnedDesign } from '../../domain/design/compiled-design.js';
import type { LaneJob } from '../../domain/job/job.js';
import type { EncodedPayload } from '../../domain/load/encoded-payload.js';
import type { ExamineTask } from '../../domain/load/examined-payload.js';

/** What a thread is started with. */
export interface ThreadData {
  /** The record store that rows are encoded for. */
  readonly store: 'MONGODB' | 'ELASTICSEARCH';
  readonly maxRowBytes: number;
}

/** The data of the geocoder. Comes once, before the first design that finds places. */
export interface PlacesRequest {
  readonly kind: 'PLACES';
  readonly shared: object;
}

/** A payload to examine. */
export interface ExamineRequest {
  readonly kind: 'EXAMINE';
  /** Null if it is the design of the request before. */
  readonly design: PinnedDesign | null;
  readonly job: Pick<LaneJob, 'kind' | 'payload'>;
  readonly payload: Uint8Array<ArrayBuffer>;
  readonly task: ExamineTask;
  readonly maxBytes: number;
}

/** A thread gets one at a time. */
export type Request = PlacesRequest | ExamineRequest;

/** READY: the thread has started, or has the places, and takes requests. `examined`: null if the push must be examined elsewhere. */
export type Reply =
  | { readonly kind: 'READY' }
  | { readonly kind: 'EXAMINED'; readonly examined: EncodedPayload | null }
  | { readonly kind: 'FAILED'; readonly error: unknown };
