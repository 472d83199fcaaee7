import { StepError } from './step-error.js';

/** A text that a step gives has at most this many UTF-16 units. */
export const MAX_RESULT_TEXT = 1_000_000;
/** An array that a step gives has at most this many elements. */
export const MAX_RESULT_ELEMENTS = 10_000;
/** The steps of a design give at most this many rows for one record. */
export const MAX_ROWS_OF_RECORD = 10_000;

/** The rows of one record take at most about this many bytes while steps run. More than a record store accepts, because later steps may remove columns or rows. */
export const MAX_BYTES_OF_ROWS = 128 * 1024 * 1024;

/** For steps that stop early because their text becomes too long. */
export function textTooLong(): StepError {
  return new StepError(`the result has more than ${MAX_RESULT_TEXT} characters, which is the most that a step gives`);
}

/** For steps that stop early because their array becomes too long. */
export function tooManyElements(): StepError {
  return new StepError(`the result has more than ${MAX_RESULT_ELEMENTS} elements, which is the most that a step gives`);
}
