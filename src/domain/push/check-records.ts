import { SluiceError } from '../errors.js';
import type { SentData } from './sent-data.js';

/** The most records of one push or delete. */
const MAX_RECORDS = 100_000;
/** The most values of one record, itself and everything in it: a record is checked, converted and written in one go, in which nothing else runs. */
export const MAX_VALUES_OF_RECORD = 100_000;

/**
 * Checks that `data` is a non-empty array of objects. Throws BAD_REQUEST with the index of the first element that is not an object, and PAYLOAD_TOO_LARGE for more
 * than 100,000 records and for a record with more than 100,000 values. `where` names the place for the caller, e.g. `data`.
 */
export function checkRecords({ kind, count, firstOther, largest }: SentData, where: string): void {
  if (kind !== 'array') {
    const message = `${where} is ${kind}; give an array of records, [{...}, ...]`;
    throw new SluiceError('BAD_REQUEST', message, { pointer: `/${where}`, expected: 'array', actual: kind });
  }
  if (count === 0) {
    const message = `${where} is empty; give at least one record`;
    throw new SluiceError('BAD_REQUEST', message, { pointer: `/${where}`, expected: 'a record', actual: '[]' });
  }
  if (count > MAX_RECORDS) {
    const message = `${where} has ${count} records; one request takes at most ${MAX_RECORDS}: send them in several requests`;
    const [expected, actual] = [`at most ${MAX_RECORDS} records`, `${count} records`];
    throw new SluiceError('PAYLOAD_TOO_LARGE', message, { field: where, expected, actual });
  }
  if (firstOther !== null) {
    const { index: recordIndex, kind: actual } = firstOther;
    const message = `record ${recordIndex} of ${where} is ${actual}; every record must be a JSON object, like the sample`;
    const pointer = `/${where}/${recordIndex}`;
    throw new SluiceError('BAD_REQUEST', message, { pointer, recordIndex, expected: 'object', actual });
  }
  if (largest !== null && largest.values > MAX_VALUES_OF_RECORD) throw tooManyValues(largest.index, where);
}

function tooManyValues(recordIndex: number, where: string): SluiceError {
  const message = `record ${recordIndex} of ${where} has more than ${MAX_VALUES_OF_RECORD} values, counting each element and each member; send the elements of its arrays as records of their own`;
  const place = { pointer: `/${where}/${recordIndex}`, recordIndex };
  return new SluiceError('PAYLOAD_TOO_LARGE', message, {
    ...place,
    expected: `at most ${MAX_VALUES_OF_RECORD} values`,
  });
}
