import { randomBytes } from 'node:crypto';
import { numberOf } from './exact-number.js';
import { ExactNumber } from './json-value.js';

/**
 * Exact numbers pass through `JSON.parse` and `JSON.stringify` as strings that begin with this tag. It is random for every process, so no text that
 * anybody sends can be taken for one.
 */
const TAG = `exact:${randomBytes(16).toString('hex')}:`;
const TAGGED = new RegExp(`"${TAG}(?<literal>[^"]+)"`, 'g');

/** The string that stands for a number's literal. */
export function tagged(literal: string): string {
  return TAG + literal;
}

/** For `JSON.parse`: turns tagged strings back into numbers. */
export function reviveNumber(_key: string, value: unknown): unknown {
  return typeof value === 'string' && value.startsWith(TAG) ? numberOf(value.slice(TAG.length)) : value;
}

/** For `JSON.stringify`: tags exact numbers. The text then needs {@link untag}. */
export function tagNumber(_key: string, value: unknown): unknown {
  return value instanceof ExactNumber ? tagged(value.literal) : value;
}

/** Replaces the tagged strings of JSON text by the numbers they stand for. */
export function untag(text: string): string {
  return text.includes(TAG) ? text.replace(TAGGED, '$<literal>') : text;
}
