import type { ColumnSettings } from './column.js';

/** One thing that keeps a design from being applied: of a column, or of a transformation. */
export type DesignFault = (ColumnFault | TransformationFault) & {
  /** Place, value, what was expected and what to do. */
  readonly message: string;
};

interface ColumnFault {
  /** The column's id. */
  readonly column: string;
  readonly transformation?: never;
  /** The setting at fault. */
  readonly field: keyof ColumnSettings;
}

interface TransformationFault {
  /** The id of the transformation. */
  readonly transformation: string;
  readonly column?: never;
  readonly field: 'id' | 'name' | 'step' | 'output' | 'replaceWith';
}
