import { tagNumber, untag } from './number-tag.js';

/** JSON text of a value, exact numbers digit for digit. */
export function stringifyJson(value: unknown): string {
  return untag(JSON.stringify(value, tagNumber) ?? 'null');
}

const BRIEF = 200;

/** JSON text of a value for messages: well-formed, and cut to 200 characters. */
export function briefJson(value: unknown): string {
  const short = typeof value === 'string' ? value.slice(0, BRIEF) : value;
  return stringifyJson(short).slice(0, BRIEF).toWellFormed();
}
