import { SluiceError } from '../errors.js';
import type { JsonValue } from './json-value.js';
import type { parseJson } from './parse-json.js';

const NEWLINE = 0x0a;

/** Parses newline-delimited JSON: one value per line, parsed by `parse`; empty lines are skipped. Throws what `parse` throws, and names the line. */
export function parseNdjson(bytes: Uint8Array, parse: typeof parseJson): JsonValue[] {
  const values: JsonValue[] = [];
  let line = 0;
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline;
    line += 1;
    const text = bytes.subarray(start, end);
    if (!isBlank(text)) values.push(parseLine(text, line, parse));
    start = end + 1;
  }
  return values;
}

function parseLine(text: Uint8Array, line: number, parse: typeof parseJson): JsonValue {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    const fault = error.code === 'INVALID_JSON' ? ' is not JSON' : '';
    const message = `line ${line} of the NDJSON${fault}: ${error.message.replace(/^line 1, /, '')}`;
    throw new SluiceError(error.code, message, error.details);
  }
}

function isBlank(text: Uint8Array): boolean {
  return text.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}
