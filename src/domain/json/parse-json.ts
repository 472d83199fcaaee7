import { type ParseError, parse as parseWithPlaces } from 'jsonc-parser';
import { SluiceError } from '../errors.js';
import { findDuplicateKey } from './duplicate-keys.js';
import { isDouble } from './exact-number.js';
import { ExactNumber, type JsonValue } from './json-value.js';
import { reviveNumbers, tagged } from './number-tag.js';
import { type JsonScan, scanJson } from './scan-json.js';
import { briefJson } from './stringify-json.js';

/** Deeper JSON is refused: what walks it later does so by recursion. */
const MAX_DEPTH = 1_000;

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const PIECES_AT_ONCE = 4_096;
const utf8 = new TextDecoder('utf-8', { fatal: true });

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

function parse(input: Uint8Array | string): { value: JsonValue; text: string; scan: JsonScan } {
  const bytes = typeof input === 'string' ? Buffer.from(input) : input;
  const scan = scanned(bytes);
  const text = typeof input === 'string' ? input : decode(input);
  try {
    const { longNumbers } = scan;
    const value = longNumbers.length === 0 ? JSON.parse(text) : reviveNumbers(JSON.parse(withTags(bytes, longNumbers)));
    return { value, text, scan };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw syntaxFault(text);
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

/**
 * The same JSON text with numbers that `JSON.parse` could spoil as tagged strings, for who parses it elsewhere and revives them. Throws INVALID_JSON
 * when it nests too deep.
 */
export function tagLongNumbers(text: string): string {
  const bytes = Buffer.from(text);
  const { longNumbers } = scanned(bytes);
  return longNumbers.length === 0 ? text : withTags(bytes, longNumbers);
}

function scanned(bytes: Uint8Array): JsonScan {
  const scan = scanJson(bytes);
  if (scan.depth <= MAX_DEPTH) return scan;
  throw new SluiceError('INVALID_JSON', `the JSON nests ${scan.depth} levels deep; at most ${MAX_DEPTH} are read`);
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new SluiceError('INVALID_JSON', 'the body is not UTF-8 text; send JSON encoded as UTF-8');
  }
}

/** The text with the numbers that no double holds as tagged strings; what only looks like a number stays, for `JSON.parse` to refuse. */
function withTags(bytes: Uint8Array, longNumbers: JsonScan['longNumbers']): string {
  // A character a byte, so that places in one are places in the other.
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const chunks: string[] = [];
  const pieces: string[] = [];
  let copied = 0;
  for (const { start, end } of longNumbers) {
    const literal = raw.slice(start, end);
    if (!NUMBER.test(literal) || isDouble(literal)) continue;
    pieces.push(raw.slice(copied, start), '"', tagged(literal), '"');
    copied = end;
    // Joined now and then: millions of pieces at once cost several times as much.
    if (pieces.length >= PIECES_AT_ONCE) chunks.push(pieces.splice(0).join(''));
  }
  return decode(Buffer.from(`${chunks.join('')}${pieces.join('')}${raw.slice(copied)}`, 'latin1'));
}

/** Looks for the place of the fault, which `JSON.parse` tells in words that differ from version to version, or not at all. */
function syntaxFault(text: string): SluiceError {
  if (text.trim() === '') return new SluiceError('INVALID_JSON', 'the body is empty; send JSON');
  const faults: ParseError[] = [];
  parseWithPlaces(text, faults, { disallowComments: true, allowTrailingComma: false });
  const at = faults[0]?.offset ?? text.length;
  const before = text.slice(0, at);
  const place = `line ${before.split('\n').length}, column ${at - before.lastIndexOf('\n')}`;
  const found = at >= text.length ? 'the JSON ends too early' : `${JSON.stringify(text[at])} does not belong there`;
  return new SluiceError('INVALID_JSON', `${place}: ${found}`);
}
