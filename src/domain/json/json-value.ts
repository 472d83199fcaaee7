/**
 * A JSON number that a double cannot hold digit for digit. It stands in parsed JSON where `JSON.parse` would have rounded, and keeps the
 * literal as it was written.
 */
export class ExactNumber {
  constructor(readonly literal: string) {}

  /** For messages of libraries that show a value; `stringifyJson` writes the number. */
  toJSON(): string {
    return this.literal;
  }
}

export type JsonScalar = string | number | boolean | null | ExactNumber;
export type JsonValue = JsonScalar | JsonValue[] | JsonObject;
export interface JsonObject {
  [key: string]: JsonValue;
}

/** Whether a value is a JSON object: not null, an array or a number kept by its digits. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}
