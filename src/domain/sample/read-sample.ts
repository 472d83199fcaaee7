import { atOnce } from '../at-once.js';
import { SluiceError } from '../errors.js';
import type { JsonValue } from '../json/json-value.js';
import { parseSentJsonInSlices } from '../json/parse-json.js';
import { stringifyInSlices } from '../json/stringify-in-slices.js';
import { briefJson } from '../json/stringify-json.js';
import { inferFieldsInSlices } from './infer-fields.js';
import type { SourceField } from './source-field.js';

/** A sample as a client gives it: parsed JSON, or a string, which is always JSON text. */
export type SampleInput = JsonValue;

export interface Sample {
  /** The sample as JSON text; numbers keep all digits. */
  readonly text: string;
  readonly fields: readonly SourceField[];
}

const MAX_SAMPLE_BYTES = 1_000_000;

/**
 * Reads a sample and infers its fields. A string is parsed as JSON text, in which no object may have a key twice. Throws INVALID_SAMPLE, with the place, for anything
 * that is not a sample.
 */
export function readSample(input: SampleInput): Sample {
  return atOnce(readSampleInSlices(input));
}

/** The same in slices: yields now and then, so that the caller can do other work. */
export function* readSampleInSlices(input: SampleInput): Generator<void, Sample> {
  if (typeof input === 'string') refuseTooLong(input);
  const value = typeof input === 'string' ? yield* parseSampleText(input) : input;
  const text = yield* stringifyInSlices(value);
  refuseTooLong(text);
  yield;
  return { text, fields: yield* inferFieldsInSlices(value) };
}

function refuseTooLong(text: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_SAMPLE_BYTES) return;
  const message = `the sample has ${bytes} bytes; at most ${MAX_SAMPLE_BYTES} are allowed: a few records that show every field are enough`;
  throw new SluiceError('INVALID_SAMPLE', message, { field: 'sample' });
}

function* parseSampleText(text: string): Generator<void, JsonValue> {
  if (text.trim() === '') {
    const message = 'the sample is an empty text; give a JSON object or an array of objects';
    throw new SluiceError('INVALID_SAMPLE', message, { field: 'sample' });
  }
  try {
    return yield* parseSentJsonInSlices(text);
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    const { pointer } = error.details;
    if (pointer !== undefined) throw givenTwice(pointer);
    const message = `the sample is not JSON: ${error.message}; give a JSON object or an array of objects`;
    throw new SluiceError('INVALID_SAMPLE', message, { ...error.details, field: 'sample' });
  }
}

function givenTwice(pointer: string): SluiceError {
  const message = `the sample gives the key at ${briefJson(pointer)} twice; a record can have it only once`;
  return new SluiceError('INVALID_SAMPLE', message, { field: 'sample', pointer });
}
