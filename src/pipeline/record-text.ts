import type { JsonObject } from '../domain/json/json-value.js';
import { parseKeptJson } from '../domain/json/parse-json.js';
import { stringifyJson } from '../domain/json/stringify-json.js';

/** A record's JSON text, which is stored beside its first row: as text, or as the record that it is made of when it is needed. */
export type RecordText =
  | { readonly text: string }
  | { readonly record: JsonObject /** The text has at most this many characters. */; readonly maxLength: number };

/** UTF-8 needs at most this many bytes for one UTF-16 unit. */
const UTF8_BYTES_OF_UNIT = 3;

export function textOf(of: RecordText): string {
  return 'text' in of ? of.text : stringifyJson(of.record);
}

export function recordOf(of: RecordText): JsonObject {
  return 'text' in of ? (parseKeptJson(of.text) as JsonObject) : of.record;
}

/** The most characters that the text can have. */
export function maxLengthOf(of: RecordText): number {
  return 'text' in of ? of.text.length : of.maxLength;
}

/** The bytes of the text where they could matter for a limit; otherwise an upper bound, which costs nothing. */
export function bytesOf(of: RecordText, room: number): number {
  const atMost = UTF8_BYTES_OF_UNIT * maxLengthOf(of);
  return atMost <= room ? atMost : Buffer.byteLength(textOf(of));
}
