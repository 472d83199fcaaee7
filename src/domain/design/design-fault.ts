import type { ColumnSettings } from './column.js';

/** A fault of a column or a transformation. A design with a fault cannot be applied. */
export type DesignFault = (ColumnFault | TransformationFault) & {
  /** Names the place, the value, what was expected, and what to do. */
  readonly message: string;
};

interface ColumnFault {
  /** The column's id. */
  readonly column: string;
  readonly transformation?: never;
  /** The setting that has the fault. */
  readonly field: keyof ColumnSettings;
}

export interface TransformationFault {
  /** The id of the transformation. */
  readonly transformation: string;
  readonly column?: never;
  readonly field: 'id' | 'name' | 'step' | 'output' | 'replaceWith';
}
