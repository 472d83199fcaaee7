import { childrenByParent } from '../sample/children-by-parent.js';
import { isUndetermined, type SourceField } from '../sample/source-field.js';
import type { CheckedField } from '../sample/value-check.js';
import type { Column } from './column.js';
import { columnsById } from './column-pointer.js';
import { scalarOf } from './conversions.js';

/**
 * The fields that records under a design are checked against: the fields of its sample, as changed by the columns' settings.
 *
 * - A column that takes any value is checked only for well-formed Unicode, and nothing below it is checked.
 * - A column that a user disabled is not checked, and may be missing. An object counts as disabled if all its columns are. Arrays of objects can never be enabled, and are
 *   checked as the sample shows them.
 * - A column that a user changed to TEXT takes any scalar.
 * - Values of sensitive columns must not be shown. `columns` are as {@link withSensitivity} returns them.
 */
export function checkedFields(columns: readonly Column[], fields: readonly SourceField[]): CheckedField[] {
  const byId = columnsById(columns);
  const ignored = ignoredColumns(columns);
  const whole = new Set<string>();
  return fields.flatMap((given) => {
    const { path, parent } = given;
    if (parent !== null && whole.has(parent)) {
      whole.add(path);
      return [];
    }
    const column = byId.get(path);
    const field: CheckedField = column?.sensitive ? { ...given, sensitive: true } : given;
    const isIgnored = ignored.has(path);
    if (isIgnored || column?.undetermined) whole.add(path);
    if (isIgnored) return [{ ...field, optional: true, unchecked: true }];
    if (column?.undetermined) return [{ ...field, type: 'TEXT', textForm: 'ANY' }];
    return [column && isMadeText(column) ? { ...field, type: column.type, textForm: 'SCALAR' } : field];
  });
}

function isMadeText(column: Column): boolean {
  return scalarOf(column.type) === 'TEXT' && (column.type !== column.sourceType || isUndetermined(column));
}

/** Columns that a user disabled, and objects whose columns are all disabled. */
function ignoredColumns(columns: readonly Column[]): ReadonlySet<string> {
  const children = childrenByParent(columns);
  const ignored = new Set<string>();
  // Children come after their parents.
  for (const column of [...columns].reverse()) {
    const below = children.get(column.id) ?? [];
    const isEmptied = column.sourceType === 'OBJECT' && below.length > 0 && below.every(({ id }) => ignored.has(id));
    const isDisabled = !column.enabled && column.disabledReason === null;
    if (isDisabled || (isEmptied && !column.undetermined)) ignored.add(column.id);
  }
  return ignored;
}
