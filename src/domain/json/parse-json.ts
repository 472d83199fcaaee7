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

/** Deeper JSON is refused, because the code that walks it later is recursive. */
const MAX_DEPTH = 1_000;

/**
 * Parses JSON text. Numbers that a double cannot hold digit for digit become {@link ExactNumber}; keys such as `__proto__` are ordinary keys. Throws INVALID_JSON
 * with the line and column of the fault.
 */
export function parseJson(input: Uint8Array | string): JsonValue {
  return parse(input).value;
}

/**
 * Parses JSON text that a client sends. Like {@link parseJson}, but it refuses an object that has a key twice, because parsing would keep only the last value. Throws
 * INVALID_JSON, and BAD_REQUEST with the key's JSON Pointer.
 */
export function parseSentJson(input: Uint8Array | string): JsonValue {
  const { value, text, scan } = parse(input);
  const pointer = scan.keys === countKeys(value) ? null : findDuplicateKey(text);
  if (pointer === null) return value;
  const message = `the key at ${briefJson(pointer)} is given twice in one object; give it once, only one of its values could be kept`;
  throw new SluiceError('BAD_REQUEST', message, { pointer });
}

/**
 * Parses JSON text that was accepted earlier and stored. Like {@link parseJson}, but without a limit on nesting: a replay wraps records in an array, which adds a
 * level, and a limit here would refuse forever what was accepted.
 */
export function parseKeptJson(input: Uint8Array | string): JsonValue {
  return parse(input, Number.POSITIVE_INFINITY).value;
}

function parse(input: Uint8Array | string, maxDepth = MAX_DEPTH): { value: JsonValue; text: string; scan: JsonScan } {
  const text = typeof input === 'string' ? input : decodeUtf8(input);
  const scan = scanJson(text);
  if (scan.depth > maxDepth) {
    throw new SluiceError('INVALID_JSON', `the JSON nests ${scan.depth} levels deep; at most ${maxDepth} are allowed`);
  }
  const { text: plain, numbers } = takeLongNumbers(text, scan.longNumbers);
  try {
    // Called even if a key has an escape, because it checks that the text is JSON.
    const parsed = JSON.parse(plain);
    const value = scan.escapedKeys ? parseWithEscapedKeys(plain) : parsed;
    return { value: numbers.length === 0 ? value : restoreNumbers(value, numbers), text, scan };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw syntaxFault(text, error);
  }
}

/** Plain loops for speed: this walks every record that is pushed. */
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
