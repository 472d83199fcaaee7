import type { JobErrorCode, Mismatch } from '../job/job.js';
import type { RecordMismatches } from '../job/record-mismatches.js';
import type { JsonValue } from '../json/json-value.js';
import { pointerTo } from '../json/pointer.js';
import { briefJson } from '../json/stringify-json.js';
import type { SourceField } from './source-field.js';

/** A place of a sample's structure. */
export interface StructurePlace {
  /** Null for the record itself, which is an object. */
  readonly field: SourceField | null;
  /** JSON Pointer to its values, without the indexes of arrays: what mismatches are counted by. */
  readonly pointer: string;
}

/** One compiled place of a sample's structure. */
export interface ValueCheck {
  /** The quick answer. */
  readonly fits: (value: JsonValue) => boolean;
  /** Adds the reasons why a value does not fit; none when it does. `pointer` is the value's own, with indexes. */
  readonly explain: (value: JsonValue, pointer: string, mismatches: RecordMismatches) => void;
}

/** Null is allowed for any value. */
export function orNull({ fits, explain }: ValueCheck): ValueCheck {
  return {
    fits: (value) => value === null || fits(value),
    explain: (value, pointer, mismatches) => {
      if (value !== null) explain(value, pointer, mismatches);
    },
  };
}

/** An array whose elements all fit; the empty one always does. */
export function arrayOf(place: StructurePlace, element: ValueCheck): ValueCheck {
  return {
    fits: (value) => Array.isArray(value) && value.every(element.fits),
    explain(value, pointer, mismatches) {
      if (!Array.isArray(value)) {
        addWrongType(mismatches, place, value, pointer);
        return;
      }
      for (const [index, one] of value.entries()) {
        if (!element.fits(one)) element.explain(one, pointerTo(pointer, index), mismatches);
      }
    },
  };
}

export const ANYTHING: ValueCheck = { fits: () => true, explain: () => undefined };

/** Adds that a value is not of the type that its place asks for. */
export function addWrongType(
  mismatches: RecordMismatches,
  { field, pointer: place }: StructurePlace,
  value: JsonValue,
  pointer: string,
  expected = field?.type ?? 'OBJECT',
): void {
  const what = `is not ${ARTICLE[expected] ?? expected}`;
  mismatches.add(place, 'WRONG_TYPE', () =>
    mismatch('WRONG_TYPE', field?.path, pointer, expected, briefJson(value), what),
  );
}

const ARTICLE: Record<string, string> = {
  TEXT: 'a text',
  NUMERIC: 'a number',
  BOOLEAN: 'true or false',
  DATETIME: 'a text with a date or date-time',
  TEXT_ARRAY: 'an array of texts',
  NUMERIC_ARRAY: 'an array of numbers',
  BOOLEAN_ARRAY: 'an array of true and false',
  DATETIME_ARRAY: 'an array of texts with dates',
  OBJECT: 'an object',
  OBJECT_ARRAY: 'an array of objects',
};

/** A mismatch whose message reads `{place}: {actual} {what}`; texts of any length are cut. */
export function mismatch(
  code: JobErrorCode,
  column: string | undefined,
  pointer: string,
  expected: string,
  actual: string,
  what: string,
): Mismatch {
  const kept = { pointer: cut(pointer, MAX_PLACE), ...(column !== undefined && { column: cut(column, MAX_PLACE) }) };
  const message = `${pointer === '' ? 'the record' : cut(pointer, MAX_IN_MESSAGE)}: ${actual} ${what}`;
  return { ...kept, code, message, expected: cut(expected, MAX_IN_MESSAGE), actual };
}

/** Keys may be of any length; a mismatch, of which a job has many, need not. */
const MAX_PLACE = 1_000;
const MAX_IN_MESSAGE = 200;

function cut(text: string, length: number): string {
  return (text.length > length ? `${text.slice(0, length)}...` : text).toWellFormed();
}
