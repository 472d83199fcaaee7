import { isNumber, numberText } from './exact-number.js';
import { isJsonObject, type JsonValue } from './json-value.js';

/** JSON text that is the same for equal values: keys are sorted, and numbers are written in one way. */
export function canonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (isNumber(value)) return numberText(value);
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`);
  return `{${members.join(',')}}`;
}
