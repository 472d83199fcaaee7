import { StepError } from './step-error.js';

/** The longest text that a step gives, in UTF-16 units. */
export const MAX_RESULT_TEXT = 1_000_000;
/** The most elements of an array that a step gives. */
export const MAX_RESULT_ELEMENTS = 10_000;

/** For a step that sees that its text grows too long before it has all of it. */
export function textTooLong(): StepError {
  return new StepError(`the result has more than ${MAX_RESULT_TEXT} characters, which is the most that a step gives`);
}

/** For a step that sees that its array grows too long before it has all of it. */
export function tooManyElements(): StepError {
  return new StepError(`the result has more than ${MAX_RESULT_ELEMENTS} elements, which is the most that a step gives`);
}
