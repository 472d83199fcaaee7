import type { JsonValue } from '../json/json-value.js';

/** The types a column can have; GEO_POINT is never inferred. */
export const COLUMN_TYPES = [
  'TEXT',
  'NUMERIC',
  'BOOLEAN',
  'DATETIME',
  'TEXT_ARRAY',
  'NUMERIC_ARRAY',
  'BOOLEAN_ARRAY',
  'DATETIME_ARRAY',
  'OBJECT',
  'OBJECT_ARRAY',
  'GEO_POINT',
] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

/**
 * The values that a TEXT or TEXT_ARRAY field accepts beside null. STRING: texts, as its sample shows. NUMBER: the sample shows an integer beyond 2^53, or
 * another number that no double stands for; numbers are kept as text with every digit, and texts of numbers as they are. SCALAR: the sample shows scalars of
 * several types; any scalar is kept as text. ANY, of TEXT alone: the sample shows no value (null, `[]` or `{}`), so the field is undetermined; any value is
 * kept, scalars as text, objects and arrays as JSON text.
 */
export type TextForm = 'STRING' | 'NUMBER' | 'SCALAR' | 'ANY';

/** A path in the sample with its inferred type. Fields are listed depth first in the sample's own order, a parent before its children. */
export interface SourceField {
  /** Keys joined by `.`, with `.` and `\` inside a key escaped by `\`; array levels add nothing (`items.sku`). Unique. Later the column's id. */
  readonly path: string;
  /** The last key of the path, unescaped. */
  readonly key: string;
  readonly type: ColumnType;
  /** Given for TEXT and TEXT_ARRAY only. */
  readonly textForm?: TextForm;
  /** Given for NUMERIC where the sample shows a number that is no integer. */
  readonly fractional?: true;
  /** Path of the OBJECT or OBJECT_ARRAY it stands in; null at the top. */
  readonly parent: string | null;
  /** 0 at the top. */
  readonly depth: number;
  /** Null in some sample record. (Pushed values may be null everywhere all the same.) */
  readonly nullable: boolean;
  /** Absent from some sample record: pushes may leave the key out. */
  readonly optional: boolean;
  /** The first value met in the sample that is not null. Absent for objects and arrays of objects, and where there is none. */
  readonly example?: JsonValue;
}

/** Whether the sample shows no value of a field: it then takes any value. */
export function isUndetermined({ textForm }: Pick<SourceField, 'textForm'>): boolean {
  return textForm === 'ANY';
}
