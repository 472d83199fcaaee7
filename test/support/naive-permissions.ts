import type { Column } from '../../src/domain/design/column.js';
import type { StoredValues } from '../../src/domain/design/stored-value.js';

/** A claim `permissions` as it is in a token. */
export type Claim = readonly ClaimEntry[];

export interface ClaimEntry extends ClaimGroup {
  readonly dataset_id: string | readonly string[];
}

export interface ClaimGroup {
  readonly operator?: 'AND' | 'OR';
  readonly record_permissions: readonly (ClaimCondition | ClaimGroup)[];
}

export interface ClaimCondition {
  readonly security_name: string;
  readonly validation_type?: string;
  readonly group_value?: string;
  readonly values?: readonly unknown[];
}

type Scalar = string | number | boolean | Date;
type Ends = Readonly<Record<'gt' | 'gte' | 'lt' | 'lte', unknown>>;

/**
 * Whether the bearer of a claim sees a row, by the rules of docs/security.md and without the code that compiles them; null if the claim permits no row at all of the dataset. For
 * claims whose conditions fit the columns that they are about.
 */
export function naivelySees(claim: Claim, datasetId: string, columns: readonly Column[]) {
  const entries = claim.filter(({ dataset_id: ids }) => ids === '*' || [ids].flat().includes(datasetId));
  const names = columns.flatMap(({ securityName }) => (securityName === null ? [] : [securityName]));
  const said = entries.map((entry) => ({ entry, names: namesIn(entry) }));
  const all = new Set(said.flatMap((one) => one.names));
  if (said.some(({ entry, names: of }) => entry.dataset_id !== '*' && of.some((name) => !names.includes(name))))
    return null;
  if (names.some((name) => !all.has(name))) return null;
  if (names.length === 0) return () => true;
  return (values: StoredValues) => entries.every((entry) => holds(entry, columns, values));
}

function namesIn(group: ClaimGroup): string[] {
  return group.record_permissions.flatMap((one) => ('security_name' in one ? [one.security_name] : namesIn(one)));
}

/** A condition on a name that the dataset does not have is as if it were not there, but false in an OR and in what is inside one. */
function holds(group: ClaimGroup, columns: readonly Column[], values: StoredValues, inOr = false): boolean {
  const isOr = group.operator === 'OR';
  const results = group.record_permissions.map((one) => {
    if (!('security_name' in one)) return holds(one, columns, values, inOr || isOr);
    const column = columns.find(({ securityName }) => securityName === one.security_name);
    if (!column) return !(inOr || isOr);
    return conditionHolds(one, column, elementsOf(values[column.storedKey]));
  });
  return isOr ? results.includes(true) : !results.includes(false);
}

/** The values of a row in a column: of an array, its elements. Null is no value. */
function elementsOf(stored: StoredValues[string]): Scalar[] {
  const list = Array.isArray(stored) ? (stored as unknown[]) : [stored];
  return list.filter((one) => one !== undefined && one !== null) as Scalar[];
}

function conditionHolds(condition: ClaimCondition, { type }: Column, found: readonly Scalar[]): boolean {
  const { validation_type: asked = 'EQUAL', values = [], group_value: group } = condition;
  const period = type.startsWith('DATETIME') ? (group ?? 'day').toLowerCase() : null;
  const some = (test: (value: Scalar) => boolean) => found.some(test);
  const none = (test: (value: Scalar) => boolean) => found.length > 0 && !found.some(test);
  const equal = (value: Scalar) => values.some((one) => order(value, one, period) === 0);
  const inRange = (value: Scalar) => (values as Ends[]).some((ends) => isIn(value, ends, period));
  const texts = values as string[];
  const contains = (value: Scalar) => texts.some((one) => String(value).split(one).length > 1);
  const starts = (value: Scalar) => texts.some((one) => String(value).slice(0, one.length) === one);
  const ends = (value: Scalar) => texts.some((one) => String(value).slice(-one.length) === one);
  const compared = (value: Scalar) => order(value, values[0], period);
  switch (asked) {
    case 'EQUAL':
      return values.includes('*') || some(equal);
    case 'NOT_EQUAL':
      return none(equal);
    case 'DATE':
      return some(equal);
    case 'CONTAIN':
      return some(contains);
    case 'NOT_CONTAIN':
      return none(contains);
    case 'START_WITH':
      return some(starts);
    case 'NOT_START_WITH':
      return none(starts);
    case 'END_WITH':
      return some(ends);
    case 'NOT_END_WITH':
      return none(ends);
    case 'RANGE':
      return some(inRange);
    case 'NOT_RANGE':
      return none(inRange);
    case 'BETWEEN':
      return some((value) => isIn(value, { gte: values[0], lte: values[1] } as Ends, period));
    case 'GREATER_THAN':
      return some((value) => compared(value) > 0);
    case 'GREATER_THAN_OR_EQUAL':
      return some((value) => compared(value) >= 0);
    case 'LESS_THAN':
      return some((value) => compared(value) < 0);
    case 'LESS_THAN_OR_EQUAL':
      return some((value) => compared(value) <= 0);
    case 'IS_EMPTY':
      return found.every((value) => value === '');
    case 'IS_NOT_EMPTY':
      return found.some((value) => value !== '');
    default:
      throw new Error(`${asked} is no type`);
  }
}

function isIn(value: Scalar, { gt, gte, lt, lte }: Ends, period: string | null): boolean {
  if (gt !== undefined && order(value, gt, period) <= 0) return false;
  if (gte !== undefined && order(value, gte, period) < 0) return false;
  if (lt !== undefined && order(value, lt, period) >= 0) return false;
  return lte === undefined || order(value, lte, period) <= 0;
}

/** Negative, 0 or positive: how a row's value compares with one of a token. Texts by code point, dates by the periods that they are in. */
function order(value: Scalar, other: unknown, period: string | null): number {
  if (value instanceof Date)
    return labelOf(value, period).localeCompare(labelOf(new Date(String(other)), period), 'en');
  if (typeof value !== 'string') return Number(value) - Number(other);
  const [one, two] = [[...value], [...String(other)]].map((text) => text.map((point) => point.codePointAt(0) ?? 0));
  for (const [at, point] of (one ?? []).entries()) {
    const against = two?.[at];
    if (against === undefined) return 1;
    if (point !== against) return point - against;
  }
  return (one?.length ?? 0) - (two?.length ?? 0);
}

/** The name of the period that an instant is in; later periods have greater names. */
function labelOf(date: Date, period: string | null): string {
  const iso = date.toISOString();
  const month = Number(iso.slice(5, 7));
  switch (period) {
    case 'year':
      return iso.slice(0, 4);
    case 'quarter':
      return `${iso.slice(0, 4)}${Math.ceil(month / 3)}`;
    case 'month':
      return iso.slice(0, 7);
    case 'week': {
      const sinceMonday = (date.getUTCDay() + 6) % 7;
      return new Date(date.getTime() - sinceMonday * 86_400_000).toISOString().slice(0, 10);
    }
    case 'day':
      return iso.slice(0, 10);
    case 'hour':
      return iso.slice(0, 13);
    case 'minute':
      return iso.slice(0, 16);
    case 'second':
      return iso.slice(0, 19);
    default:
      return iso;
  }
}
