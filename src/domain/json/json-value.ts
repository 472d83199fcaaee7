/** A value that is JSON text already: `stringifyJson` writes the text as it is. */
export class WrittenJson {
  constructor(readonly literal: string) {}

  /** Used when a library shows a value in a message. */
  toJSON(): string {
    return this.literal;
  }
}

/**
 * A JSON number that a double cannot hold digit for digit. Parsed JSON has it where `JSON.parse` would have rounded. It keeps the literal as it was written.
 */
export class ExactNumber extends WrittenJson {}

export type JsonScalar = string | number | boolean | null | ExactNumber;
export type JsonValue = JsonScalar | JsonValue[] | JsonObject;
export interface JsonObject {
  [key: string]: JsonValue;
}

/** Whether a value is a JSON object: neither null, an array nor an {@link ExactNumber}. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}

/** Sets a member, whatever its key: a plain assignment to `__proto__` would set the prototype. */
export function setMember(object: JsonObject, key: string, value: JsonValue): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  } else object[key] = value;
}
