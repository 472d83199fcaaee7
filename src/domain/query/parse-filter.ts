import type { Column } from '../design/column.js';
import { SluiceError } from '../errors.js';
import type { JsonValue } from '../json/json-value.js';
import { briefJson } from '../json/stringify-json.js';
import { findColumn } from './find-column.js';
import { parseBox, parseCircle } from './geo-value.js';
import { parseQueryValue } from './query-value.js';
import {
  MAX_SOUGHT_LENGTH,
  MAX_SOUGHT_NULS,
  type QueryValue,
  type RecordFilter,
  type StoredColumn,
} from './record-query.js';

/** The operators of a filter, as callers write them. */
export const FILTER_OPERATORS = [
  'EQ',
  'NE',
  'IN',
  'NOT_IN',
  'GT',
  'GTE',
  'LT',
  'LTE',
  'BETWEEN',
  'CONTAINS',
  'STARTS_WITH',
  'ENDS_WITH',
  'IS_NULL',
  'IS_NOT_NULL',
  'WITHIN_DISTANCE',
  'WITHIN_BOX',
] as const;
export type FilterOperator = (typeof FILTER_OPERATORS)[number];

/** A filter as callers write it. If a node has several parts, all of them must hold. An empty node matches every row. */
export interface RecordFilterInput {
  readonly and?: readonly RecordFilterInput[] | null;
  readonly or?: readonly RecordFilterInput[] | null;
  readonly not?: RecordFilterInput | null;
  readonly column?: string | null;
  readonly op?: FilterOperator | null;
  readonly value?: JsonValue | undefined;
  readonly values?: readonly JsonValue[] | null;
}

const MAX_FILTER_DEPTH = 20;
const MAX_NODES = 500;
const MAX_FILTER_VALUES = 1_000;
const MAX_FILTER_VALUES_IN_ALL = 10_000;
/** A box gives Elasticsearch up to twelve clauses, and its query may have 1,024. */
const MAX_AREAS = 50;
/** A long text costs a record store up to half a second. */
const MAX_SOUGHT_IN_ALL = 10_000;

/**
 * Checks a filter against the columns of a dataset. Limits: 20 levels, 500 parts, 1,000 values in a list and 10,000 in all lists; a text to search for has at most
 * 1,000 characters, at most 900 of them NULs at its beginning, and all such texts together have 10,000; and 50 circles and boxes. Throws BAD_REQUEST, naming the place in `setting`, the value and
 * what was expected.
 */
export function parseFilter(input: RecordFilterInput, columns: readonly Column[], setting = 'where'): RecordFilter {
  return new FilterParser(columns, setting).parse(input, setting, 1);
}

/** The ids of the columns that a filter names, whether or not they exist. Of a filter with too many parts, which {@link parseFilter} refuses, only some. */
export function columnsOfFilter(input: RecordFilterInput): readonly string[] {
  const ids = new Set<string>();
  const left = [input];
  for (const one of left) {
    if (one.column != null) ids.add(one.column);
    const parts = [one.and ?? [], one.or ?? [], one.not ? [one.not] : []];
    for (const list of parts) left.push(...list.slice(0, MAX_NODES + 1 - left.length));
  }
  return [...ids];
}

class FilterParser {
  #nodes = 0;
  #sought = 0;
  #values = 0;
  #areas = 0;

  constructor(
    private readonly columns: readonly Column[],
    private readonly setting: string,
  ) {}

  parse(input: RecordFilterInput, place: string, depth: number): RecordFilter {
    this.#nodes += 1;
    if (depth > MAX_FILTER_DEPTH)
      throw fault(
        place,
        `nests more than ${MAX_FILTER_DEPTH} levels deep`,
        `at most ${MAX_FILTER_DEPTH} levels`,
        `level ${depth}`,
      );
    if (this.#nodes > MAX_NODES)
      throw fault(this.setting, `has more than ${MAX_NODES} parts`, `at most ${MAX_NODES} parts`, 'more');
    const parts: RecordFilter[] = [];
    const list = (name: 'and' | 'or') =>
      (input[name] ?? []).map((one, index) => this.parse(one, `${place}.${name}[${index}]`, depth + 1));
    if (input.and) parts.push({ kind: 'AND', filters: list('and') });
    if (input.or) parts.push({ kind: 'OR', filters: list('or') });
    if (input.not) parts.push({ kind: 'NOT', filter: this.parse(input.not, `${place}.not`, depth + 1) });
    if (input.column != null || input.op != null) parts.push(this.#condition(input, place));
    else if (input.value !== undefined || input.values != null)
      throw fault(place, 'gives a value without column and op', 'column and op', 'a value alone');
    const [only] = parts;
    return parts.length === 1 && only ? only : { kind: 'AND', filters: parts };
  }

  #condition(input: RecordFilterInput, place: string): RecordFilter {
    const { op } = input;
    if (input.column == null) throw fault(place, 'gives an op without a column', 'column and op', 'op alone');
    const column = findColumn(this.columns, input.column, `${place}.column`);
    if (op == null) {
      throw fault(place, `names the column ${briefJson(input.column)} without an op`, 'column and op', 'column alone');
    }
    checkOperator(op, column, input.column, `${place}.op`);
    switch (op) {
      case 'IS_NULL':
      case 'IS_NOT_NULL':
        refuseValues(input, place, op);
        return negated(op === 'IS_NOT_NULL', { kind: 'IS_NULL', column });
      case 'EQ':
      case 'NE':
        return negated(op === 'NE', { kind: 'IN', column, values: [oneValue(input, column, place)] });
      case 'IN':
      case 'NOT_IN':
        return negated(op === 'NOT_IN', { kind: 'IN', column, values: this.#manyValues(input, column, place) });
      case 'BETWEEN': {
        const [from, to, ...more] = this.#manyValues(input, column, place);
        if (from === undefined || to === undefined || more.length > 0) {
          const what = 'must be two for BETWEEN: the least and the greatest value, both included';
          throw fault(`${place}.values`, what, '2 values', `${input.values?.length ?? 0} values`);
        }
        return { kind: 'BETWEEN', column, from, to };
      }
      case 'CONTAINS':
      case 'STARTS_WITH':
      case 'ENDS_WITH':
        return { kind: 'TEXT_MATCH', column, op, text: this.#soughtText(input, column, place) };
      case 'GT':
      case 'GTE':
      case 'LT':
      case 'LTE':
        return { kind: 'COMPARE', column, op, value: oneValue(input, column, place) };
      case 'WITHIN_DISTANCE':
        return { kind: op, column, circle: parseCircle(this.#area(input, place), `${place}.value`) };
      case 'WITHIN_BOX':
        return { kind: op, column, box: parseBox(this.#area(input, place), `${place}.value`) };
      default:
        throw fault(
          `${place}.op`,
          `is ${briefJson(op)}, which is not an operator`,
          FILTER_OPERATORS.join(', '),
          briefJson(op),
        );
    }
  }

  #area(input: RecordFilterInput, place: string): JsonValue {
    this.#areas += 1;
    if (this.#areas > MAX_AREAS)
      throw fault(this.setting, `has more than ${MAX_AREAS} circles and boxes`, `at most ${MAX_AREAS} of them`, 'more');
    return givenValue(input, place);
  }

  #soughtText(input: RecordFilterInput, column: StoredColumn, place: string): string {
    if (!column.type.startsWith('TEXT')) {
      const what = `is ${input.op}, which works on texts; the column ${briefJson(input.column ?? null)} is ${column.type}`;
      throw fault(`${place}.op`, what, 'a column of type TEXT or TEXT_ARRAY', column.type);
    }
    const text = String(oneValue(input, column, place));
    this.#sought += text.length;
    if (text.length > MAX_SOUGHT_LENGTH) {
      const what = `has more than ${MAX_SOUGHT_LENGTH} characters, too many for ${input.op}`;
      throw fault(`${place}.value`, what, `at most ${MAX_SOUGHT_LENGTH} characters`, 'more');
    }
    if (text.startsWith('\u0000'.repeat(MAX_SOUGHT_NULS + 1))) {
      const what = `begins with more than ${MAX_SOUGHT_NULS} NUL characters, too many for ${input.op}`;
      throw fault(`${place}.value`, what, `at most ${MAX_SOUGHT_NULS} NUL characters at the beginning`, 'more');
    }
    if (this.#sought > MAX_SOUGHT_IN_ALL) {
      const what = `searches for texts that have more than ${MAX_SOUGHT_IN_ALL} characters in total`;
      throw fault(this.setting, what, `at most ${MAX_SOUGHT_IN_ALL} characters`, 'more');
    }
    return text;
  }

  #manyValues(input: RecordFilterInput, column: StoredColumn, place: string): QueryValue[] {
    if (input.value !== undefined)
      throw fault(`${place}.value`, `cannot be used with ${input.op}; give values`, 'values', 'value');
    if (input.values == null) throw fault(place, `has no values, which ${input.op} needs`, 'values', 'none');
    const { length } = input.values;
    if (length > MAX_FILTER_VALUES) {
      const what = `has ${length} values; at most ${MAX_FILTER_VALUES} are allowed`;
      throw fault(`${place}.values`, what, `at most ${MAX_FILTER_VALUES} values`, `${length} values`);
    }
    this.#values += length;
    if (this.#values > MAX_FILTER_VALUES_IN_ALL) {
      const what = `has more than ${MAX_FILTER_VALUES_IN_ALL} values in its lists`;
      throw fault(this.setting, what, `at most ${MAX_FILTER_VALUES_IN_ALL} values in all`, 'more');
    }
    return input.values.map((value, index) => parseQueryValue(value, column, `${place}.values[${index}]`));
  }
}

function negated(negate: boolean, filter: RecordFilter): RecordFilter {
  return negate ? { kind: 'NOT', filter } : filter;
}

/** Refuses operators for points on other columns, and most others on points. */
function checkOperator(op: FilterOperator, { type }: StoredColumn, id: string, place: string): void {
  const isForPoints = GEO_OPERATORS.includes(op);
  if (isForPoints && type !== 'GEO_POINT') {
    const what = `is ${op}, which works on points; the column ${briefJson(id)} is ${type}; name a column that a geolocation creates`;
    throw fault(place, what, 'a column of type GEO_POINT', type);
  }
  const isForAny = op === 'IS_NULL' || op === 'IS_NOT_NULL';
  if (type !== 'GEO_POINT' || isForPoints || isForAny || !FILTER_OPERATORS.includes(op)) return;
  const allowed = [...GEO_OPERATORS, 'IS_NULL', 'IS_NOT_NULL'].join(', ');
  throw fault(place, `is ${op}, but the column ${briefJson(id)} is GEO_POINT; use one of ${allowed}`, allowed, op);
}

const GEO_OPERATORS: readonly FilterOperator[] = ['WITHIN_DISTANCE', 'WITHIN_BOX'];

function oneValue(input: RecordFilterInput, column: StoredColumn, place: string): QueryValue {
  return parseQueryValue(givenValue(input, place), column, `${place}.value`);
}

function givenValue(input: RecordFilterInput, place: string): JsonValue {
  if (input.values != null)
    throw fault(`${place}.values`, `cannot be used with ${input.op}; give value`, 'value', 'values');
  if (input.value === undefined) throw fault(place, `has no value, which ${input.op} needs`, 'value', 'none');
  return input.value;
}

function refuseValues(input: RecordFilterInput, place: string, op: string): void {
  if (input.value !== undefined || input.values != null)
    throw fault(place, `gives a value, which ${op} does not take`, 'no value', 'a value');
}

function fault(field: string, what: string, expected: string, actual: string): SluiceError {
  return new SluiceError('BAD_REQUEST', `${field} ${what}`, { field, expected, actual });
}
