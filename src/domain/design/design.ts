import type { Transformation } from '../transform/transformation.js';
import type { Column } from './column.js';

/** FAIL: one record with a mismatch refuses its whole push. QUARANTINE: such records go to quarantine with the reasons, and the others are loaded. */
export type MismatchPolicy = 'FAIL' | 'QUARANTINE';

/** How to treat a key of the sample that a record does not have: as a mismatch, or as null. */
export type MissingFields = 'REFUSE' | 'AS_NULL';

/** How to treat a key that the sample does not have: as a mismatch, or ignore it. */
export type UnknownFields = 'REFUSE' | 'IGNORE';

/** The settings of a design in addition to its columns and transformations. */
export interface DesignRules {
  readonly mismatchPolicy: MismatchPolicy;
  readonly missingFields: MissingFields;
  readonly unknownFields: UnknownFields;
}

/** A new dataset accepts exactly the structure that its sample shows. */
export const DEFAULT_RULES: DesignRules = { mismatchPolicy: 'FAIL', missingFields: 'REFUSE', unknownFields: 'REFUSE' };

/** How loads make rows from records. Immutable: an edit makes a new revision. */
export interface Design extends DesignRules {
  readonly datasetId: string;
  /** 1 for the first, one more for every edit. */
  readonly revision: number;
  readonly connectionId: string;
  /** The version of the connection's sample that pushes under this design are checked against. */
  readonly sampleVersion: number;
  readonly columns: readonly Column[];
  /** They run in this order on every record. Geolocations are the last ones. */
  readonly transformations: readonly Transformation[];
  /** The number of the last stored key used in this dataset. Invariant: a stored key is never reused for another column. */
  readonly lastKey: number;
}

/** The columns of a design, the transformations that create some of them, and the number of the last stored key used. */
export type Columns = Pick<Design, 'columns' | 'transformations' | 'lastKey'>;
