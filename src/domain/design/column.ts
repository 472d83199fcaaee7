import type { ColumnType, TextForm } from '../sample/source-field.js';

/** Where the values of a column come from: the record, a transformation, or a geolocation. */
export type ColumnOrigin = 'SAMPLE' | 'TRANSFORMATION' | 'GEOLOCATION';

/** Templates of a link, with `{{column id}}` tokens; a `}` in an id is written `\}`. */
export interface ColumnLink {
  readonly url: string;
  readonly title: string | null;
}

/** The settings of a column that users can change. Everything else follows from the sample. */
export interface ColumnSettings {
  /** A name for users, unique in the dataset. */
  readonly name: string;
  /** Whether its values are loaded and can be queried. */
  readonly enabled: boolean;
  /** The type of its values: the type of the source field, or a type that it can be converted to. */
  readonly type: ColumnType;
  /**
   * Whether it takes any value and stores it as text, and objects and arrays as JSON text. True for a field without a value in the sample, until a later sample shows one. Users
   * can set it for other fields whose values can be stored in rows.
   */
  readonly undetermined: boolean;
  /** The format of its dates in texts or numbers; null if they are ISO 8601, or if it has no dates. */
  readonly inputFormat: string | null;
  /** The IANA time zone of its dates that have no offset; null for UTC. */
  readonly inputTimeZone: string | null;
  /** How user interfaces may show its values. It is only stored and returned; it does not change the values in rows. */
  readonly displayFormat: string | null;
  /** Whether it is part of the unique identifier: records with the same values of all these columns are the same record. */
  readonly uniqueIdentifier: boolean;
  /** Whether filters by its values are to be fast on every record store, at the cost of an index on some. */
  readonly indexed: boolean;
  /** The name by which permissions restrict rows to values of this column. */
  readonly securityName: string | null;
  /** Whether only callers who may manage see its values. What is inside it, and what contains it, is sensitive too: see {@link withSensitivity}. */
  readonly sensitive: boolean;
  readonly link: ColumnLink | null;
}

/** The settings of a new column, apart from its name and type. */
export const UNSET = {
  enabled: true,
  inputFormat: null,
  inputTimeZone: null,
  displayFormat: null,
  uniqueIdentifier: false,
  indexed: false,
  securityName: null,
  sensitive: false,
  link: null,
} as const;

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
  /** Of a column that is not of the sample: the id of the transformation or geolocation. */
  readonly transformation?: string;
  readonly optional: boolean;
  /** Why it cannot be enabled; null if it can. */
  readonly disabledReason: string | null;
  /** A user disabled it before it could no longer be enabled; it stays disabled when it can be enabled again. */
  readonly disabledByUser?: true;
  /** The id of the step that removes it from rows: steps before that one can read it. */
  readonly removedBy?: string;
}

/** Whether the column is an array of objects that is not stored as text: no row has a place for it, but steps for arrays can read it. */
export function isObjectArray({ sourceType, undetermined }: Pick<Column, 'sourceType' | 'undetermined'>): boolean {
  return sourceType === 'OBJECT_ARRAY' && !undetermined;
}

/** Whether the column is an object or an array of objects that is not stored as text: no row has its value, but some steps can read it. */
export function hasNoValueInRows({ sourceType, undetermined }: Pick<Column, 'sourceType' | 'undetermined'>): boolean {
  return (sourceType === 'OBJECT' || sourceType === 'OBJECT_ARRAY') && !undetermined;
}

/** Whether a user has disabled a column. */
export function isDisabledByUser({ enabled, disabledReason, disabledByUser }: Column): boolean {
  return disabledByUser ?? (!enabled && disabledReason === null);
}

/** A column that can be enabled, or cannot for a reason. Remembers whether a user has disabled it. */
export function withReason(column: Column, disabledReason: string | null): Column {
  const { removedBy: _removedBy, disabledByUser: _disabledByUser, ...rest } = column;
  const isOff = isDisabledByUser(column);
  if (disabledReason === null) return { ...rest, disabledReason, enabled: !isOff };
  return { ...rest, disabledReason, enabled: false, ...(isOff && { disabledByUser: true }) };
}

/** Whether rows hold the values of a column, at least until a step removes them. */
export function isTaken({ enabled, removedBy }: Pick<Column, 'enabled' | 'removedBy'>): boolean {
  return enabled || removedBy !== undefined;
}
