import type { Document } from 'mongodb';
import type { RecordFilter, StoredColumn } from '../../../domain/query/record-query.js';
import { literalPattern } from '../literal-pattern.js';
import { withinBox, withinCircle } from './geo-match.js';

/** Excludes hidden records and tombstones. */
export const IS_ROW = { d: { $exists: false } };

/** Turns a filter into a MongoDB query, which never matches hidden records or tombstones. */
export function toMatch(filter: RecordFilter): Document {
  const condition = conditionOf(filter);
  return Object.keys(condition).length === 0 ? IS_ROW : { $and: [IS_ROW, condition] };
}

function conditionOf(filter: RecordFilter): Document {
  switch (filter.kind) {
    case 'AND':
      return filter.filters.length === 0 ? {} : { $and: filter.filters.map(conditionOf) };
    case 'OR':
      return filter.filters.length === 0 ? NOTHING : { $or: filter.filters.map(conditionOf) };
    case 'NOT':
      return { $nor: [conditionOf(filter.filter)] };
    case 'IS_NULL':
      return { [filter.column.storedKey]: { $exists: false } };
    case 'IN':
      return { [filter.column.storedKey]: { $in: filter.values } };
    case 'COMPARE':
      return { [filter.column.storedKey]: { [COMPARISON[filter.op]]: filter.value } };
    case 'BETWEEN':
      return between(filter);
    case 'TEXT_MATCH':
      if (filter.op === 'CONTAINS') return contains(filter.column, filter.text);
      return { [filter.column.storedKey]: { $regex: pattern(filter.op, filter.text), $options: 's' } };
    case 'WITHIN_DISTANCE':
      return withinCircle(filter.column, filter.circle);
    case 'WITHIN_BOX':
      return withinBox(filter.column, filter.box);
  }
}

const NOTHING = { _id: { $exists: false } };
const COMPARISON = { GT: '$gt', GTE: '$gte', LT: '$lt', LTE: '$lte' } as const;

/** In an array, a single element must be between the ends. */
function between({ column, from, to, openFrom, openTo }: Extract<RecordFilter, { kind: 'BETWEEN' }>): Document {
  const range = { [openFrom ? '$gt' : '$gte']: from, [openTo ? '$lt' : '$lte']: to };
  return { [column.storedKey]: column.type.endsWith('_ARRAY') ? { $elemMatch: range } : range };
}

/** Does not use a pattern: a pattern of 1,000 characters takes half a minute on a text of 15 MB that almost matches everywhere. */
function contains({ storedKey, type }: StoredColumn, text: string): Document {
  const isIn = (value: string) => ({ $gte: [{ $indexOfBytes: [value, { $literal: text }] }, 0] });
  const elements = { $map: { input: { $ifNull: [`$${storedKey}`, []] }, in: isIn('$$this') } };
  return { $expr: type.endsWith('_ARRAY') ? { $anyElementTrue: [elements] } : isIn(`$${storedKey}`) };
}

/**
 * A pattern that is tried at only one place of a text, however long the text is. `\A` and `\z` are the ends of a text; `$` would also match before a final newline.
 */
function pattern(op: 'STARTS_WITH' | 'ENDS_WITH', text: string): string {
  const literal = literalPattern(text);
  return op === 'STARTS_WITH' ? `\\A${literal}` : `\\A.*+(?<=${literal})\\z`;
}
