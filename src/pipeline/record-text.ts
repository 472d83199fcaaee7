import type { JsonObject } from '../domain/json/json-value.js';
import { parseKeptJson } from '../domain/json/parse-json.js';
import { stringifyJson } from '../domain/json/stringify-json.js';

/** A record's JSON text, which is stored with its first row: either the text, or the record from which the text is made on demand. */
export type RecordText =
  | { readonly text: string }
  | { readonly record: JsonObject /** The text has at most this many characters. */; readonly maxLength: number };

/** UTF-8 needs at most this many bytes for one UTF-16 unit. */
const UTF8_BYTES_OF_UNIT = 3;

/** The text of a record that is stored with its JSON text; undefined if it is stored without. */
export function keptText(source: string | undefined): RecordText | undefined {
  return source === undefined ? undefined : { text: source };
}

export function textOf(of: RecordText): string {
  return 'text' in of ? of.text : stringifyJson(of.record);
}

export function recordOf(of: RecordText): JsonObject {
  return 'text' in of ? (parseKeptJson(of.text) as JsonObject) : of.record;
}

/** The maximum number of characters of the text. */
export function maxLengthOf(of: RecordText): number {
  return 'text' in of ? of.text.length : of.maxLength;
}

/** The size of the text in bytes. If a cheap upper bound is at most `room`, it returns that bound instead of the exact size. */
export function bytesOf(of: RecordText, room: number): number {
  const atMost = UTF8_BYTES_OF_UNIT * maxLengthOf(of);
  return atMost <= room ? atMost : Buffer.byteLength(textOf(of));
}
