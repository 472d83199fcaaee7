import type { ColumnType } from '../sample/source-field.js';
import type { GeoBox, GeoCircle } from './geo-areas.js';

/** A scalar in filters, orders and cursors: already of the column's type, and texts in full. */
export type QueryValue = string | number | boolean | Date;

/** A column as the record stores know it. */
export interface StoredColumn {
  readonly storedKey: string;
  readonly type: ColumnType;
  /** Whether filters by it are to be fast, whatever that costs the store. */
  readonly indexed?: boolean;
}

/**
 * A checked filter over stored columns. Every store follows the same rules:
 * - A missing value is null. IN, COMPARE, BETWEEN and TEXT_MATCH never match null.
 * - BETWEEN includes both ends, except those that are open.
 * - An array matches if any of its elements does.
 * - NOT is the complement, so NOT(IN) matches null.
 * - Texts compare by code point, TEXT_MATCH is case-sensitive, and all comparisons use the whole text, however long.
 * - WITHIN_DISTANCE and WITHIN_BOX are for points, and no other condition but IS_NULL is. WITHIN_DISTANCE is exact to a few centimetres, WITHIN_BOX exactly.
 * - An empty AND matches every row, an empty OR none.
 */
export type RecordFilter =
  | { readonly kind: 'AND'; readonly filters: readonly RecordFilter[] }
  | { readonly kind: 'OR'; readonly filters: readonly RecordFilter[] }
  | { readonly kind: 'NOT'; readonly filter: RecordFilter }
  | { readonly kind: 'IS_NULL'; readonly column: StoredColumn }
  | { readonly kind: 'IN'; readonly column: StoredColumn; readonly values: readonly QueryValue[] }
  | {
      readonly kind: 'COMPARE';
      readonly column: StoredColumn;
      readonly op: 'GT' | 'GTE' | 'LT' | 'LTE';
      readonly value: QueryValue;
    }
  | {
      readonly kind: 'BETWEEN';
      readonly column: StoredColumn;
      readonly from: QueryValue;
      readonly to: QueryValue;
      readonly openFrom?: true;
      readonly openTo?: true;
    }
  | {
      readonly kind: 'TEXT_MATCH';
      readonly column: StoredColumn;
      readonly op: 'CONTAINS' | 'STARTS_WITH' | 'ENDS_WITH';
      readonly text: string;
    }
  | { readonly kind: 'WITHIN_DISTANCE'; readonly column: StoredColumn; readonly circle: GeoCircle }
  | { readonly kind: 'WITHIN_BOX'; readonly column: StoredColumn; readonly box: GeoBox };

/** The most UTF-16 units in the text of a TEXT_MATCH: record stores limit the texts that they search for inside others. */
export const MAX_SOUGHT_LENGTH = 1_000;

/**
 * The most NUL characters at the beginning of that text. Elasticsearch follows a pattern along the least possible character until a state repeats, at most 1,000 steps
 * deep, and each NUL at the beginning is one step.
 */
export const MAX_SOUGHT_NULS = 900;

/** The filter that matches every row. */
export const EVERYTHING: RecordFilter = { kind: 'AND', filters: [] };

/** The filter that matches no row. */
export const NOTHING: RecordFilter = { kind: 'OR', filters: [] };

/** Orders by one scalar column, texts in full, nulls last in both directions. */
export interface RecordOrder {
  readonly column: StoredColumn;
  readonly direction: 'ASC' | 'DESC';
}

/** Where a page ended: the id of its last row, and that row's values in the columns of the order (null for a missing value). */
export interface PageKey {
  readonly values: readonly (QueryValue | null)[];
  readonly rowId: string;
}

/** One page of rows: the rows after `after` in the given order, with equal rows in ascending order of row id. */
export interface PageQuery {
  readonly filter: RecordFilter;
  readonly order: readonly RecordOrder[];
  readonly after?: PageKey;
  readonly limit: number;
}
