import type { ColumnType } from '../sample/source-field.js';

/** A scalar as filters, orders and cursors carry it: already of the column's type, TEXT in full. */
export type QueryValue = string | number | boolean | Date;

/** A loadable column as the record stores know it. */
export interface StoredColumn {
  readonly storedKey: string;
  readonly type: ColumnType;
}

/**
 * A checked filter over stored columns. Rules, the same on every store: a missing value is null; EQ and IN never match null; GT, GTE, LT, LTE
 * and BETWEEN (both ends included) never match null; an array matches if any element does; `NOT` is the complement, so NOT(EQ) holds for null;
 * text compares by code point, and CONTAINS, STARTS_WITH and ENDS_WITH are case-sensitive; all of them see the whole text, however long. An
 * empty AND holds, an empty OR does not.
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
    }
  | {
      readonly kind: 'TEXT_MATCH';
      readonly column: StoredColumn;
      readonly op: 'CONTAINS' | 'STARTS_WITH' | 'ENDS_WITH';
      readonly text: string;
    };

/** UTF-16 units that the text of a TEXT_MATCH has at most: record stores bound what they look for inside others. */
export const MAX_SOUGHT_LENGTH = 1_000;

/**
 * NUL characters that it begins with at most. Elasticsearch follows a pattern along the least character of each place until one repeats, no more than 1,000 places deep: each NUL at
 * the beginning is a place deeper.
 */
export const MAX_SOUGHT_NULS = 900;

/** The filter that every row satisfies. */
export const EVERYTHING: RecordFilter = { kind: 'AND', filters: [] };

/** Order by one scalar column, text by the whole of it; nulls last in both directions. */
export interface RecordOrder {
  readonly column: StoredColumn;
  readonly direction: 'ASC' | 'DESC';
}

/** Where a page ended: the sort values of its last row in the order's own sequence (null for a missing value), and that row's id. */
export interface PageKey {
  readonly values: readonly (QueryValue | null)[];
  readonly rowId: string;
}

/** One page of rows: those after `after` in the given order, ties by row id ascending. */
export interface PageQuery {
  readonly filter: RecordFilter;
  readonly order: readonly RecordOrder[];
  readonly after?: PageKey;
  readonly limit: number;
}
