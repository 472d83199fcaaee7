import type { Column } from '../design/design.js';
import { SluiceError } from '../errors.js';
import type { JsonValue } from '../json/json-value.js';
import { findColumn } from './find-column.js';
import { parseQueryValue } from './query-value.js';
import type { QueryValue, RecordFilter, StoredColumn } from './record-query.js';

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
] as const;
export type FilterOperator = (typeof FILTER_OPERATORS)[number];

/** A filter as callers write it. What is given in one node holds together; an empty node holds for every row. */
export interface RecordFilterInput {
  readonly and?: readonly RecordFilterInput[] | null;
  readonly or?: readonly RecordFilterInput[] | null;
  readonly not?: RecordFilterInput | null;
  readonly column?: string | null;
  readonly op?: FilterOperator | null;
  readonly value?: JsonValue | undefined;
  readonly values?: readonly JsonValue[] | null;
}

const MAX_DEPTH = 20;
const MAX_NODES = 500;
const MAX_VALUES = 1_000;
/** Record stores bound the patterns they look for. */
const MAX_SOUGHT = 1_000;

/** Checks a filter against the columns of a dataset. Throws BAD_REQUEST naming the place, the value and what was expected. */
export function parseFilter(input: RecordFilterInput, columns: readonly Column[]): RecordFilter {
  return new FilterParser(columns).parse(input, 'where', 1);
}

class FilterParser {
  #nodes = 0;

  constructor(private readonly columns: readonly Column[]) {}

  parse(input: RecordFilterInput, place: string, depth: number): RecordFilter {
    this.#nodes += 1;
    if (depth > MAX_DEPTH) throw fault(place, `nests more than ${MAX_DEPTH} levels deep`);
    if (this.#nodes > MAX_NODES) throw fault('where', `has more than ${MAX_NODES} parts`);
    const parts: RecordFilter[] = [];
    const list = (name: 'and' | 'or') =>
      (input[name] ?? []).map((one, index) => this.parse(one, `${place}.${name}[${index}]`, depth + 1));
    if (input.and) parts.push({ kind: 'AND', filters: list('and') });
    if (input.or) parts.push({ kind: 'OR', filters: list('or') });
    if (input.not) parts.push({ kind: 'NOT', filter: this.parse(input.not, `${place}.not`, depth + 1) });
    if (input.column != null || input.op != null) parts.push(this.#condition(input, place));
    else if (input.value !== undefined || input.values != null)
      throw fault(place, 'gives a value without column and op');
    const [only] = parts;
    return parts.length === 1 && only ? only : { kind: 'AND', filters: parts };
  }

  #condition(input: RecordFilterInput, place: string): RecordFilter {
    const { op } = input;
    if (input.column == null) throw fault(place, 'gives an op without a column');
    if (op == null) throw fault(place, `names the column ${JSON.stringify(input.column)} without an op`);
    const column = findColumn(this.columns, input.column, `${place}.column`);
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
        return negated(op === 'NOT_IN', { kind: 'IN', column, values: manyValues(input, column, place) });
      case 'BETWEEN': {
        const [from, to, ...more] = manyValues(input, column, place);
        if (from === undefined || to === undefined || more.length > 0) {
          throw fault(`${place}.values`, 'of BETWEEN are two: the least and the greatest value, both included');
        }
        return { kind: 'BETWEEN', column, from, to };
      }
      case 'CONTAINS':
      case 'STARTS_WITH':
      case 'ENDS_WITH': {
        const text = oneValue(input, column, place);
        if (typeof text !== 'string' || !column.type.startsWith('TEXT')) {
          throw fault(`${place}.op`, `is ${op}, which works on texts; the column ${input.column} is ${column.type}`);
        }
        if (text.length > MAX_SOUGHT)
          throw fault(`${place}.value`, `has more than ${MAX_SOUGHT} characters, too many for ${op}`);
        return { kind: 'TEXT_MATCH', column, op, text };
      }
      default:
        return { kind: 'COMPARE', column, op, value: oneValue(input, column, place) };
    }
  }
}

function negated(negate: boolean, filter: RecordFilter): RecordFilter {
  return negate ? { kind: 'NOT', filter } : filter;
}

function oneValue(input: RecordFilterInput, column: StoredColumn, place: string): QueryValue {
  if (input.values != null) throw fault(`${place}.values`, `is for IN, NOT_IN and BETWEEN; ${input.op} takes value`);
  if (input.value === undefined) throw fault(place, `has no value, which ${input.op} needs`);
  return parseQueryValue(input.value, column, `${place}.value`);
}

function manyValues(input: RecordFilterInput, column: StoredColumn, place: string): QueryValue[] {
  if (input.value !== undefined) throw fault(`${place}.value`, `is not for ${input.op}, which takes values`);
  if (input.values == null) throw fault(place, `has no values, which ${input.op} needs`);
  const { length } = input.values;
  if (length > MAX_VALUES) throw fault(`${place}.values`, `has ${length} values; at most ${MAX_VALUES} are allowed`);
  return input.values.map((value, index) => parseQueryValue(value, column, `${place}.values[${index}]`));
}

function refuseValues(input: RecordFilterInput, place: string, op: string): void {
  if (input.value !== undefined || input.values != null) throw fault(place, `gives a value, which ${op} does not take`);
}

function fault(field: string, what: string): SluiceError {
  return new SluiceError('BAD_REQUEST', `${field} ${what}`, { field });
}
