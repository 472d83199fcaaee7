import { briefJson } from '../json/stringify-json.js';
import type { Column } from './column.js';

/** A step that removes a column. */
export interface Remover {
  readonly id: string;
  readonly name: string;
}

/** The column after a step has removed it from rows. It keeps its settings: they may be faults now. */
export function removedColumn({ removedBy: _, ...column }: Column, { id, name }: Remover): Column {
  return { ...column, enabled: false, disabledReason: `step ${briefJson(name)} removes it`, removedBy: id };
}

/** The column before that. */
export function beforeRemoval(column: Column): Column {
  return column.removedBy === undefined ? column : { ...column, enabled: true, disabledReason: null };
}
