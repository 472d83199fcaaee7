import type { Binary } from 'mongodb';

/** A part of a payload of the push log, or of the records that a delete matched. */
export interface PayloadPartDocument {
  /** `{payloadId}/{part}`, with parts from 0; for the records that a delete by filter matched, `{jobId}/deleted/{part}`. */
  readonly _id: string;
  readonly bytes: Binary;
  /** Only for the records that a delete matched: the run of the lane that found them. */
  readonly runToken?: number;
}

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
