import { type ColumnType, isUndetermined, type SourceField } from '../sample/source-field.js';

type ScalarType = 'TEXT' | 'NUMERIC' | 'BOOLEAN' | 'DATETIME';

/** What values of a source field's type may become. The same holds for arrays, element by element. */
const TARGETS: Record<ScalarType, readonly ScalarType[]> = {
  TEXT: ['TEXT', 'NUMERIC', 'BOOLEAN', 'DATETIME'],
  NUMERIC: ['NUMERIC', 'TEXT', 'BOOLEAN', 'DATETIME'],
  BOOLEAN: ['BOOLEAN', 'TEXT', 'NUMERIC'],
  DATETIME: ['DATETIME', 'TEXT'],
};

type Source = Pick<SourceField, 'type' | 'textForm'>;

const SCALARS = Object.keys(TARGETS) as ScalarType[];

/** The types that a column of such a source field can have, the field's own first. An undetermined one may turn out to be any scalar, or an array of them. */
export function targetTypes(source: Source): readonly ColumnType[] {
  if (isUndetermined(source)) return [...SCALARS, ...SCALARS.map(arrayOf)];
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

/** TEXT of TEXT_ARRAY; a scalar type itself. */
export function scalarOf(type: ColumnType): ColumnType {
  return type.replace('_ARRAY', '') as ColumnType;
}

export function isArrayType(type: ColumnType): boolean {
  return type.endsWith('_ARRAY');
}
