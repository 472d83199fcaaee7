import type { Transformation } from '../transform/transformation.js';
import type { Column } from './column.js';

/** FAIL: one mismatching record refuses its whole push. QUARANTINE: the others are loaded, and it is kept with the reasons. */
export type MismatchPolicy = 'FAIL' | 'QUARANTINE';

/** What a key of the sample that a record leaves out is: a mismatch, or null. */
export type MissingFields = 'REFUSE' | 'AS_NULL';

/** What a key that the sample does not have is: a mismatch, or passed over. */
export type UnknownFields = 'REFUSE' | 'IGNORE';

/** What people set of a design beside its columns. */
export interface DesignRules {
  readonly mismatchPolicy: MismatchPolicy;
  readonly missingFields: MissingFields;
  readonly unknownFields: UnknownFields;
}

/** A new dataset takes exactly what its sample shows. */
export const DEFAULT_RULES: DesignRules = { mismatchPolicy: 'FAIL', missingFields: 'REFUSE', unknownFields: 'REFUSE' };

/** The shape that loads give to rows. Immutable: an edit makes a new revision. */
export interface Design extends DesignRules {
  readonly datasetId: string;
  /** 1 for the first, one more for every edit. */
  readonly revision: number;
  readonly connectionId: string;
  /** The version of the connection's sample that pushes under this design are checked against. */
  readonly sampleVersion: number;
  readonly columns: readonly Column[];
  /** Run in this order on every record. */
  readonly transformations: readonly Transformation[];
  /** The number of the last stored key ever given out in this dataset: a key never means two columns. */
  readonly lastKey: number;
}

/** The columns of a design, the transformations that create some of them, and the number of the last stored key given out. */
export type Columns = Pick<Design, 'columns' | 'transformations' | 'lastKey'>;
