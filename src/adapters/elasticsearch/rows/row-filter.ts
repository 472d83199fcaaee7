import type { estypes } from '@elastic/elasticsearch';
import type { QueryValue, RecordFilter, StoredColumn } from '../../../domain/query/record-query.js';
import { leastAfterPrefix } from '../../../domain/query/text-prefix.js';
import { fieldOf, longFieldOf } from '../generation-index.js';
import { inBox, inCircle } from './geo-queries.js';
import { headOf, isLong } from './long-text.js';
import { any, NONE, terms } from './queries.js';
import { liesIn, type Range, rangeOf } from './range.js';
import { NO_ROW } from './row-source.js';
import { hashOf, indexedForm, innerPrefix, isCut, isLongerThanHead, lastPrefix, PARTS_FIELD } from './text-forms.js';
import { NO_TIES, type Ties } from './ties.js';

type Query = estypes.QueryDslQueryContainer;

/** The conditions that must hold and that must not hold: one `bool` query. */
interface Clauses {
  readonly filter: Query[];
  readonly mustNot: Query[];
  /** If there are any, one of them must hold. */
  should?: Query[];
}

const ALL: Query = { match_all: {} };
const DATE_FORMAT = 'epoch_millis';
/** Twice the worst-case work for an automaton of 1,000 characters; Elasticsearch's default is for short patterns. */
const MAX_PATTERN_STATES = 2_000_000;

/**
 * Turns a filter into a query, which never matches hidden records or tombstones. `ties` are needed for ends of ranges that are longer than the indexed part of a text, and for circles:
 * see {@link findTies}. `and` has conditions that must hold as well.
 */
export function toQuery(filter: RecordFilter, ties: Ties = NO_TIES, ...and: Query[]): Query {
  const clauses: Clauses = { filter: [...and], mustNot: [...NO_ROW] };
  new Translation(ties).demand(filter, clauses);
  return toBool(clauses);
}

class Translation {
  constructor(private readonly ties: Ties) {}

  /**
   * Adds a condition that must hold. As many conditions as possible go into one `bool`: Elasticsearch limits their nesting to 20 to 30 levels, and a caller's filter may
   * have 20.
   */
  demand(condition: RecordFilter, clauses: Clauses): void {
    if (condition.kind === 'AND') for (const one of condition.filters) this.demand(one, clauses);
    else if (condition.kind === 'NOT') this.#exclude(condition.filter, clauses);
    else if (condition.kind === 'OR' && condition.filters.length > 0 && !clauses.should)
      clauses.should = condition.filters.map((one) => this.#queryOf(one));
    else clauses.filter.push(this.#queryOf(condition));
  }

  /** Adds a condition that must not hold. */
  #exclude(condition: RecordFilter, clauses: Clauses): void {
    if (condition.kind === 'NOT') this.demand(condition.filter, clauses);
    else if (condition.kind === 'OR') for (const one of condition.filters) this.#exclude(one, clauses);
    else clauses.mustNot.push(this.#queryOf(condition));
  }

  #queryOf(condition: RecordFilter): Query {
    switch (condition.kind) {
      case 'AND':
      case 'NOT':
      case 'OR': {
        if (condition.kind === 'OR' && condition.filters.length === 0) return NONE;
        if (condition.kind === 'AND' && condition.filters.length === 0) return ALL;
        const clauses: Clauses = { filter: [], mustNot: [] };
        this.demand(condition, clauses);
        return toBool(clauses);
      }
      case 'IS_NULL':
        return isNull(condition.column);
      case 'IN':
        return anyOf(condition.column, condition.values);
      case 'COMPARE':
      case 'BETWEEN':
        return this.#orTied(condition, compare(condition.column, rangeOf(condition)));
      case 'TEXT_MATCH':
        return textMatch(condition.column, condition.op, condition.text);
      case 'WITHIN_DISTANCE':
        return this.#orTied(condition, inCircle(condition));
      case 'WITHIN_BOX':
        return inBox(condition.column, condition.box);
    }
  }

  #orTied(condition: RecordFilter, query: Query): Query {
    return any([query, this.ties.get(condition) ?? NONE]);
  }
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

/** Arrays without an element that can be indexed are not null. */
function isNull(column: StoredColumn): Query {
  const present: Query[] = [{ exists: { field: fieldOf(column) } }];
  if (column.type.endsWith('_ARRAY')) present.push({ term: { e: column.storedKey } });
  return { bool: { must_not: present } };
}

/** A cut text is found by its hash. */
function anyOf(column: StoredColumn, values: readonly QueryValue[]): Query {
  const whole: (string | number | boolean)[] = [];
  const hashes: string[] = [];
  for (const value of values) {
    if (typeof value === 'string' && isCut(value)) hashes.push(hashOf(column.storedKey, value));
    else whole.push(plain(value));
  }
  return any([terms(fieldOf(column), whole), terms(PARTS_FIELD, hashes)]);
}

/** In an array, a single element must be in the range. {@link Ties} decides about texts with the same head as an end of the range. */
function compare(column: StoredColumn, range: Range): Query {
  if (column.type.startsWith('BOOLEAN'))
    return anyOf(
      column,
      [false, true].filter((value) => liesIn(value, range)),
    );
  const ends: Record<string, string | number | boolean> = {};
  for (const [end, value] of Object.entries(range)) {
    const isTied = typeof value === 'string' && isLongerThanHead(value);
    ends[isTied ? end.slice(0, 2) : end] = isTied ? indexedForm(value) : plain(value);
  }
  if (Object.values(ends).some((end) => typeof end === 'string' && isLong(end))) return compareLong(column, ends);
  const format = column.type.startsWith('DATETIME') ? { format: DATE_FORMAT } : {};
  return { range: { [fieldOf(column)]: { ...ends, ...format } } };
}

/** A range with an end that is too long to search for: cut in the field with all texts, and whole in the field with long texts. */
function compareLong(column: StoredColumn, ends: Readonly<Record<string, unknown>>): Query {
  const whole: Record<string, string> = {};
  const cut: Record<string, string> = {};
  let isEmpty = false;
  for (const [end, value] of Object.entries(ends)) {
    const text = String(value);
    whole[end] = text;
    if (!isLong(text)) cut[end] = text;
    else if (end === 'lt' || end === 'lte') cut.lt = headOf(text);
    else {
      const from = leastAfterPrefix(headOf(text));
      if (from === undefined) isEmpty = true;
      else cut.gte = from;
    }
  }
  const amongAll: Query = isEmpty ? NONE : { range: { [fieldOf(column)]: cut } };
  return any([amongAll, { range: { [longFieldOf(column)]: whole } }]);
}

function textMatch(column: StoredColumn, op: 'CONTAINS' | 'STARTS_WITH' | 'ENDS_WITH', text: string): Query {
  const field = fieldOf(column);
  if (text === '') return { exists: { field } };
  if (op === 'STARTS_WITH') return isLong(text) ? longPrefix(column, text) : { prefix: { [field]: text } };
  const { storedKey } = column;
  const sought = literalPattern(text);
  const last = literalPattern(lastPrefix(storedKey));
  // A keyword that ends in NUL is not the end of a text, and that NUL is not part of the text.
  if (op === 'ENDS_WITH') {
    const inWhole = isCut(text) ? NONE : pattern(field, `.*${sought}`);
    return any([inWhole, pattern(PARTS_FIELD, `${last}.*${sought}`)]);
  }
  const inHead = pattern(field, `.*${sought}.${isCut(text) ? '+' : '*'}`);
  const parts = `(${literalPattern(innerPrefix(storedKey))}|${last})`;
  return any([inHead, pattern(PARTS_FIELD, `${parts}.*${sought}.*`)]);
}

function pattern(field: string, value: string): Query {
  return { regexp: { [field]: { value, flags: 'NONE', max_determinized_states: MAX_PATTERN_STATES } } };
}

/** A text that begins with a long text is long too; Elasticsearch accepts prefixes of at most 1,000 bytes. */
function longPrefix(column: StoredColumn, text: string): Query {
  const end = leastAfterPrefix(text);
  return { range: { [longFieldOf(column)]: { gte: text, ...(end !== undefined && { lt: end }) } } };
}

/** A Lucene pattern that matches exactly this text; such a pattern always matches the whole value, including new lines. */
function literalPattern(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, (character) => `\\${character}`);
}

function plain(value: QueryValue): string | number | boolean {
  return value instanceof Date ? value.getTime() : value;
}
