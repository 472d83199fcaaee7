import type { FormattedExecutionResult } from 'graphql';
import type { Message } from 'graphql-ws';
import { stringifyInSlices, TextTooLong } from '../../domain/json/stringify-in-slices.js';
import { inTurns } from '../../event-loop/turns.js';
import { firstErrors } from './bounded-errors.js';

/** Bytes of an answer. Its pieces are joined and encoded without a pause, in up to 50 ms. A page of 16 MB has fewer, unless its values are selected several times or have many characters that JSON escapes. */
const MAX_ANSWER = 32 * 1024 * 1024;

/** The text of an answer over HTTP, written in turns. An answer that is too long becomes an error. */
export async function answerText(result: FormattedExecutionResult, maxBytes = MAX_ANSWER): Promise<string> {
  const { errors } = result;
  const bounded = errors ? { ...result, errors: firstErrors(errors) } : result;
  return textOr(bounded, maxBytes, () => tooLong(maxBytes));
}

/** The text of a message over a websocket, written in turns. The answer in it becomes an error if it is too long. */
export function messageText(message: Message, maxBytes = MAX_ANSWER): Promise<string> {
  return textOr(message, maxBytes, () => ({ ...message, payload: tooLong(maxBytes) }));
}

async function textOr(value: unknown, maxBytes: number, instead: () => object): Promise<string> {
  try {
    return await inTurns(stringifyInSlices(value, maxBytes));
  } catch (error) {
    if (!(error instanceof TextTooLong)) throw error;
    return JSON.stringify(instead());
  }
}

function tooLong(maxBytes: number) {
  const message = `the answer would have more than ${maxBytes} bytes; select less, or shorter pages with a smaller first`;
  return { errors: [{ message, extensions: { code: 'BAD_REQUEST', field: 'query' } }] };
}
