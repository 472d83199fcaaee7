import { registerEnumType } from 'type-graphql';
import { DATASET_STATUSES } from '../../../domain/dataset.js';
import type { ColumnOrigin as ColumnOriginName } from '../../../domain/design/column.js';
import { JOB_ERROR_CODES, JOB_KINDS, type JobKind as JobKindName, type SummaryCode } from '../../../domain/job/job.js';
import { JOB_STATUSES } from '../../../domain/job/status.js';
import { FILTER_OPERATORS, type FilterOperator } from '../../../domain/query/parse-filter.js';
import { COLUMN_TYPES } from '../../../domain/sample/source-field.js';

/** GraphQL enums are made of objects whose keys are the names. */
export function asEnum<T extends string>(names: readonly T[]): { readonly [name in T]: name } {
  return Object.fromEntries(names.map((name) => [name, name])) as { [name in T]: name };
}

/** The description of every value of an enum. */
export function described<T extends string>(values: Record<T, string>): { [name in T]: { description: string } } {
  const entries = Object.entries<string>(values).map(([name, description]) => [name, { description }]);
  return Object.fromEntries(entries);
}

export const ConnectionType = asEnum(['PUSH_API']);
registerEnumType(ConnectionType, {
  name: 'ConnectionType',
  description: 'How data comes in.',
  valuesConfig: described({ PUSH_API: 'Records are pushed to Sluice over HTTP.' }),
});

export const DatasetStatus = asEnum(DATASET_STATUSES);
registerEnumType(DatasetStatus, {
  name: 'DatasetStatus',
  description: 'The status of a dataset.',
  valuesConfig: described<(typeof DATASET_STATUSES)[number]>({
    DRAFT: 'No design has been applied yet. Apply changes before you push.',
    ACTIVE: 'The draft and the applied design are the same.',
    PENDING_CHANGES: 'The draft has changes that are not applied. Loads use the applied design.',
    FAILED:
      'Its rows are missing from the record store. Queries fail and jobs wait until rebuildDataset has made the rows again, or until they are back in the store.',
  }),
});

export const ColumnType = asEnum(COLUMN_TYPES);
registerEnumType(ColumnType, {
  name: 'ColumnType',
  description: 'The type of the values of a field or column. Null is allowed in all of them.',
  valuesConfig: described<(typeof COLUMN_TYPES)[number]>({
    TEXT: 'Unicode text. A number in such a column keeps every digit and is stored in one form, however it is written: 1, 1.0 and 10e-1 are all stored as 1.',
    NUMERIC:
      'A double-precision number. A fraction below 2^53 is rounded to the nearest double. A number from 2^53 on is refused unless it equals a double or is the shortest spelling of one (1e23).',
    BOOLEAN: 'true or false.',
    DATETIME:
      'An instant to the millisecond. Push it as an ISO 8601 date or date-time in extended or basic format, such as 2024-05-31 or 20240531T150405,5+0200, or, if Column.inputFormat is set, in that format. Without an offset it is UTC, or local time in Column.inputTimeZone.',
    TEXT_ARRAY: 'An array of texts.',
    NUMERIC_ARRAY: 'An array of numbers.',
    BOOLEAN_ARRAY: 'An array of true and false values.',
    DATETIME_ARRAY: 'An array of instants.',
    OBJECT: 'An object. It has no value itself; the columns inside it have.',
    OBJECT_ARRAY:
      'An array of objects. It is stored with the record. It cannot be queried, but transformations can read it, and flatten gives a row for each of its objects.',
    GEO_POINT:
      'A place on Earth, read as {lat, lon} in degrees. The 180th meridian is the longitude -180, and a pole has the longitude 0. It can be filtered, but not ordered by.',
  }),
});

export const ColumnOrigin = asEnum<ColumnOriginName>(['SAMPLE', 'TRANSFORMATION', 'GEOLOCATION']);
registerEnumType(ColumnOrigin, {
  name: 'ColumnOrigin',
  description: 'Where a column comes from.',
  valuesConfig: described<ColumnOriginName>({
    SAMPLE: "A field of the connection's sample.",
    GEOLOCATION: 'A geolocation of the design.',
    TRANSFORMATION: 'A transformation of the design creates it.',
  }),
});

export const DocumentUpdateMethod = asEnum(['UPSERT', 'REPLACE']);
registerEnumType(DocumentUpdateMethod, {
  name: 'DocumentUpdateMethod',
  description: 'What happens to a stored record when a record with the same unique identifiers is pushed.',
  valuesConfig: described<'UPSERT' | 'REPLACE'>({
    UPSERT: 'The pushed fields are changed; the others are kept. Needs a unique identifier.',
    REPLACE: 'The pushed record replaces it. Without a unique identifier, every pushed record is new.',
  }),
});

export const MismatchPolicyNames = asEnum(['FAIL', 'QUARANTINE']);
registerEnumType(MismatchPolicyNames, {
  name: 'MismatchPolicy',
  description: 'What happens to a push that contains records that do not fit.',
  valuesConfig: described<'FAIL' | 'QUARANTINE'>({
    FAIL: 'The whole push is refused, and nothing is stored.',
    QUARANTINE:
      'Records that fit are loaded; the others go to quarantine with the reasons. If no record fits, the job ends in ERROR_EXIT.',
  }),
});

export const MissingFieldsNames = asEnum(['REFUSE', 'AS_NULL']);
registerEnumType(MissingFieldsNames, {
  name: 'MissingFields',
  description: 'How to treat a record that lacks a key of the sample.',
  valuesConfig: described<'REFUSE' | 'AS_NULL'>({
    REFUSE: 'The record does not fit.',
    AS_NULL: 'The missing value is null.',
  }),
});

export const UnknownFieldsNames = asEnum(['REFUSE', 'IGNORE']);
registerEnumType(UnknownFieldsNames, {
  name: 'UnknownFields',
  description: 'How to treat a record with a key that the sample does not have.',
  valuesConfig: described<'REFUSE' | 'IGNORE'>({
    REFUSE: 'The record does not fit.',
    IGNORE: 'The key is ignored, and its value is not stored.',
  }),
});

export const ChangeEffect = asEnum(['AT_ONCE', 'NEXT_PUSH', 'RELOAD']);
registerEnumType(ChangeEffect, {
  name: 'ChangeEffect',
  description: 'What applying a change does.',
  valuesConfig: described<'AT_ONCE' | 'NEXT_PUSH' | 'RELOAD'>({
    AT_ONCE: 'It takes effect immediately. Loads and stored rows do not change.',
    NEXT_PUSH: 'It applies to pushes that are accepted later. Stored rows do not change.',
    RELOAD: 'It applies to pushes that are accepted later, after a RELOAD has rebuilt the stored rows.',
  }),
});

export const JobKind = asEnum(JOB_KINDS);
registerEnumType(JobKind, {
  name: 'JobKind',
  description: 'What a job does.',
  valuesConfig: described<JobKindName>({
    PUSH: 'Loads pushed records.',
    DELETE: 'Deletes records by their unique identifiers or by a filter.',
    DELETE_ALL: 'Deletes all records.',
    RELOAD: 'Brings an applied design into force, and rebuilds stored rows if the design touches them.',
    REPLAY: 'Loads records from quarantine again.',
    REBUILD: 'Makes all rows again from the push log.',
    TRIAL: 'Tries the draft of the design on the stored records; changes nothing.',
  }),
});

export const JobStatus = asEnum(JOB_STATUSES);
registerEnumType(JobStatus, {
  name: 'JobStatus',
  description:
    'The statuses of a job, in order. A job repeats no status and skips none, until a final status ends it. The names come from the original, the commercial product whose REST commands Sluice uses.',
  valuesConfig: described<(typeof JOB_STATUSES)[number]>({
    INITIALIZING: 'Accepted and durable. It waits for its turn.',
    QUERYING_DATASOURCES: 'A worker has taken the job and reads its payload.',
    PUMPING_DATASOURCES: "The records are parsed and compared with the sample's structure.",
    FILLING_JOIN_LAKES: 'Stored records with the same unique identifiers are fetched.',
    JOINING: 'The records are converted to rows. After this status the job can no longer be refused or terminated.',
    FILLING_ES:
      'The rows are written and made visible, in MongoDB or in Elasticsearch. The name keeps the spelling of the original.',
    COMPLETE: 'Final. Every row is durable and visible to queries.',
    TERMINATED_EXIT: 'Final. terminateJob or deleteDataset ended the job; it changed nothing.',
    ERROR_EXIT:
      'Final. All of its data was refused, and it changed no rows. See errorSummary and errors for the reasons.',
  }),
});

export const JobErrorCodes = asEnum<SummaryCode>([...JOB_ERROR_CODES, 'OTHERS']);
registerEnumType(JobErrorCodes, {
  name: 'JobErrorCode',
  description: 'Why a record was refused.',
  valuesConfig: described<SummaryCode>({
    MISSING_KEY: 'A key is missing that every record of the sample has.',
    UNKNOWN_KEY: 'The record has a key that the sample does not have.',
    WRONG_TYPE: 'The type of a value differs from the sample.',
    NUMBER_OUT_OF_RANGE:
      'A number from 2^53 on would have to be rounded for a NUMERIC column, or is larger than the largest double.',
    INVALID_TEXT: 'A text is not well-formed Unicode.',
    CONVERSION_FAILED: "A value cannot be converted to its column's type.",
    TRANSFORMATION_FAILED: 'A transformation of the design cannot give a value for the record: see step.',
    TOO_MANY_ROWS: 'The steps of the design would give more than 10,000 rows for the record.',
    IDENTIFIER_MISSING: 'The record has no value for a unique identifier.',
    IDENTIFIER_REQUIRED:
      'The job needs a unique identifier to find stored records, but the design under which it was loaded has none.',
    FILTER_DOES_NOT_FIT:
      'The filter does not fit the design under which the job was loaded, or the record store cannot run it.',
    ROW_TOO_LARGE: 'The record gives a row that is too large for the record store, or rows that are too large in all.',
    ROW_REFUSED:
      'The record store refused the row although it is within all documented limits. This is a defect of Sluice, and is logged.',
    ATTEMPTS_EXHAUSTED:
      'Eight workers in a row crashed, or stalled for longer than their lease of 8 seconds, before the commit point of the job. The job changed nothing. The service logs this error.',
    OTHERS: 'In errorSummary only: all reasons beyond the first 1,000 entries.',
  }),
});

export const FilterOperators = asEnum(FILTER_OPERATORS);
registerEnumType(FilterOperators, {
  name: 'FilterOperator',
  description: 'How a column is compared. An array matches if any of its elements does.',
  valuesConfig: described<FilterOperator>({
    EQ: 'Equals value.',
    NE: 'The opposite of EQ; matches null too.',
    IN: 'Equals one of values.',
    NOT_IN: 'The opposite of IN; matches null too.',
    GT: 'Greater than value; never matches null. Texts are compared in full, by code point.',
    GTE: 'Greater than or equal to value; never matches null.',
    LT: 'Less than value; never matches null.',
    LTE: 'Less than or equal to value; never matches null.',
    BETWEEN: 'Between the first and the second of values, both included.',
    CONTAINS: 'The text contains value; case-sensitive.',
    STARTS_WITH: 'The text starts with value; case-sensitive.',
    ENDS_WITH: 'The text ends with value; case-sensitive.',
    IS_NULL: 'The value is null or missing.',
    IS_NOT_NULL: 'The opposite of IS_NULL.',
    WITHIN_DISTANCE:
      'The point of a GEO_POINT column is in the circle value, {lat, lon, meters}: at most so many meters from that place on a sphere of 6371008.7714 m, 0 to 20015115.',
    WITHIN_BOX:
      'The point of a GEO_POINT column is in the box value, {north, south, east, west}, or on its edge. A box whose west is greater than its east crosses the 180th meridian. A pole is in every box that reaches its latitude.',
  }),
});

export const Direction = asEnum(['ASC', 'DESC']);
registerEnumType(Direction, {
  name: 'Direction',
  description: 'A sort direction.',
  valuesConfig: described<'ASC' | 'DESC'>({ ASC: 'Smallest first.', DESC: 'Largest first.' }),
});
