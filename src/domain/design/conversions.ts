import { type ColumnType, isUndetermined, SCALAR_TYPES, type SourceField } from '../sample/source-field.js';

type ScalarType = (typeof SCALAR_TYPES)[number];

/** The types that values of a source field's type can be converted to. For arrays the same applies to every element. */
const TARGETS: Record<ScalarType, readonly ScalarType[]> = {
  TEXT: ['TEXT', 'NUMERIC', 'BOOLEAN', 'DATETIME'],
  NUMERIC: ['NUMERIC', 'TEXT', 'BOOLEAN', 'DATETIME'],
  BOOLEAN: ['BOOLEAN', 'TEXT', 'NUMERIC'],
  DATETIME: ['DATETIME', 'TEXT'],
};

type Source = Pick<SourceField, 'type' | 'textForm'>;

/** The types that a column of this source field can have; the field's own type comes first. An undetermined field can become any scalar type, or an array of one. */
export function targetTypes(source: Source): readonly ColumnType[] {
  if (isUndetermined(source)) return [...SCALAR_TYPES, ...SCALAR_TYPES.map(arrayOf)];
  const targets = TARGETS[scalarOf(source.type) as ScalarType];
  if (!targets) return [source.type];
  return isArrayType(source.type) ? targets.map(arrayOf) : targets;
}

export function canConvert(source: Source, type: ColumnType): boolean {
  return targetTypes(source).includes(type);
}

function arrayOf(type: ScalarType) {
  return `${type}_ARRAY` as const;
}

/** The element type of an array type; a scalar type is returned as it is. */
export function scalarOf(type: ColumnType): ColumnType {
  return type.replace('_ARRAY', '') as ColumnType;
}

export function isScalarType(type: ColumnType): type is ScalarType {
  return SCALAR_TYPES.some((one) => one === type);
}

export function isArrayType(type: ColumnType): boolean {
  return type.endsWith('_ARRAY');
}
