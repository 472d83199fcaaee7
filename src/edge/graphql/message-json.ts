import { parseJson } from '../../domain/json/parse-json.js';
import { stringifyJson } from '../../domain/json/stringify-json.js';

/*
 * graphql-ws calls JSON.parse and JSON.stringify itself, and would round numbers. So a message passes through them as one JSON string, whose content is the
 * message's own JSON text:
 *
 *   socket --- {"id":...} ---> wrapped ---> "{\"id\":...}" ---> JSON.parse with reviveMessage ---> message
 *   socket <-- {"id":...} --- unwrapped <-- "{\"id\":...}" <-- JSON.stringify with replaceMessage <-- message
 */

/** The text that `JSON.parse` with {@link reviveMessage} reads as the message of this JSON text. */
export function wrapped(text: string): string {
  return JSON.stringify(text);
}

/** For `JSON.parse`: called once, with the JSON text of the message. */
export function reviveMessage(_key: string, text: string): unknown {
  return parseJson(text);
}

/** For `JSON.stringify`: called once, with the message. */
export function replaceMessage(_key: string, value: unknown): string {
  return stringifyJson(value);
}

/** The JSON text of a message that `JSON.stringify` wrote with {@link replaceMessage}. */
export function unwrapped(text: string): string {
  return String(JSON.parse(text));
}
