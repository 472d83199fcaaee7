import type { StoredScalar } from '../design/stored-value.js';

/**
 * A scalar as text. Text stays as it is. A number has its shortest JSON spelling (`1.5`, `1e+21`; 2.0 is `2`), a boolean is `true` or `false`, and a date is ISO 8601
 * in UTC with milliseconds (`2024-02-29T12:30:00.000Z`).
 */
export function textForm(value: StoredScalar): string {
  return value instanceof Date ? value.toISOString() : String(value);
}
