import type { AbstractCursor, Collection, Document } from 'mongodb';
import type { PageKey, RecordOrder } from '../../../domain/query/record-query.js';
import { RAW } from '../bounded-page.js';
import type { RowDocument } from './row-document.js';

/**
 * A condition that matches the rows after a page's end: those with a later value in the first column, or the same value there and a later one in the second, and so on,
 * then by row id. Null comes after every value in both directions. The condition has each value at most twice, because texts may be long and a request can have
 * 16 MB.
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
 * Reads the first rows that match, without their sources, as bytes. In the order of ids they come from the index, so that a page reads only what it returns and the hidden records and
 * tombstones in between; a `$unset` before the sort would prevent the use of the index. Every other order reads all rows that match, and sorts them without their sources.
 */
export function pageCursor(
  rows: Collection<RowDocument>,
  match: Document,
  order: readonly RecordOrder[],
  { limit, maxTimeMS }: { readonly limit: number; readonly maxTimeMS: number },
): AbstractCursor<RowDocument> {
  if (order.length === 0) {
    return rows.find(match, { projection: { j: 0 }, sort: { _id: 1 }, limit, batchSize: limit, maxTimeMS, ...RAW });
  }
  const stages = [{ $match: match }, { $unset: 'j' }, ...sortStages(order, limit)];
  return rows.aggregate<RowDocument>(stages, { allowDiskUse: true, batchSize: limit, maxTimeMS, ...RAW });
}

/**
 * The stages that sort. MongoDB puts null first in ascending order, so there the sort is first by whether the value is missing and then by the value. The fields that are
 * added for this begin with `_` and are removed again.
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
