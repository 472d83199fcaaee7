import type { Collection, Document } from 'mongodb';
import type { PageKey, RecordOrder } from '../../../domain/query/record-query.js';
import type { RowDocument } from './row-document.js';

/**
 * The rows after a page's end, as a condition: those with a later value in the first column, or the same there and a later one in the second, and so
 * on, ties by row id. Null comes last in both directions, so after a value comes null, and after null nothing. No value stands in it more than twice: texts may
 * be long, and a request takes 16 MB.
 */
export function rowsAfter({ values, rowId }: PageKey, order: readonly RecordOrder[]): Document {
  const [first, ...others] = order;
  if (!first) return { _id: { $gt: rowId } };
  const { storedKey } = first.column;
  const value = values[0] ?? null;
  const rest = rowsAfter({ values: values.slice(1), rowId }, others);
  if (value === null) return { $and: [isNull(storedKey), rest] };
  const later = { [storedKey]: { [first.direction === 'ASC' ? '$gt' : '$lt']: value } };
  return { $or: [later, isNull(storedKey), { $and: [{ [storedKey]: value }, rest] }] };
}

function isNull(storedKey: string): Document {
  return { [storedKey]: { $exists: false } };
}

/**
 * The first rows that match, without their sources. In the order of ids they come from the index, so that a page reads what it returns, and the tombstones in
 * between; a `$unset` before the sort would keep it from the index. Every other order reads all rows that match, and sorts them without their sources.
 */
export function pageCursor(
  rows: Collection<RowDocument>,
  match: Document,
  order: readonly RecordOrder[],
  limit: number,
): AsyncIterable<RowDocument> {
  if (order.length === 0) {
    return rows.find(match, { projection: { j: 0 }, sort: { _id: 1 }, limit, batchSize: limit });
  }
  const stages = [{ $match: match }, { $unset: 'j' }, ...sortStages(order, limit)];
  return rows.aggregate<RowDocument>(stages, { allowDiskUse: true, batchSize: limit });
}

/**
 * The stages that sort. MongoDB puts null first in ascending order; there, whether the value is missing is sorted by before the value. The fields
 * added for that begin with `_` and are taken out again.
 */
function sortStages(order: readonly RecordOrder[], limit: number): Document[] {
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
