import { ExactNumber } from '../json/json-value.js';
import { MAX_SOUGHT_NULS } from '../query/record-query.js';
import { type Fields, fault, fieldsOf, listOf, oneOf, wrongValue } from './permission-fields.js';
import {
  PERIODS,
  type Period,
  type PermissionRange,
  type PermissionTest,
  type PermissionValue,
  VALIDATION_TYPES,
} from './permissions.js';

const MAX_VALUES = 1_000;
const MAX_VALUE_LENGTH = 1_000;

/** The text that stands for every value, with EQUAL alone. */
const WILDCARD = '*';

/** Reads `validation_type`, `values` and `group_value` of a condition. */
export function readTest(fields: Fields, place: string): PermissionTest {
  const type = oneOf(VALIDATION_TYPES, fields.validation_type ?? 'EQUAL', `${place}.validation_type`);
  const at = `${place}.values`;
  const period = periodOf(fields.group_value, `${place}.group_value`);
  switch (type) {
    case 'EQUAL':
    case 'NOT_EQUAL':
    case 'DATE': {
      if (type === 'DATE') refusePeriod(fields, type, place);
      const values = listOf(fields.values, at, { most: MAX_VALUES });
      if (type === 'EQUAL' && values.includes(WILDCARD)) return anything(values, at);
      return {
        kind: 'VALUES',
        type,
        values: values.map((one, index) => permittedValue(one, `${at}[${index}]`)),
        period,
      };
    }
    case 'RANGE':
    case 'NOT_RANGE': {
      const ranges = listOf(fields.values, at, { most: MAX_VALUES });
      return { kind: 'RANGES', type, ranges: ranges.map((one, index) => rangeOf(one, `${at}[${index}]`)), period };
    }
    case 'BETWEEN':
      return { kind: 'RANGES', type: 'RANGE', ranges: betweenOf(fields.values, at), period };
    case 'GREATER_THAN':
    case 'GREATER_THAN_OR_EQUAL':
    case 'LESS_THAN':
    case 'LESS_THAN_OR_EQUAL': {
      const [value] = listOf(fields.values, at, { most: 1 });
      return { kind: 'RANGES', type: 'RANGE', ranges: [{ [END[type]]: permittedValue(value, `${at}[0]`) }], period };
    }
    case 'IS_EMPTY':
    case 'IS_NOT_EMPTY':
      refusePeriod(fields, type, place);
      if (fields.values !== undefined) noValues(fields.values, type, at);
      return { kind: 'EMPTY', type };
    default: {
      refusePeriod(fields, type, place);
      const texts = listOf(fields.values, at, { most: MAX_VALUES });
      return { kind: 'TEXTS', type, texts: texts.map((one, index) => soughtOf(one, type, `${at}[${index}]`)) };
    }
  }
}

const END = {
  GREATER_THAN: 'gt',
  GREATER_THAN_OR_EQUAL: 'gte',
  LESS_THAN: 'lt',
  LESS_THAN_OR_EQUAL: 'lte',
} as const;

/** The other values must be readable too: a claim that is not understood is refused, whatever else it has. */
function anything(values: readonly unknown[], place: string): PermissionTest {
  for (const [index, value] of values.entries()) if (value !== WILDCARD) permittedValue(value, `${place}[${index}]`);
  return { kind: 'ANYTHING' };
}

/** Refuses numbers that may have lost digits on their way: as texts, they would be other texts. */
function permittedValue(value: unknown, place: string): PermissionValue {
  if (value === WILDCARD) {
    throw fault(place, 'is "*", which is for EQUAL alone', 'a value, or EQUAL as validation_type', '"*"');
  }
  if (value === null) throw fault(place, 'is null', 'a value; for null there are IS_EMPTY and IS_NOT_EMPTY', 'null');
  if (typeof value === 'boolean') return value;
  if (value instanceof ExactNumber || (typeof value === 'number' && !(Math.abs(value) <= 2 ** 53)))
    throw wrongValue(place, value, 'a number from -2^53 to 2^53 that a double holds, or a text with its digits');
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && value.length <= MAX_VALUE_LENGTH && value.isWellFormed()) return value;
  throw wrongValue(
    place,
    value,
    `a number, true, false, or a text of at most ${MAX_VALUE_LENGTH} well-formed characters`,
  );
}

/** An empty text is part of every text, so it would permit all of them: more likely, the maker of the token has no value. */
function soughtOf(value: unknown, type: string, place: string): string {
  if (value === '') throw fault(place, `is an empty text, which every text contains`, `a text for ${type}`, '""');
  if (typeof value !== 'string') throw wrongValue(place, value, `a text, which ${type} needs`);
  if (value.startsWith('\u0000'.repeat(MAX_SOUGHT_NULS + 1))) {
    const most = `at most ${MAX_SOUGHT_NULS} NUL characters at the beginning`;
    throw fault(place, `begins with more than ${MAX_SOUGHT_NULS} NUL characters`, most, 'more');
  }
  return String(permittedValue(value, place));
}

function rangeOf(value: unknown, place: string): PermissionRange {
  const fields = fieldsOf(value, place, ['gt', 'gte', 'lt', 'lte']);
  const ends = Object.entries(fields).filter(([, end]) => end !== undefined);
  const both = (one: string, other: string) => fields[one] !== undefined && fields[other] !== undefined;
  if (ends.length === 0) throw fault(place, 'has no end', 'gt or gte, lt or lte, or one of each', '{}');
  if (both('gt', 'gte') || both('lt', 'lte'))
    throw fault(place, 'has two ends on the same side', 'at most one of gt and gte, and one of lt and lte', 'both');
  return Object.fromEntries(ends.map(([end, one]) => [end, permittedValue(one, `${place}.${end}`)]));
}

/** Two values, or ranges with both ends included: `[1, 5]` or `[{"gte": 1, "lte": 5}]`. */
function betweenOf(value: unknown, place: string): readonly PermissionRange[] {
  const values = listOf(value, place, { most: MAX_VALUES });
  if (values.every((one) => typeof one !== 'object' || one === null)) {
    if (values.length !== 2) throw fault(place, `has ${values.length} values`, TWO_ENDS, `${values.length} values`);
    return [{ gte: permittedValue(values[0], `${place}[0]`), lte: permittedValue(values[1], `${place}[1]`) }];
  }
  return values.map((one, index) => {
    const range = rangeOf(one, `${place}[${index}]`);
    if (range.gte === undefined || range.lte === undefined) throw wrongValue(`${place}[${index}]`, one, TWO_ENDS);
    return range;
  });
}

const TWO_ENDS = 'the least and the greatest value for BETWEEN, such as [1, 5] or [{"gte": 1, "lte": 5}]';

/** Takes both cases, as tokens have both. */
function periodOf(value: unknown, place: string): Period | null {
  if (value === undefined) return null;
  return oneOf(PERIODS, typeof value === 'string' ? value.toUpperCase() : value, place);
}

function refusePeriod({ group_value }: Fields, type: string, place: string): void {
  if (group_value === undefined) return;
  throw fault(`${place}.group_value`, `is given, but ${type} does not take it`, 'no group_value', 'a group_value');
}

function noValues(value: unknown, type: string, place: string): void {
  if (Array.isArray(value) && value.length === 0) return;
  throw wrongValue(place, value, `no values, which ${type} does not take`);
}
