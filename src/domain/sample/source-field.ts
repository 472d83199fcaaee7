import type { JsonValue } from '../json/json-value.js';

/** The types of a single value that is no object and no point. */
export const SCALAR_TYPES = ['TEXT', 'NUMERIC', 'BOOLEAN', 'DATETIME'] as const;
/** The types of arrays of such values. */
export const SCALAR_ARRAY_TYPES = ['TEXT_ARRAY', 'NUMERIC_ARRAY', 'BOOLEAN_ARRAY', 'DATETIME_ARRAY'] as const;
/** The types that a column can have; GEO_POINT is never inferred. */
export const COLUMN_TYPES = [...SCALAR_TYPES, ...SCALAR_ARRAY_TYPES, 'OBJECT', 'OBJECT_ARRAY', 'GEO_POINT'] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

/**
 * The values that a TEXT or TEXT_ARRAY field accepts, besides null.
 * - STRING: texts, like those in the sample.
 * - NUMBER: the sample has an integer beyond 2^53, or another number that a NUMERIC column would refuse. Numbers are stored as text with every digit, and texts of
 *   numbers unchanged.
 * - SCALAR: the sample has scalars of several types. Any scalar is stored as text.
 * - ANY, only for TEXT: the sample shows no value (null, `[]` or `{}`), so the field is undetermined. Any value is stored: scalars as text, objects and arrays as JSON
 *   text.
 */
export type TextForm = 'STRING' | 'NUMBER' | 'SCALAR' | 'ANY';

/** A path in the sample, with its inferred type. Fields are listed depth first in the order of the sample, each parent before its children. */
export interface SourceField {
  /** Keys joined by `.`, with `.` and `\` inside a key escaped by `\`; array levels add nothing (`items.sku`). Unique. It becomes the column's id. */
  readonly path: string;
  /** The last key of the path, unescaped. */
  readonly key: string;
  readonly type: ColumnType;
  /** Set only for TEXT and TEXT_ARRAY. */
  readonly textForm?: TextForm;
  /** Set for NUMERIC if the sample has a number that is not an integer. */
  readonly fractional?: true;
  /** The path of the OBJECT or OBJECT_ARRAY that contains it; null at the top. */
  readonly parent: string | null;
  /** 0 at the top. */
  readonly depth: number;
  /** Whether it is null in a record of the sample. (Pushed values may be null anyway.) */
  readonly nullable: boolean;
  /** Whether a record of the sample lacks it; pushes may then leave it out. */
  readonly optional: boolean;
  /** The first value in the sample that is not null. Absent for objects and arrays of objects, and if there is no value. */
  readonly example?: JsonValue;
}

/** Whether the sample shows no value of a field: it then takes any value. */
export function isUndetermined({ textForm }: Pick<SourceField, 'textForm'>): boolean {
  return textForm === 'ANY';
}
