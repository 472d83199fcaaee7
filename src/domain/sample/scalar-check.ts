import type { JobErrorCode } from '../job/job.js';
import type { RecordMismatches } from '../job/record-mismatches.js';
import { isNumber, isNumberLiteral, numericOf } from '../json/exact-number.js';
import { ExactNumber, isJsonObject, type JsonValue } from '../json/json-value.js';
import { dateTimeFault, parseDateTime } from './date-time.js';
import type { SourceField } from './source-field.js';
import { addWrongType, type CheckedField, mismatch, type StructurePlace, type ValueCheck } from './value-check.js';

/** Makes the check of a scalar field, or of the elements of an array of scalars. */
export function scalarCheck(field: CheckedField, pointer: string): ValueCheck {
  const fits = fitsOf(field);
  const place = { field, pointer };
  return {
    fits,
    explain(value, valuePointer, mismatches) {
      if (!fits(value)) addReason(mismatches, place, value, valuePointer);
    },
  };
}

function fitsOf({ type, textForm }: SourceField): ValueCheck['fits'] {
  switch (scalarType(type)) {
    case 'NUMERIC':
      return (value) => typeof value === 'number' || (value instanceof ExactNumber && numericOf(value) !== null);
    case 'BOOLEAN':
      return (value) => typeof value === 'boolean';
    case 'DATETIME':
      return (value) => typeof value === 'string' && parseDateTime(value) !== null;
    default:
      return FITS_TEXT[textForm ?? 'STRING'];
  }
}

function scalarType(type: SourceField['type']): string {
  return type.replace('_ARRAY', '');
}

const FITS_TEXT: Record<NonNullable<SourceField['textForm']>, ValueCheck['fits']> = {
  STRING: (value) => typeof value === 'string' && value.isWellFormed(),
  NUMBER: (value) => isNumber(value) || (typeof value === 'string' && isNumberLiteral(value)),
  SCALAR: (value) => !Array.isArray(value) && !isJsonObject(value) && isWellFormed(value),
  ANY: isWellFormed,
};

function isWellFormed(value: JsonValue): boolean {
  return typeof value !== 'string' || value.isWellFormed();
}

type ScalarPlace = StructurePlace & { readonly field: CheckedField };

function addReason(mismatches: RecordMismatches, place: ScalarPlace, value: JsonValue, pointer: string): void {
  const reason = reasonOf(place.field, value);
  if (!reason) {
    addWrongType(mismatches, place, value, pointer, scalarType(place.field.type) as SourceField['type']);
    return;
  }
  const [code, expected, what] = reason;
  mismatches.add(place.pointer, code, () =>
    mismatch(code, place.field.path, pointer, expected, { value, isHidden: place.field.sensitive ?? false }, what),
  );
}

/** The code, what was expected and what is wrong; null if only the type is wrong. */
function reasonOf({ type, textForm }: SourceField, value: JsonValue): readonly [JobErrorCode, string, string] | null {
  const scalar = scalarType(type);
  if (scalar === 'NUMERIC' && value instanceof ExactNumber) return ['NUMBER_OUT_OF_RANGE', scalar, ROUNDED];
  if (scalar === 'TEXT' && typeof value === 'string' && textForm !== 'NUMBER') return ['INVALID_TEXT', scalar, HALF];
  const fault = scalar === 'DATETIME' && typeof value === 'string' ? dateTimeFault(value) : null;
  if (fault !== null) return ['WRONG_TYPE', scalar, fault];
  if (textForm === 'NUMBER') return ['WRONG_TYPE', 'a number or the text of one, kept as TEXT', NO_NUMBER];
  return textForm === 'SCALAR' ? ['WRONG_TYPE', 'a scalar, kept as TEXT', NO_SCALAR] : null;
}

const ROUNDED =
  'would be rounded as a number; a sample with such a number makes the column TEXT, which keeps the digits';
const HALF = 'holds half of a surrogate pair; send well-formed Unicode';
const NO_NUMBER = 'is not a number or the text of one; the sample shows numbers';
const NO_SCALAR = 'is not a text, a number, or true or false';
