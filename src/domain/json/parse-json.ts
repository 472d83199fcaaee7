import { isUtf8 } from 'node:buffer';
import { atOnce } from '../at-once.js';
import { SluiceError } from '../errors.js';
import { buildValue, OutlinedText } from './build-value.js';
import { bytesOf, offsetInText } from './half-pairs.js';
import { JsonFault } from './json-fault.js';
import { isSpace } from './json-tokens.js';
import type { JsonValue } from './json-value.js';
import { type ScannedJson, type ScanRules, scanJson } from './scan-json.js';
import { briefJson } from './stringify-json.js';
import { placeIn, startOf } from './text-place.js';
import { notUtf8 } from './utf8-text.js';

/** Deeper JSON is refused, because the code that walks it later is recursive. */
const MAX_JSON_DEPTH = 1_000;

/** An object with more keys is refused, because the code that looks at its keys later does so in one go. */
const MAX_KEYS = 50_000;
/** A piece of so many bytes is parsed within a few milliseconds, whatever it contains. */
const PIECE_BYTES = 64 * 1024;

const OWN: ScanRules = {
  maxDepth: MAX_JSON_DEPTH,
  maxKeys: MAX_KEYS,
  distinctKeys: false,
  longNumbers: true,
  pieceBytes: PIECE_BYTES,
};
const SENT: ScanRules = { ...OWN, distinctKeys: true };
/** A replay wraps records in an array, which adds a level, and a limit here would refuse forever what was accepted. */
const KEPT: ScanRules = { ...OWN, maxDepth: Number.POSITIVE_INFINITY, maxKeys: Number.POSITIVE_INFINITY };

/**
 * Parses JSON text. Numbers that a double cannot hold digit for digit become {@link ExactNumber}; keys such as `__proto__` are ordinary keys. Throws INVALID_JSON
 * with the line and column of the fault.
 */
export function parseJson(input: Buffer | string): JsonValue {
  return atOnce(parse(input, OWN));
}

/**
 * Parses JSON text that a client sends. Like {@link parseJson}, but it refuses an object that has a key twice, because parsing would keep only the last value. Throws
 * INVALID_JSON, and BAD_REQUEST with the key's JSON Pointer.
 */
export function parseSentJson(input: Buffer | string): JsonValue {
  return atOnce(parse(input, SENT));
}

/**
 * The same in slices: yields after at most a few milliseconds, so that the caller can do other work. Once the text is checked, and before values are built, `admit` gets to know
 * how many there are, and may throw.
 */
export function parseSentJsonInSlices(
  input: Buffer | string,
  admit?: (values: number) => void,
): Generator<void, JsonValue> {
  return parse(input, SENT, admit);
}

/** Parses JSON text that was accepted earlier and stored. Like {@link parseJson}, but without a limit on nesting. */
export function parseKeptJson(input: Buffer | string): JsonValue {
  const text = plainText(input);
  if (text !== null) {
    try {
      return JSON.parse(text);
    } catch {
      // What follows names the place of the fault, without the text around it.
    }
  }
  return atOnce(parse(input, KEPT));
}

/** Whether JSON text is so short that it need not be parsed in slices. */
export function isShort({ length }: Buffer | string): boolean {
  return length <= PIECE_BYTES;
}

/** The text of short input that `JSON.parse` reads as we do; null if it is long, or if `JSON.parse` might round a number or misread a key (see escaped-keys.ts). */
function plainText(input: Buffer | string): string | null {
  if (!isShort(input) || input.includes('\\')) return null;
  if (typeof input !== 'string' && !isUtf8(input)) return null;
  const text = typeof input === 'string' ? input : input.toString('utf8', startOf(input));
  return LONG_NUMBER.test(text) ? null : text;
}

/** A number with 16 digits and points in a row, or with an exponent of three digits; also in a string. */
const LONG_NUMBER = /(?:^|[\s:,[-])\d(?:[\d.]{15}|[\d.]*[eE][+-]?\d{3})/;

/** The same in slices. */
export function* parseKeptJsonInSlices(input: Buffer | string): Generator<void, JsonValue> {
  return isShort(input) ? parseKeptJson(input) : yield* parse(input, KEPT);
}

function* parse(
  input: Buffer | string,
  rules: ScanRules,
  admit?: (values: number) => void,
): Generator<void, JsonValue> {
  const bytes = typeof input === 'string' ? bytesOf(input) : input;
  const outline =
    typeof input === 'string' ? yield* outlineOfText(input, bytes, rules) : yield* outlineOf(bytes, rules);
  admit?.(outline.container?.values ?? 1);
  return yield* buildValue(new OutlinedText(bytes, outline), outline);
}

/** Checks JSON text that a client sends, in slices and without building its value. Throws what {@link parseSentJson} throws. */
export function outlineOfSentJson(bytes: Buffer): Generator<void, ScannedJson> {
  return outlineOf(bytes, { ...SENT, longNumbers: false });
}

/** The outline of JSON text that was accepted earlier and stored, in slices. */
export function outlineOfKeptJson(bytes: Buffer): Generator<void, ScannedJson> {
  return outlineOf(bytes, KEPT);
}

function* outlineOf(bytes: Buffer, rules: ScanRules): Generator<void, ScannedJson> {
  if (!isUtf8(bytes)) throw notUtf8(bytes);
  const start = startOf(bytes);
  const scan = scanJson(bytes, rules, start);
  return yield* checked(scan, (offset) => (isBlank(bytes, start) ? null : placeIn(bytes, offset)));
}

function* outlineOfText(text: string, bytes: Buffer, rules: ScanRules): Generator<void, ScannedJson> {
  const scan = scanJson(bytes, rules, 0);
  return yield* checked(scan, (offset) =>
    isBlank(bytes, 0) ? null : placeAfter(text.slice(0, offsetInText(text, bytes, offset))),
  );
}

/** `placeOf`: the place of an offset in bytes; null if the text is blank. */
function* checked(
  scan: Generator<void, ScannedJson>,
  placeOf: (offset: number) => string | null,
): Generator<void, ScannedJson> {
  const outline = yield* faultsNamed(scan, placeOf);
  const { duplicateKey: pointer } = outline;
  if (pointer === null) return outline;
  const message = `the key at ${briefJson(pointer)} is given twice in one object; give it once, only one of its values could be kept`;
  throw new SluiceError('BAD_REQUEST', message, { pointer });
}

function* faultsNamed<T>(scan: Generator<void, T>, placeOf: (offset: number) => string | null): Generator<void, T> {
  try {
    return yield* scan;
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    const place = placeOf(error.offset);
    const message = place === null ? 'the body is empty; send JSON' : `${place}: ${error.reason}`;
    throw new SluiceError('INVALID_JSON', message, {}, { cause: error });
  }
}

/** Whether there is nothing but white space. */
function isBlank(bytes: Buffer, start: number): boolean {
  for (let at = start; at < bytes.length; at += 1) if (!isSpace(bytes[at] ?? 0)) return false;
  return true;
}

function placeAfter(text: string): string {
  const before = Buffer.from(text);
  return placeIn(before, before.length);
}
