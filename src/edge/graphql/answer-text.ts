import type { FormattedExecutionResult } from 'graphql';
import type { Message } from 'graphql-ws';
import { SluiceError } from '../../domain/errors.js';
import { type OnBytes, stringifyInSlices, TextTooLong } from '../../domain/json/stringify-in-slices.js';
import { inTurns } from '../../event-loop/turns.js';
import { type AnswerRoom, BYTES_OF_SHORT_TEXT } from './answer-room.js';
import { firstErrors } from './bounded-errors.js';

/** Bytes of an answer. Its pieces are joined and encoded without a pause, in up to 50 ms. A page of 16 MB has fewer, unless its values are selected several times or have many characters that JSON escapes. */
const MAX_ANSWER = 32 * 1024 * 1024;

/** The memory that the text of an answer may take. */
interface TextLimits {
  /** Holds the memory of a long text until the answer is sent. Without it the text does not count. */
  readonly room?: AnswerRoom | undefined;
  readonly maxBytes?: number;
}

/** The text of an answer over HTTP, written in turns. An answer that is too long, or for which there is no memory, becomes an error. */
export async function answerText(result: FormattedExecutionResult, limits: TextLimits = {}): Promise<string> {
  const { errors } = result;
  const bounded = errors ? { ...result, errors: firstErrors(errors) } : result;
  return textOr(bounded, limits, (refusal) => refusal);
}

/** The text of a message over a websocket, written in turns. The answer in it becomes an error if it is too long, or if there is no memory for it. */
export function messageText(message: Message, limits: TextLimits = {}): Promise<string> {
  return textOr(message, limits, (payload) => ({ ...message, payload }));
}

async function textOr(
  value: unknown,
  { room, maxBytes = MAX_ANSWER }: TextLimits,
  instead: (refusal: object) => object,
): Promise<string> {
  try {
    return await written(value, maxBytes, (bytes) => room?.holdText(bytes));
  } catch (error) {
    const refusal = error instanceof TextTooLong ? tooLong(maxBytes) : error;
    if (!(refusal instanceof SluiceError)) throw refusal;
    // Nothing of the answer is sent. What it held may be just what others need.
    room?.restart();
    const { code, message, details } = refusal;
    return JSON.stringify(instead({ errors: [{ message, extensions: { code, ...details } }] }));
  }
}

/** Writes a text in turns. Long ones are written one after the other: many that are begun and not finished would take memory, and then most of them would be refused. */
async function written(value: unknown, maxBytes: number, onBytes: OnBytes): Promise<string> {
  let bytes = 0;
  const slices = stringifyInSlices(value, maxBytes, (now) => {
    onBytes(now);
    bytes = now;
  });
  const text = await inTurns(untilLong(slices, () => bytes > BYTES_OF_SHORT_TEXT));
  return text ?? afterOtherLongTexts(() => inTurns(slices));
}

/** Returns null if the text is long, and not complete yet. */
function* untilLong(slices: Generator<void, string>, isLong: () => boolean): Generator<void, string | null> {
  for (let slice = slices.next(); ; slice = slices.next()) {
    if (slice.done) return slice.value;
    if (isLong()) return null;
    yield;
  }
}

let otherLongTexts: Promise<unknown> = Promise.resolve();

function afterOtherLongTexts(write: () => Promise<string>): Promise<string> {
  const text = otherLongTexts.then(write);
  // It must not keep the text in memory.
  otherLongTexts = text.then(
    () => undefined,
    () => undefined,
  );
  return text;
}

function tooLong(maxBytes: number): SluiceError {
  const message = `the answer would have more than ${maxBytes} bytes; select less, or shorter pages with a smaller first`;
  return new SluiceError('BAD_REQUEST', message, { field: 'query' });
}
