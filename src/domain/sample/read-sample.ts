import { SluiceError } from '../errors.js';
import { findDuplicateKey } from '../json/duplicate-keys.js';
import type { JsonValue } from '../json/json-value.js';
import { parseJson } from '../json/parse-json.js';
import { stringifyJson } from '../json/stringify-json.js';
import { inferFields } from './infer-fields.js';
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
  const value = typeof input === 'string' ? parseSampleText(input) : input;
  const text = stringifyJson(value);
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_SAMPLE_BYTES) {
    const message = `the sample has ${bytes} bytes; at most ${MAX_SAMPLE_BYTES} are allowed: a few records that show every field are enough`;
    throw new SluiceError('INVALID_SAMPLE', message, { field: 'sample' });
  }
  return { text, fields: inferFields(value) };
}

function parseSampleText(text: string): JsonValue {
  if (text.trim() === '') {
    const message = 'the sample is an empty text; give a JSON object or an array of objects';
    throw new SluiceError('INVALID_SAMPLE', message, { field: 'sample' });
  }
  let value: JsonValue;
  try {
    value = parseJson(text);
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    const message = `the sample is not JSON: ${error.message}; give a JSON object or an array of objects`;
    throw new SluiceError('INVALID_SAMPLE', message, { ...error.details, field: 'sample' });
  }
  const duplicate = findDuplicateKey(text);
  if (duplicate !== null) {
    const message = `the sample gives the key at ${JSON.stringify(duplicate)} twice; a record can have it only once`;
    throw new SluiceError('INVALID_SAMPLE', message, { field: 'sample', pointer: duplicate });
  }
  return value;
}
