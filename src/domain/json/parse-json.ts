import { SluiceError } from '../errors.js';
import { findDuplicateKey } from './duplicate-keys.js';
import { parseWithEscapedKeys } from './escaped-keys.js';
import { findJsonFault } from './json-fault.js';
import { ExactNumber, type JsonValue } from './json-value.js';
import { restoreNumbers, takeLongNumbers } from './long-numbers.js';
import { type JsonScan, scanJson } from './scan-json.js';
import { briefJson } from './stringify-json.js';
import { placeIn } from './text-place.js';
import { decodeUtf8 } from './utf8-text.js';

/** Deeper JSON is refused: what walks it later does so by recursion. */
const MAX_DEPTH = 1_000;

/**
 * Parses JSON text. Numbers that a double does not hold digit for digit become {@link ExactNumber}; keys such as `__proto__` are keys like any other.
 * Throws INVALID_JSON with the line and column of the fault.
 */
export function parseJson(input: Uint8Array | string): JsonValue {
  return parse(input).value;
}

/**
 * Parses JSON text that somebody sends: as {@link parseJson}, and refuses a key that an object gives twice, of which parsing keeps the last one alone.
 * Throws INVALID_JSON, BAD_REQUEST with the key's JSON Pointer.
 */
export function parseSentJson(input: Uint8Array | string): JsonValue {
  const { value, text, scan } = parse(input);
  const pointer = scan.keys === countKeys(value) ? null : findDuplicateKey(text);
  if (pointer === null) return value;
  const message = `the key at ${briefJson(pointer)} is given twice in one object; give it once, only one of its values could be kept`;
  throw new SluiceError('BAD_REQUEST', message, { pointer });
}

/**
 * Parses JSON text that was taken when it was sent, and is kept: as {@link parseJson}, however deep it nests. A replay gives records an array to stand in, which they
 * may not have been sent in: a bound here would refuse for ever what was accepted.
 */
export function parseKeptJson(input: Uint8Array | string): JsonValue {
  return parse(input, Number.POSITIVE_INFINITY).value;
}

function parse(input: Uint8Array | string, maxDepth = MAX_DEPTH): { value: JsonValue; text: string; scan: JsonScan } {
  const text = typeof input === 'string' ? input : decodeUtf8(input);
  const scan = scanJson(text);
  if (scan.depth > maxDepth) {
    throw new SluiceError('INVALID_JSON', `the JSON nests ${scan.depth} levels deep; at most ${maxDepth} are read`);
  }
  const { text: plain, numbers } = takeLongNumbers(text, scan.longNumbers);
  try {
    // Also where a key holds an escape: it says whether the text is JSON.
    const parsed = JSON.parse(plain);
    const value = scan.escapedKeys ? parseWithEscapedKeys(plain) : parsed;
    return { value: numbers.length === 0 ? value : restoreNumbers(value, numbers), text, scan };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw syntaxFault(text, error);
  }
}

/** A plain loop: it walks every record that is pushed. */
function countKeys(value: JsonValue): number {
  if (typeof value !== 'object' || value === null || value instanceof ExactNumber) return 0;
  let keys = 0;
  if (Array.isArray(value)) {
    for (const item of value) keys += countKeys(item);
    return keys;
  }
  for (const key in value) keys += 1 + countKeys(value[key] ?? null);
  return keys;
}

function syntaxFault(text: string, cause: SyntaxError): SluiceError {
  if (text.trim() === '') return new SluiceError('INVALID_JSON', 'the body is empty; send JSON');
  const fault = findJsonFault(text);
  const message = fault ? `${placeIn(text, fault.offset)}: ${fault.reason}` : 'the body is not JSON';
  return new SluiceError('INVALID_JSON', message, {}, { cause });
}
