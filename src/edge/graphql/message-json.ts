import { parseJson } from '../../domain/json/parse-json.js';
import { stringifyJson } from '../../domain/json/stringify-json.js';

/*
 * graphql-ws calls JSON.parse and JSON.stringify itself, which would round numbers. So a message passes through them as one JSON string that holds the JSON
 * text of the message:
 *
 *   socket --- {"id":...} ---> wrapped ---> "{\"id\":...}" ---> JSON.parse with reviveMessage ---> message
 *   socket <-- {"id":...} --- unwrapped <-- "{\"id\":...}" <-- JSON.stringify with replaceMessage <-- message
 */

/** Wraps the JSON text of a message so that `JSON.parse` with {@link reviveMessage} reads it. */
export function wrapped(text: string): string {
  return JSON.stringify(text);
}

/** A reviver for `JSON.parse`, which calls it once, with the JSON text of the message. */
export function reviveMessage(_key: string, text: string): unknown {
  return parseJson(text);
}

/** A replacer for `JSON.stringify`, which calls it once, with the message. */
export function replaceMessage(_key: string, value: unknown): string {
  return stringifyJson(value);
}

/** The JSON text of a message that `JSON.stringify` wrote with {@link replaceMessage}. */
export function unwrapped(text: string): string {
  return String(JSON.parse(text));
}
