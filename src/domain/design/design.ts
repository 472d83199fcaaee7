import type { ColumnType, TextForm } from '../sample/source-field.js';

/** FAIL: one mismatching record refuses its whole push. QUARANTINE: the others are loaded, and it is kept with the reasons. */
export type MismatchPolicy = 'FAIL' | 'QUARANTINE';

export type ColumnOrigin = 'SAMPLE';

/** One column of a dataset's design. */
export interface Column {
  /** The path in the sample ({@link SourceField.path}). Never changes. */
  readonly id: string;
  /** The name of its values in the record store (`c1`, `c2`, ...): user text never becomes a name in a database. Internal, never changes. */
  readonly storedKey: string;
  readonly name: string;
  /** The source field's last key. */
  readonly key: string;
  readonly type: ColumnType;
  readonly textForm?: TextForm;
  readonly parent: string | null;
  readonly depth: number;
  readonly origin: ColumnOrigin;
  readonly optional: boolean;
  /** Whether its values are loaded and can be queried. Always false for OBJECT and OBJECT_ARRAY and for what stands in an OBJECT_ARRAY. */
  readonly enabled: boolean;
  /** Why it cannot be enabled; null where it can. */
  readonly disabledReason: string | null;
}

/** The shape that loads give to rows. Immutable: an edit makes a new revision. */
export interface Design {
  readonly datasetId: string;
  /** 1 for the first, one more for every edit. */
  readonly revision: number;
  readonly connectionId: string;
  /** The version of the connection's sample that pushes under this design are checked against. */
  readonly sampleVersion: number;
  readonly columns: readonly Column[];
  readonly mismatchPolicy: MismatchPolicy;
}
