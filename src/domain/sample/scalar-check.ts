import { isNumber, numericOf } from '../json/exact-number.js';
import { ExactNumber, isJsonObject, type JsonValue } from '../json/json-value.js';
import { briefJson } from '../json/stringify-json.js';
import { parseDateTime } from './date-time.js';
import type { SourceField } from './source-field.js';
import { mismatch, type ValueCheck, wrongType } from './value-check.js';

/** The check of a scalar field, or of the elements of an array of scalars. */
export function scalarCheck(field: SourceField): ValueCheck {
  const fits = fitsOf(field);
  return {
    fits,
    explain(value, pointer, mismatches) {
      if (!fits(value)) mismatches.push(reason(field, value, pointer));
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
  NUMBER: isNumber,
  ANY: (value) => !Array.isArray(value) && !isJsonObject(value) && (typeof value !== 'string' || value.isWellFormed()),
};

function reason(field: SourceField, value: JsonValue, pointer: string) {
  const { path, type, textForm } = field;
  const actual = briefJson(value);
  const expected = scalarType(type);
  if (expected === 'NUMERIC' && value instanceof ExactNumber) {
    const what =
      'would be rounded as a number; a sample with such a number makes the column TEXT, which keeps the digits';
    return mismatch('NUMBER_OUT_OF_RANGE', path, pointer, 'NUMERIC', actual, what);
  }
  if (expected === 'TEXT' && typeof value === 'string' && textForm !== 'NUMBER') {
    return mismatch(
      'INVALID_TEXT',
      path,
      pointer,
      'TEXT',
      actual,
      'holds half of a surrogate pair; send well-formed Unicode',
    );
  }
  if (textForm === 'NUMBER') {
    return mismatch(
      'WRONG_TYPE',
      path,
      pointer,
      'a number, kept as TEXT',
      actual,
      'is not a number, as it was in the sample',
    );
  }
  return wrongType({ ...field, type: expected as SourceField['type'] }, value, pointer);
}
