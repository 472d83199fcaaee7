import type { FormattedExecutionResult } from 'graphql';
import { stringifyInSlices, TextTooLong } from '../../domain/json/stringify-in-slices.js';
import { inTurns } from '../../event-loop/event-loop-turns.js';
import { firstErrors } from './bounded-errors.js';

/** Characters of an answer over HTTP. A page of 16 MB has fewer, unless its values are selected several times or have many characters that JSON escapes. */
const MAX_ANSWER = 128 * 1024 * 1024;

/** The text of an answer, written in turns. An answer that is too long becomes an error. */
export async function answerText(result: FormattedExecutionResult, maxLength = MAX_ANSWER): Promise<string> {
  const { errors } = result;
  const bounded = errors ? { ...result, errors: firstErrors(errors) } : result;
  try {
    return await inTurns(stringifyInSlices(bounded, maxLength));
  } catch (error) {
    if (!(error instanceof TextTooLong)) throw error;
    return JSON.stringify({ errors: [tooLong(maxLength)] });
  }
}

function tooLong(maxLength: number) {
  const message = `the answer would have more than ${maxLength} characters; select less, or shorter pages with a smaller first`;
  return { message, extensions: { code: 'BAD_REQUEST', field: 'query' } };
}
