import type { Document } from 'mongodb';
import type { PageKey, QueryValue, RecordOrder } from '../../../domain/query/record-query.js';
import type { RowDocument } from './row-document.js';

/**
 * The rows behind a page's end, as a condition: those with a later value in the first column, or the same there and a later one in the second, and so
 * on, ties by row id. Null comes last in both directions, so behind a value comes null, and behind null nothing.
 */
export function behind({ values, rowId }: PageKey, order: readonly RecordOrder[]): Document {
  if (order.length === 0) return { _id: { $gt: rowId } };
  const alternatives: Document[] = [];
  const same: Document[] = [];
  for (const [index, { column, direction }] of order.entries()) {
    const { storedKey } = column;
    const value = values[index] ?? null;
    if (value !== null) {
      const later = { [storedKey]: { [direction === 'ASC' ? '$gt' : '$lt']: value } };
      alternatives.push({ $and: [...same, { $or: [later, isNull(storedKey)] }] });
    }
    same.push(value === null ? isNull(storedKey) : { [storedKey]: value });
  }
  alternatives.push({ $and: [...same, { _id: { $gt: rowId } }] });
  return { $or: alternatives };
}

function isNull(storedKey: string): Document {
  return { [storedKey]: { $exists: false } };
}

/** Where a page that ends with this row ended. */
export function pageKeyOf(last: RowDocument, order: readonly RecordOrder[]): PageKey {
  const values = order.map(({ column }) => {
    const value = last[column.storedKey as `c${number}`];
    return (value ?? null) as QueryValue | null;
  });
  return { rowId: last._id, values };
}

/**
 * The stages that sort. MongoDB puts null first in ascending order; there, whether the value is missing is sorted by before the value. The fields
 * added for that begin with `_` and are taken out again.
 */
export function sortStages(order: readonly RecordOrder[], limit: number): Document[] {
  if (order.length === 0) return [{ $sort: { _id: 1 } }, { $limit: limit }];
  const missing: Document = {};
  const sort: Record<string, 1 | -1> = {};
  for (const { column, direction } of order) {
    const { storedKey } = column;
    if (direction === 'ASC') {
      missing[`_${storedKey}`] = { $eq: [{ $type: `$${storedKey}` }, 'missing'] };
      sort[`_${storedKey}`] = 1;
    }
    sort[storedKey] = direction === 'ASC' ? 1 : -1;
  }
  sort._id = 1;
  const added = Object.keys(missing);
  return [
    ...(added.length > 0 ? [{ $addFields: missing }] : []),
    { $sort: sort },
    { $limit: limit },
    ...(added.length > 0 ? [{ $unset: added }] : []),
  ];
}
