import type { Column } from '../design/column.js';
import { reasonAgainstUse } from '../design/column-places.js';
import { SluiceError } from '../errors.js';
import { briefJson } from '../json/stringify-json.js';
import { EVERYTHING, NOTHING, type RecordFilter } from '../query/record-query.js';
import type { RowRestriction, RowView } from './caller.js';
import {
  conditionsIn,
  isGroup,
  type Permission,
  type PermissionCondition,
  type PermissionGroup,
} from './permissions.js';
import { filterOfTest, UnfitCondition } from './test-filter.js';
import { visibleColumns } from './visible-columns.js';

/** A record store limits the parts of a query, which has those of the caller's filter too. */
const MAX_PARTS = 300;

/** Why a token sees no rows of a dataset. It says what the design has, so only managers may read it. */
export interface NothingVisible {
  readonly reason: string;
}

/** What a viewer token with these permissions sees of a dataset. Throws FORBIDDEN if that is nothing; the message does not say why. */
export function rowRestriction(permissions: readonly Permission[], datasetId: string): RowRestriction {
  return (columns) => {
    const compiled = compilePermissions(permissions, datasetId, columns);
    if (!('reason' in compiled)) return compiled;
    throw new SluiceError(
      'FORBIDDEN',
      'the viewer token permits no rows of this dataset; ask its issuer for one that does',
    );
  };
}

/**
 * Compiles the permissions of a viewer token for a dataset whose applied design has these columns: to what the token sees, or to why it sees nothing. Rules:
 * - A dataset without security names is open to every token.
 * - Otherwise, every entry for the dataset must hold, so an entry never shows more rows; and each security name must be in one of them.
 * - A security name that the dataset does not have is an error in an entry that names the dataset by its id. In an entry for all datasets, the condition is left out where that
 *   cannot show more rows than the dataset's own names permit, and false inside an OR.
 * - A security name of a column without usable values, and a condition that does not fit its column, show nothing.
 */
export function compilePermissions(
  permissions: readonly Permission[],
  datasetId: string,
  columns: readonly Column[],
): RowView | NothingVisible {
  const entries = permissions.filter(({ datasets }) => datasets === '*' || datasets.includes(datasetId));
  const named = columns.flatMap((one): [string, Column][] =>
    one.securityName === null ? [] : [[one.securityName, one]],
  );
  const secured = new Map(named);
  if (columns.length === 0) return { reason: 'the dataset has no columns' };
  if (secured.size < named.length) return { reason: 'two columns have the same security name' };
  const reason = reasonAgainst(entries, secured);
  if (reason !== null) return { reason };
  // Permissions may restrict rows by the values of a column that the viewer does not see.
  const visible = visibleColumns(columns);
  if (secured.size === 0) return { filter: null, columns: visible };
  try {
    const filter = joined(
      'AND',
      entries.map(({ group }) => filterOfGroup(group, secured, false)),
    );
    if (filter === NOTHING) return { reason: 'no condition is about a security name of the dataset' };
    if (partsOf(filter) > MAX_PARTS) return { reason: `the conditions have more than ${MAX_PARTS} parts` };
    return { filter: filter === EVERYTHING ? null : filter, columns: visible };
  } catch (error) {
    if (error instanceof UnfitCondition) return { reason: error.message };
    throw error;
  }
}

type ColumnsByName = ReadonlyMap<string, Column>;

function reasonAgainst(entries: readonly Permission[], secured: ColumnsByName): string | null {
  for (const [name, column] of secured) {
    const fault = reasonAgainstUse(column);
    if (fault !== null) return `the column with the security name ${briefJson(name)} restricts no rows: ${fault}`;
  }
  const named = new Set<string>();
  for (const { datasets, group } of entries) {
    for (const { securityName } of conditionsIn(group)) {
      named.add(securityName);
      if (datasets !== '*' && !secured.has(securityName))
        return `an entry for the dataset has the security name ${briefJson(securityName)}, which the dataset does not have`;
    }
  }
  const missing = [...secured.keys()].find((name) => !named.has(name));
  return missing === undefined ? null : `no entry for the dataset has its security name ${briefJson(missing)}`;
}

function filterOfGroup({ operator, members }: PermissionGroup, secured: ColumnsByName, inOr: boolean): RecordFilter {
  const isOr = inOr || operator === 'OR';
  const parts = members.map((one) =>
    isGroup(one) ? filterOfGroup(one, secured, isOr) : filterOfCondition(one, secured, isOr),
  );
  return joined(operator, parts);
}

/** Invariant: inside an OR, at any depth, a condition that cannot be checked is false. */
function filterOfCondition(
  { securityName, test }: PermissionCondition,
  secured: ColumnsByName,
  inOr: boolean,
): RecordFilter {
  const column = secured.get(securityName);
  if (column) return naming(securityName, () => filterOfTest(test, column));
  return inOr ? NOTHING : EVERYTHING;
}

function naming(securityName: string, compile: () => RecordFilter): RecordFilter {
  try {
    return compile();
  } catch (error) {
    if (!(error instanceof UnfitCondition)) throw error;
    throw new UnfitCondition(`the condition on ${briefJson(securityName)} does not fit: ${error.message}`);
  }
}

/** Joins filters without parts that change nothing. */
function joined(operator: 'AND' | 'OR', filters: readonly RecordFilter[]): RecordFilter {
  const [neutral, decisive] = operator === 'AND' ? [EVERYTHING, NOTHING] : [NOTHING, EVERYTHING];
  if (filters.includes(decisive)) return decisive;
  const parts = filters.filter((one) => one !== neutral);
  const [only] = parts;
  if (!only) return neutral;
  return parts.length === 1 ? only : { kind: operator, filters: parts };
}

function partsOf(filter: RecordFilter): number {
  if (filter.kind === 'NOT') return partsOf(filter.filter);
  if (filter.kind !== 'AND' && filter.kind !== 'OR') return 1;
  return filter.filters.reduce((sum, one) => sum + partsOf(one), 0);
}
