import type { ColumnType, TextForm } from '../sample/source-field.js';

/** TRANSFORMATION: a step of the design creates its values. */
export type ColumnOrigin = 'SAMPLE' | 'TRANSFORMATION';

/** Templates of a link, with `{{column id}}` tokens; a `}` in an id is written `\}`. */
export interface ColumnLink {
  readonly url: string;
  readonly title: string | null;
}

/** What people set of a column; the rest follows from the sample. */
export interface ColumnSettings {
  /** For people: unique in the dataset. */
  readonly name: string;
  /** Whether its values are loaded and can be queried. */
  readonly enabled: boolean;
  /** The type of its values: the source field's, or one that can be converted to. */
  readonly type: ColumnType;
  /**
   * Whether it takes any value and keeps it as text, objects and arrays as JSON text. True for a field of which the sample shows no value, until a later sample
   * shows one; it can be set for any other field that has a place in rows.
   */
  readonly undetermined: boolean;
  /** How its texts or numbers spell dates; null where they are ISO 8601 or no dates. */
  readonly inputFormat: string | null;
  /** The zone of the IANA database whose local time its dates without an offset show; null for UTC. */
  readonly inputTimeZone: string | null;
  /** How screens may show its values: stored and handed out, rows stay typed. */
  readonly displayFormat: string | null;
  /** Part of what makes a record the same as a stored one. */
  readonly uniqueIdentifier: boolean;
  /** The name by which permissions restrict rows to values of this column. */
  readonly securityName: string | null;
  readonly link: ColumnLink | null;
}

/** One column of a dataset's design. */
export interface Column extends ColumnSettings {
  /** The path in the sample ({@link SourceField.path}). Never changes. */
  readonly id: string;
  /** The name of its values in the record store (`c1`, `c2`, ...): user text never becomes a name in a database. Internal, never changes. */
  readonly storedKey: string;
  /** The source field's last key. */
  readonly key: string;
  /** The source field's type. */
  readonly sourceType: ColumnType;
  readonly textForm?: TextForm;
  readonly fractional?: true;
  readonly parent: string | null;
  readonly depth: number;
  readonly origin: ColumnOrigin;
  /** With origin TRANSFORMATION: the id of the step. */
  readonly transformation?: string;
  readonly optional: boolean;
  /** Why it cannot be enabled; null where it can. */
  readonly disabledReason: string | null;
}
