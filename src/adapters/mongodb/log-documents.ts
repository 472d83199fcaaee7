import type { Binary } from 'mongodb';

/** A part of a payload of the push log, or of the records that a delete matched. */
export interface PayloadPartDocument {
  /** `{payloadId}/{part}`, with parts from 0; for the records that a delete by filter matched, `{jobId}/deleted/{part}`. */
  readonly _id: string;
  readonly bytes: Binary;
  /** Only for the records that a delete matched: the run of the lane that found them. */
  readonly runToken?: number;
}

/**
 * The payload of a job that is stored in the job's document, so that accepting the job takes one write. Every other read of jobs leaves it out: see {@link WITHOUT_BODY}.
 */
export interface JobBodyDocument {
  readonly _id: string;
  readonly body: {
    /** How the bytes are encoded; `IDENTITY`: not at all. */
    readonly codec: 'IDENTITY';
    readonly bytes: Binary;
  };
}

/** The options of a read of jobs. */
export const WITHOUT_BODY = { projection: { body: 0 } } as const;

/** A part of the outside data with which a job was loaded. */
export interface AnswerPartDocument {
  /** `{jobId}/{part}` */
  readonly _id: string;
  readonly datasetId: string;
  readonly through: string;
  readonly last: boolean;
  /** The answers as BSON in one binary value: users' texts never become names in a document. */
  readonly bytes: Binary;
  /** The run of the lane that found them. */
  readonly runToken: number;
}

/**
 * A fence: a document among the jobs, under the id of a job that was never accepted and whose payload is purged. It prevents that job from being accepted later. It
 * belongs to no lane.
 */
export interface FenceDocument {
  readonly _id: string;
  /** The job's id again: no dataset has this id. */
  readonly datasetId: string;
  /** Before the first position of every lane. */
  readonly position: 0;
}
