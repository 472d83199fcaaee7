/** How a condition of a token compares a column with its values. */
export const VALIDATION_TYPES = [
  'EQUAL',
  'NOT_EQUAL',
  'CONTAIN',
  'NOT_CONTAIN',
  'START_WITH',
  'NOT_START_WITH',
  'END_WITH',
  'NOT_END_WITH',
  'RANGE',
  'NOT_RANGE',
  'BETWEEN',
  'DATE',
  'GREATER_THAN',
  'GREATER_THAN_OR_EQUAL',
  'LESS_THAN',
  'LESS_THAN_OR_EQUAL',
  'IS_EMPTY',
  'IS_NOT_EMPTY',
] as const;

/** The periods, in UTC, for which a date of a condition stands. MILLISECOND is an instant; weeks begin on Monday. */
export const PERIODS = ['MILLISECOND', 'SECOND', 'MINUTE', 'HOUR', 'DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'] as const;
export type Period = (typeof PERIODS)[number];

/** A value of a condition, not yet compared with the type of a column. */
export type PermissionValue = string | number | boolean;

/** The ends of a range: a lower one, an upper one, or both. */
export interface PermissionRange {
  readonly gt?: PermissionValue;
  readonly gte?: PermissionValue;
  readonly lt?: PermissionValue;
  readonly lte?: PermissionValue;
}

/** What a condition asks of a column's value. `period` is null if the token gives none. */
export type PermissionTest =
  /** The wildcard: every row, also without a value. */
  | { readonly kind: 'ANYTHING' }
  | {
      readonly kind: 'VALUES';
      readonly type: 'EQUAL' | 'NOT_EQUAL' | 'DATE';
      readonly values: readonly PermissionValue[];
      readonly period: Period | null;
    }
  | {
      readonly kind: 'TEXTS';
      readonly type: 'CONTAIN' | 'NOT_CONTAIN' | 'START_WITH' | 'NOT_START_WITH' | 'END_WITH' | 'NOT_END_WITH';
      readonly texts: readonly string[];
    }
  /** BETWEEN is RANGE with both ends included. */
  | {
      readonly kind: 'RANGES';
      readonly type: 'RANGE' | 'NOT_RANGE';
      readonly ranges: readonly PermissionRange[];
      readonly period: Period | null;
    }
  | { readonly kind: 'EMPTY'; readonly type: 'IS_EMPTY' | 'IS_NOT_EMPTY' };

/** A condition on the column that has this security name. */
export interface PermissionCondition {
  readonly securityName: string;
  readonly test: PermissionTest;
}

/** Conditions and groups, at least one, of which all (AND) or any (OR) must hold. */
export interface PermissionGroup {
  readonly operator: 'AND' | 'OR';
  readonly members: readonly (PermissionCondition | PermissionGroup)[];
}

/** An entry of a viewer token: what its bearer sees of some datasets. */
export interface Permission {
  /** The ids of the datasets; `*` for all. */
  readonly datasets: readonly string[] | '*';
  readonly group: PermissionGroup;
}

/** Whether a member of a group is itself a group. */
export function isGroup(member: PermissionCondition | PermissionGroup): member is PermissionGroup {
  return 'members' in member;
}

/** Every condition of a group, at any depth. */
export function* conditionsIn(group: PermissionGroup): Generator<PermissionCondition> {
  for (const member of group.members) {
    if (isGroup(member)) yield* conditionsIn(member);
    else yield member;
  }
}
