import { isJsonObject, type JsonObject, type JsonValue, WrittenJson } from './json-value.js';

/** Writes a value as JSON text, like `JSON.stringify`, and what is {@link WrittenJson} as it is. */
export function stringifyJson(value: unknown): string {
  return (holdsWrittenJson(value) ? written(value, '') : JSON.stringify(value)) ?? 'null';
}

/** Whether a value has something that `JSON.stringify` cannot write, such as an exact number. */
export function holdsWrittenJson(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (value instanceof WrittenJson) return true;
  if (Array.isArray(value)) return value.some(holdsWrittenJson);
  for (const key in value) {
    if (holdsWrittenJson((value as Record<string, unknown>)[key])) return true;
  }
  return false;
}

/** Undefined for a value that JSON cannot express. */
function written(value: unknown, key: string): string | undefined {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (value instanceof WrittenJson) return value.literal;
  if (Array.isArray(value)) return `[${value.map((one, index) => written(one, String(index)) ?? 'null').join(',')}]`;
  if ('toJSON' in value && typeof value.toJSON === 'function') return written(value.toJSON(key), key);
  const members: string[] = [];
  for (const [name, member] of Object.entries(value)) {
    const json = written(member, name);
    if (json !== undefined) members.push(`${JSON.stringify(name)}:${json}`);
  }
  return `{${members.join(',')}}`;
}

const BRIEF = 200;

/** Writes a value as JSON text for a message: well-formed, and cut to 200 characters and `...` if it is longer. A large value costs no more than a small one. */
export function briefJson(value: unknown): string {
  const text = stringifyJson(beginningOf(value, { left: BRIEF }));
  return (text.length > BRIEF ? `${text.slice(0, BRIEF)}...` : text).toWellFormed();
}

/** As much of a value as is needed for its first characters: every scalar and every bracket uses up at least one of `room`. */
function beginningOf(value: unknown, room: { left: number }): unknown {
  room.left -= 1;
  if (typeof value === 'string') {
    const text = value.slice(0, BRIEF);
    room.left -= text.length;
    return text;
  }
  if (Array.isArray(value)) {
    const elements: unknown[] = [];
    for (const element of value) {
      if (room.left <= 0) break;
      elements.push(beginningOf(element, room));
    }
    return elements;
  }
  return isJsonObject(value as JsonValue) ? beginningOfObject(value as JsonObject, room) : value;
}

function beginningOfObject(value: JsonObject, room: { left: number }): JsonObject {
  const members: [string, unknown][] = [];
  for (const key of Object.keys(value)) {
    if (room.left <= 0) break;
    room.left -= key.length;
    members.push([key.slice(0, BRIEF), beginningOf(value[key], room)]);
  }
  return Object.fromEntries(members) as JsonObject;
}
