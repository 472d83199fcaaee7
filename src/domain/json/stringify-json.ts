import { isJsonObject, type JsonObject, type JsonValue } from './json-value.js';
import { tagNumber, untag } from './number-tag.js';

/** JSON text of a value, exact numbers digit for digit. */
export function stringifyJson(value: unknown): string {
  return untag(JSON.stringify(value, tagNumber) ?? 'null');
}

const BRIEF = 200;

/** JSON text of a value for messages: well-formed, and cut to 200 characters. Costs no more for a large value. */
export function briefJson(value: unknown): string {
  return stringifyJson(beginningOf(value, { left: BRIEF }))
    .slice(0, BRIEF)
    .toWellFormed();
}

/** As much of a value as its first characters are made of: every scalar and every bracket takes at least one of the room. */
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
