import type { Column } from '../design/design.js';
import { SluiceError } from '../errors.js';
import type { StoredColumn } from './record-query.js';

/** The column of this id, if rows hold its values. Throws BAD_REQUEST naming `field` when not. */
export function findColumn(columns: readonly Column[], id: string, field: string): StoredColumn {
  const column = columns.find((one) => one.id === id);
  const shown = JSON.stringify(id.slice(0, 200)).toWellFormed();
  if (!column) {
    const message = `${field} is ${shown}, which is no column of this dataset; its design lists the columns' ids`;
    throw new SluiceError('BAD_REQUEST', message, { field, expected: 'the id of a column', actual: shown });
  }
  if (!column.enabled) {
    const reason = column.disabledReason ?? 'it is not enabled';
    const message = `${field} is ${shown}, which rows hold no value of: ${reason}`;
    throw new SluiceError('BAD_REQUEST', message, { field, expected: 'an enabled column', actual: shown });
  }
  return { storedKey: column.storedKey, type: column.type };
}
