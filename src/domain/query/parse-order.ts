import type { Column } from '../design/column.js';
import { SluiceError } from '../errors.js';
import { briefJson } from '../json/stringify-json.js';
import { findColumn } from './find-column.js';
import type { RecordOrder } from './record-query.js';

/** One column of an order, as callers write it. */
export interface RecordOrderInput {
  readonly column: string;
  readonly direction: 'ASC' | 'DESC';
}

const MAX_ORDER_COLUMNS = 10;

/** Checks an order against the columns of a dataset. Throws BAD_REQUEST for columns that do not exist, hold arrays or points, or are given twice. */
export function parseOrder(input: readonly RecordOrderInput[], columns: readonly Column[]): RecordOrder[] {
  if (input.length > MAX_ORDER_COLUMNS)
    throw fault(
      'orderBy',
      `has ${input.length} columns; at most ${MAX_ORDER_COLUMNS} are allowed`,
      `at most ${MAX_ORDER_COLUMNS} columns`,
      `${input.length} columns`,
    );
  const seen = new Set<string>();
  return input.map(({ column: id, direction }, index) => {
    const field = `orderBy[${index}].column`;
    const column = findColumn(columns, id, field);
    if (column.type.endsWith('_ARRAY'))
      throw fault(
        field,
        `is ${briefJson(id)}, which holds arrays; they have no order`,
        'a column of scalars',
        column.type,
      );
    if (column.type === 'GEO_POINT')
      throw fault(
        field,
        `is ${briefJson(id)}, which holds points; they have no order`,
        'a column of scalars',
        column.type,
      );
    if (seen.has(column.storedKey))
      throw fault(field, `names ${briefJson(id)} a second time`, 'each column once', briefJson(id));
    seen.add(column.storedKey);
    return { column, direction };
  });
}

function fault(field: string, what: string, expected: string, actual: string): SluiceError {
  return new SluiceError('BAD_REQUEST', `${field} ${what}`, { field, expected, actual });
}
