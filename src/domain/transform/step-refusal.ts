import type { JobErrorCode } from '../job/job.js';
import { RecordMismatches } from '../job/record-mismatches.js';
import { mismatch } from '../sample/value-check.js';
import { namedStep, type Transformation } from './transformation.js';

/** What a step has against a record. */
interface Refusal {
  readonly code: JobErrorCode;
  readonly column?: string;
  readonly expected: string;
  readonly actual: string;
  readonly why: string;
}

/** The record does not fit, because of a step, which the message names. */
export function refusedByStep(
  transformation: Transformation,
  { code, column, expected, actual, why }: Refusal,
): RecordMismatches {
  const fault = mismatch(code, column, '', expected, { words: actual }, '');
  return RecordMismatches.of({ ...fault, step: transformation.id, message: `${namedStep(transformation)}: ${why}` });
}
