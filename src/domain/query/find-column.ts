import type { Column } from '../design/column.js';
import { SluiceError } from '../errors.js';
import type { StoredColumn } from './record-query.js';

/** Returns the column with this id. Throws BAD_REQUEST, naming `field`, if there is none or if rows do not hold its values. */
export function findColumn(columns: readonly Column[], id: string, field: string): StoredColumn {
  const column = columns.find((one) => one.id === id);
  const shown = JSON.stringify(id.slice(0, 200)).toWellFormed();
  if (!column) {
    const message = `${field} is ${shown}, which is not a column of this dataset; Dataset.columns lists the ids of its columns`;
    throw new SluiceError('BAD_REQUEST', message, { field, expected: 'the id of a column', actual: shown });
  }
  if (!column.enabled) {
    const reason = column.disabledReason ?? 'it is not enabled';
    const message = `${field} is ${shown}, which has no values in the rows: ${reason}`;
    throw new SluiceError('BAD_REQUEST', message, { field, expected: 'an enabled column', actual: shown });
  }
  return { storedKey: column.storedKey, type: column.type };
}
