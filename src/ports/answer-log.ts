import type { Answers } from '../domain/transform/answers.js';
import type { Lease } from './lane.js';

/** A bounded part of the outside data that the records of a job got. */
export interface AnswerPart {
  readonly jobId: string;
  /** Its number within the job, from 0. */
  readonly part: number;
  /** Whether it is the last part of the job. */
  readonly isLast: boolean;
  /** For jobs that convert the stored records in the order of their ids: the row id of the last record that the part is for; '' for other jobs. */
  readonly through: string;
  readonly answers: Answers;
}

/**
 * The outside data with which jobs were loaded, kept beside their payloads: whatever loads them again uses the same. A part has at most 8 MB. The parts are removed with the
 * payloads of their dataset.
 */
export interface AnswerLog {
  /**
   * Before the commit point, stores parts. Each replaces what this run of the lane or an earlier one stored as that part. What a later run has stored stays, so a run that
   * lost the lane changes nothing, although no lease is compared.
   */
  keep(lease: Pick<Lease, 'runToken' | 'datasetId'>, parts: readonly AnswerPart[]): Promise<void>;
  /** All parts of each job, by its id, in one request unless a job has several parts; jobs without parts are left out. */
  read(jobIds: readonly string[]): Promise<ReadonlyMap<string, Answers>>;
  /** One part of a job; null if the job has none of this number. */
  readPart(jobId: string, part: number): Promise<AnswerPart | null>;
}
