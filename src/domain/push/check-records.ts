import { SluiceError } from '../errors.js';
import { ExactNumber, isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.js';

/**
 * Checks that `data` is a non-empty array of objects, and returns it as records. Throws BAD_REQUEST, with the index of the first element that is not an object.
 * `where` names the place for the caller, e.g. `data`.
 */
export function checkRecords(data: JsonValue | undefined, where: string): JsonObject[] {
  if (!Array.isArray(data)) {
    const message = `${where} is ${kindOf(data)}; give an array of records, [{...}, ...]`;
    throw new SluiceError('BAD_REQUEST', message, { pointer: `/${where}`, expected: 'array', actual: kindOf(data) });
  }
  if (data.length === 0) {
    const message = `${where} is empty; give at least one record`;
    throw new SluiceError('BAD_REQUEST', message, { pointer: `/${where}`, expected: 'a record', actual: '[]' });
  }
  const recordIndex = data.findIndex((record) => !isJsonObject(record));
  if (recordIndex !== -1) {
    const actual = kindOf(data[recordIndex]);
    const message = `record ${recordIndex} of ${where} is ${actual}; every record must be a JSON object, like the sample`;
    throw new SluiceError('BAD_REQUEST', message, {
      pointer: `/${where}/${recordIndex}`,
      recordIndex,
      expected: 'object',
      actual,
    });
  }
  return data as JsonObject[];
}

function kindOf(value: JsonValue | undefined): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (value instanceof ExactNumber) return 'number';
  if (typeof value === 'object') return 'object';
  return typeof value;
}
