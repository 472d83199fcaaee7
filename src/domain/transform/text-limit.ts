import { StepError } from './step-error.js';

/** The most UTF-16 units in a text that a step gives. */
const MAX_TEXT = 1_000_000;

/** The text; an error if it is longer than a step may give. */
export function limitedText(text: string): string | StepError {
  if (text.length <= MAX_TEXT) return text;
  return new StepError(`the result has ${text.length} characters; a step gives at most ${MAX_TEXT}`);
}
