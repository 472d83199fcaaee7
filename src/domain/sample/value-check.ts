import type { JobErrorCode, Mismatch } from '../job/job.js';
import type { RecordMismatches } from '../job/record-mismatches.js';
import type { JsonValue } from '../json/json-value.js';
import { pointerTo } from '../json/pointer.js';
import { briefJson } from '../json/stringify-json.js';
import type { SourceField } from './source-field.js';

/** A field that records are compared with. */
export interface CheckedField extends SourceField {
  /** Whether any value is accepted, whatever its type. */
  readonly unchecked?: true;
  /** Whether its values must not be shown. */
  readonly sensitive?: true;
}

/** A place in the structure of a sample. */
export interface StructurePlace {
  /** Null for the record itself, which is an object. */
  readonly field: CheckedField | null;
  /** The JSON Pointer to its values, without array indexes; mismatches are counted by it. */
  readonly pointer: string;
}

/** The compiled check of a place in the structure of a sample. */
export interface ValueCheck {
  /** Whether a value fits; fast. */
  readonly fits: (value: JsonValue) => boolean;
  /** Adds the reasons why a value does not fit; none if it fits. `pointer` is that of the value, with indexes. */
  readonly explain: (value: JsonValue, pointer: string, mismatches: RecordMismatches) => void;
}

/** A check that also accepts null. */
export function orNull({ fits, explain }: ValueCheck): ValueCheck {
  return {
    fits: (value) => value === null || fits(value),
    explain: (value, pointer, mismatches) => {
      if (value !== null) explain(value, pointer, mismatches);
    },
  };
}

/** A check that accepts an array whose elements all fit; an empty array always fits. */
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

/** Adds the mismatch that a value does not have the type of its place. */
export function addWrongType(
  mismatches: RecordMismatches,
  { field, pointer: place }: StructurePlace,
  value: JsonValue,
  pointer: string,
  expected = field?.type ?? 'OBJECT',
): void {
  const what = `is not ${ARTICLE[expected] ?? expected}`;
  mismatches.add(place, 'WRONG_TYPE', () =>
    mismatch('WRONG_TYPE', field?.path, pointer, expected, { value, isHidden: field?.sensitive ?? false }, what),
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

/** What a mismatch says was found: a value of the record, of which hidden ones are never shown, or words of ours. */
export type Found = { readonly value: JsonValue | undefined; readonly isHidden: boolean } | { readonly words: string };

/** What errors show in place of a value of a sensitive column. */
export const HIDDEN_VALUE = 'a hidden value';

/** Makes a mismatch whose message is `{place}: {found} {what}`; long texts are cut. No other function puts values of records into mismatches. */
export function mismatch(
  code: JobErrorCode,
  column: string | undefined,
  pointer: string,
  expected: string,
  found: Found,
  what: string,
): Mismatch {
  const actual = 'words' in found ? found.words : found.isHidden ? HIDDEN_VALUE : briefJson(found.value);
  const kept = { pointer: cut(pointer, MAX_PLACE), ...(column !== undefined && { column: cut(column, MAX_PLACE) }) };
  const message = `${pointer === '' ? 'the record' : cut(pointer, MAX_IN_MESSAGE)}: ${actual} ${what}`;
  return { ...kept, code, message, expected: cut(expected, MAX_IN_MESSAGE), actual };
}

/** Keys may have any length, but a job can have many mismatches, so their texts are cut. */
const MAX_PLACE = 1_000;
const MAX_IN_MESSAGE = 200;

function cut(text: string, length: number): string {
  return (text.length > length ? `${text.slice(0, length)}...` : text).toWellFormed();
}
