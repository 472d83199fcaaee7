import { briefJson } from '../json/stringify-json.js';
import type { Column } from './column.js';
import { reasonAgainstUse } from './column-places.js';
import type { ColumnsById } from './column-pointer.js';
import type { Columns } from './design.js';
import type { DesignFault } from './design-fault.js';

/** The changes to columns that an edit names, by column id. */
type Patches = ReadonlyMap<string, { readonly securityName?: string | null | undefined }>;

/**
 * The security names that an edit would take away without saying so: those of columns that it removes or that can no longer have values, because a step is deleted, disabled or
 * changed. Without them, more rows could be read. An edit that names the column's `securityName` is allowed to.
 */
export function lostSecurityNames(before: Columns, after: ColumnsById, patches: Patches): DesignFault[] {
  return before.columns.flatMap((column): DesignFault[] => {
    const { id, securityName } = column;
    if (securityName === null || patches.get(id)?.securityName !== undefined) return [];
    const reason = reasonOfLoss(column, after.get(id), patches.has(id));
    if (reason === null) return [];
    const what = `${reason}, but it restricts rows by the security name ${briefJson(securityName)}; undo that, or clear securityName of the column in the same edit`;
    return [{ column: id, field: 'securityName', message: `securityName of column ${briefJson(id)}: ${what}` }];
  });
}

/** The faults of a column that stays, and that the edit names, are found in another way. */
function reasonOfLoss(before: Column, after: Column | undefined, isEdited: boolean): string | null {
  if (!after) return 'the edit removes the column, because no step creates it any more';
  if (after.storedKey !== before.storedKey) return 'the edit replaces the column, because another step creates it';
  if (isEdited || reasonAgainstUse(before) !== null) return null;
  const reason = reasonAgainstUse(after);
  return reason && `the edit leaves it without values (${reason})`;
}

/** The columns whose security name an edit clears. It may do that also for a column that it removes. */
export function clearedOnLeaving({ columns }: Columns, patches: Patches): readonly Column[] {
  return columns.filter(({ id }) => {
    const { securityName, ...rest } = patches.get(id) ?? {};
    return securityName === null && Object.entries(rest).every(([key, value]) => key === 'id' || value === undefined);
  });
}
