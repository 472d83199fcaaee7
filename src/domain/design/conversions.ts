import type { ColumnType } from '../sample/source-field.js';

type ScalarType = 'TEXT' | 'NUMERIC' | 'BOOLEAN' | 'DATETIME';

/** What values of a source field's type may become. The same holds for arrays, element by element. */
const TARGETS: Record<ScalarType, readonly ScalarType[]> = {
  TEXT: ['TEXT', 'NUMERIC', 'BOOLEAN', 'DATETIME'],
  NUMERIC: ['NUMERIC', 'TEXT', 'BOOLEAN', 'DATETIME'],
  BOOLEAN: ['BOOLEAN', 'TEXT', 'NUMERIC'],
  DATETIME: ['DATETIME', 'TEXT'],
};

/** The types that a column of a source field of this type can have, the field's own first. */
export function targetTypes(sourceType: ColumnType): readonly ColumnType[] {
  const targets = TARGETS[scalarOf(sourceType) as ScalarType];
  if (!targets) return [sourceType];
  return isArrayType(sourceType) ? targets.map((type) => `${type}_ARRAY` as const) : targets;
}

export function canConvert(sourceType: ColumnType, type: ColumnType): boolean {
  return targetTypes(sourceType).includes(type);
}

/** TEXT of TEXT_ARRAY; a scalar type itself. */
export function scalarOf(type: ColumnType): ColumnType {
  return type.replace('_ARRAY', '') as ColumnType;
}

export function isArrayType(type: ColumnType): boolean {
  return type.endsWith('_ARRAY');
}
