import type { estypes } from '@elastic/elasticsearch';
import { compareScalars } from '../../../domain/query/compare-rows.js';
import type { QueryValue, RecordFilter, StoredColumn } from '../../../domain/query/record-query.js';
import { fieldOf, longFieldOf } from '../generation-index.js';
import { behindAll, headOf, isLong } from './long-text.js';

type Query = estypes.QueryDslQueryContainer;

/** What has to hold, and what must not: one `bool` query. */
interface Clauses {
  readonly filter: Query[];
  readonly mustNot: Query[];
  /** One of them has to hold, where there are any. */
  should?: Query[];
}

const ALL: Query = { match_all: {} };
const NONE: Query = { match_none: {} };
const DATE_FORMAT = 'epoch_millis';
/** The work of making an automaton of 1,000 characters in the worst case, twice over; Elasticsearch's own bound is for patterns of a few. */
const MAX_PATTERN_STATES = 2_000_000;

/** A filter as a query; it never matches tombstones. `and`: what has to hold beside it. */
export function toQuery(filter: RecordFilter, ...and: Query[]): Query {
  const clauses: Clauses = { filter: [...and], mustNot: [{ exists: { field: 'd' } }] };
  demand(filter, clauses);
  return toBool(clauses);
}

/**
 * Adds a condition that has to hold. As much as can be goes into one `bool`: Elasticsearch bounds how deep they nest, at 20 to 30 levels, and a filter of a
 * caller may have 20.
 */
function demand(condition: RecordFilter, clauses: Clauses): void {
  if (condition.kind === 'AND') for (const one of condition.filters) demand(one, clauses);
  else if (condition.kind === 'NOT') exclude(condition.filter, clauses);
  else if (condition.kind === 'OR' && condition.filters.length > 0 && !clauses.should)
    clauses.should = condition.filters.map(queryOf);
  else clauses.filter.push(queryOf(condition));
}

/** Adds a condition that must not hold. */
function exclude(condition: RecordFilter, clauses: Clauses): void {
  if (condition.kind === 'NOT') demand(condition.filter, clauses);
  else if (condition.kind === 'OR') for (const one of condition.filters) exclude(one, clauses);
  else clauses.mustNot.push(queryOf(condition));
}

function toBool({ filter, mustNot, should }: Clauses): Query {
  const [only] = filter;
  if (only && filter.length === 1 && mustNot.length === 0 && !should) return only;
  return {
    bool: {
      ...(filter.length > 0 && { filter }),
      ...(mustNot.length > 0 && { must_not: mustNot }),
      ...(should && { should, minimum_should_match: 1 }),
    },
  };
}

function queryOf(condition: RecordFilter): Query {
  switch (condition.kind) {
    case 'AND':
    case 'NOT':
    case 'OR': {
      if (condition.kind === 'OR' && condition.filters.length === 0) return NONE;
      if (condition.kind === 'AND' && condition.filters.length === 0) return ALL;
      const clauses: Clauses = { filter: [], mustNot: [] };
      demand(condition, clauses);
      return toBool(clauses);
    }
    case 'IS_NULL':
      return isNull(condition.column);
    case 'IN':
      return anyOf(condition.column, condition.values);
    case 'COMPARE':
      return compare(condition.column, { [condition.op.toLowerCase()]: condition.value });
    case 'BETWEEN':
      return compare(condition.column, { gte: condition.from, lte: condition.to });
    case 'TEXT_MATCH':
      return textMatch(condition.column, condition.op, condition.text);
  }
}

/** Arrays without an element that could be indexed are not null. */
export function isNull(column: StoredColumn): Query {
  const present: Query[] = [{ exists: { field: fieldOf(column) } }];
  if (column.type.endsWith('_ARRAY')) present.push({ term: { e: column.storedKey } });
  return { bool: { must_not: present } };
}

export function anyOf(column: StoredColumn, values: readonly QueryValue[]): Query {
  return values.length === 0 ? NONE : { terms: { [fieldOf(column)]: values.map(plain) } };
}

type Range = Readonly<Partial<Record<'gt' | 'gte' | 'lt' | 'lte', QueryValue>>>;

/** In an array, one and the same element has to lie in the range. */
export function compare(column: StoredColumn, range: Range): Query {
  if (column.type.startsWith('BOOLEAN'))
    return anyOf(
      column,
      [false, true].filter((value) => liesIn(value, range)),
    );
  if (Object.values(range).some((end) => typeof end === 'string' && isLong(end))) return compareLong(column, range);
  const ends = Object.fromEntries(Object.entries(range).map(([end, value]) => [end, plain(value)]));
  const format = column.type.startsWith('DATETIME') ? { format: DATE_FORMAT } : {};
  return { range: { [fieldOf(column)]: { ...ends, ...format } } };
}

/** A range with an end that is too long to be looked for: cut where all texts are searched, and whole where only long ones are. */
function compareLong(column: StoredColumn, range: Range): Query {
  const whole: Record<string, string> = {};
  const cut: Record<string, string> = {};
  let isEmpty = false;
  for (const [end, value] of Object.entries(range)) {
    const text = String(value);
    whole[end] = text;
    if (!isLong(text)) cut[end] = text;
    else if (end === 'lt' || end === 'lte') cut.lt = headOf(text);
    else {
      const from = behindAll(headOf(text));
      if (from === undefined) isEmpty = true;
      else cut.gte = from;
    }
  }
  const amongAll: Query = isEmpty ? NONE : { range: { [fieldOf(column)]: cut } };
  return { bool: { should: [amongAll, { range: { [longFieldOf(column)]: whole } }] } };
}

function liesIn(value: QueryValue, { gt, gte, lt, lte }: Range): boolean {
  return (
    (gt === undefined || compareScalars(value, gt) > 0) &&
    (gte === undefined || compareScalars(value, gte) >= 0) &&
    (lt === undefined || compareScalars(value, lt) < 0) &&
    (lte === undefined || compareScalars(value, lte) <= 0)
  );
}

function textMatch(column: StoredColumn, op: 'CONTAINS' | 'STARTS_WITH' | 'ENDS_WITH', text: string): Query {
  const field = fieldOf(column);
  if (text === '') return { exists: { field } };
  if (op === 'STARTS_WITH') return isLong(text) ? longPrefix(column, text) : { prefix: { [field]: text } };
  const value = `.*${literalPattern(text)}${op === 'CONTAINS' ? '.*' : ''}`;
  return { regexp: { [field]: { value, flags: 'NONE', max_determinized_states: MAX_PATTERN_STATES } } };
}

/** Texts that begin with a long one are long themselves; Elasticsearch takes no prefix of more than 1,000 bytes. */
function longPrefix(column: StoredColumn, text: string): Query {
  const end = behindAll(text);
  return { range: { [longFieldOf(column)]: { gte: text, ...(end !== undefined && { lt: end }) } } };
}

/** A pattern of Lucene's for this text as it is; it always stands for the whole of a value, new lines included. */
function literalPattern(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, (character) => `\\${character}`);
}

function plain(value: QueryValue): string | number | boolean {
  return value instanceof Date ? value.getTime() : value;
}
