import type { Column } from './column.js';

/**
 * The columns with `sensitive` set for each whose values are, are inside, or contain values of a column that is marked so. For example, of `person`, `person.ssn` and
 * `person.ssn.issuer` it is set for all three if `person.ssn` is marked, but not for `person.name`. Parents must come before their children.
 */
export function withSensitivity(columns: readonly Column[]): readonly Column[] {
  const sensitive = sensitiveIds(columns);
  if (sensitive.size === 0) return columns;
  return columns.map((column) => (sensitive.has(column.id) ? { ...column, sensitive: true } : column));
}

function sensitiveIds(columns: readonly Column[]): ReadonlySet<string> {
  const marked = new Set<string | null>();
  for (const { id, parent, sensitive } of columns) if (sensitive || marked.has(parent)) marked.add(id);
  const ids = new Set<string>();
  for (const { id, parent } of [...columns].reverse()) {
    if (!marked.has(id) && !ids.has(id)) continue;
    ids.add(id);
    if (parent !== null) ids.add(parent);
  }
  return ids;
}
