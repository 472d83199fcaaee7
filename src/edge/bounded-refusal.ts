import type { ErrorDetails, SluiceError } from '../domain/errors.js';

/** Characters of a message and of each text in the details of a refusal: they quote what was sent. */
const MAX_REFUSAL_TEXT = 4_000;

/** The message and the details of a refusal as clients see them: long texts are cut. */
export function boundedRefusal({ message, details }: SluiceError): { message: string; details: ErrorDetails } {
  const cut = Object.fromEntries(Object.entries(details).map(([name, value]) => [name, brief(value)]));
  return { message: cutText(message), details: cut };
}

function brief<T>(value: T): T | string {
  return typeof value === 'string' ? cutText(value) : value;
}

function cutText(text: string): string {
  return text.length <= MAX_REFUSAL_TEXT ? text : `${text.slice(0, MAX_REFUSAL_TEXT).toWellFormed()}...`;
}
