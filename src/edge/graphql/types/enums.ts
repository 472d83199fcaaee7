import { registerEnumType } from 'type-graphql';
import { DATASET_STATUSES } from '../../../domain/dataset.js';
import { JOB_ERROR_CODES, JOB_KINDS, type JobKind as JobKindName, type SummaryCode } from '../../../domain/job/job.js';
import { JOB_STATUSES } from '../../../domain/job/status.js';
import { FILTER_OPERATORS, type FilterOperator } from '../../../domain/query/parse-filter.js';
import { COLUMN_TYPES } from '../../../domain/sample/source-field.js';

/** GraphQL enums are made of objects whose keys are the names. */
function asEnum<T extends string>(names: readonly T[]): { readonly [name in T]: name } {
  return Object.fromEntries(names.map((name) => [name, name])) as { [name in T]: name };
}

/** The description of every value of an enum. */
function described<T extends string>(values: Record<T, string>): { [name in T]: { description: string } } {
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
  description: 'Where a dataset stands.',
  valuesConfig: described<(typeof DATASET_STATUSES)[number]>({
    DRAFT: 'Nothing has been applied yet: apply changes before pushing.',
    ACTIVE: 'The design shown is the applied one.',
    PENDING_CHANGES: 'The design has changes that are not applied; loads use the applied one.',
    FAILED:
      'Its rows are gone from the record store. They can be neither read nor loaded until rebuildDataset has made them again, or they are back there.',
  }),
});

export const ColumnType = asEnum(COLUMN_TYPES);
registerEnumType(ColumnType, {
  name: 'ColumnType',
  description: 'The type of the values of a field or column. Null is allowed in all of them.',
  valuesConfig: described<(typeof COLUMN_TYPES)[number]>({
    TEXT: 'Unicode text. Numbers that it takes are kept with every digit, in one form for all spellings of a number: 1, 1.0 and 10e-1 are 1.',
    NUMERIC:
      'A double-precision number. A fraction below 2^53 becomes the nearest one. From 2^53 on a number is refused unless it equals a double or is its shortest spelling (1e23).',
    BOOLEAN: 'true or false.',
    DATETIME:
      'An instant to the millisecond, pushed as an ISO 8601 date or date-time in extended or basic format, such as 2024-05-31 or 20240531T150405,5+0200; without an offset it is UTC, or local time of Column.inputTimeZone.',
    TEXT_ARRAY: 'An array of texts.',
    NUMERIC_ARRAY: 'An array of numbers.',
    BOOLEAN_ARRAY: 'An array of true and false.',
    DATETIME_ARRAY: 'An array of instants.',
    OBJECT: 'A parent that holds no value of its own; its children are columns.',
    OBJECT_ARRAY: 'An array of objects. Never loaded itself.',
    GEO_POINT: 'A place on Earth.',
  }),
});

export const ColumnOrigin = asEnum(['SAMPLE']);
registerEnumType(ColumnOrigin, {
  name: 'ColumnOrigin',
  description: 'What made a column.',
  valuesConfig: described({ SAMPLE: "A field of the connection's sample." }),
});

export const DocumentUpdateMethod = asEnum(['UPSERT', 'REPLACE']);
registerEnumType(DocumentUpdateMethod, {
  name: 'DocumentUpdateMethod',
  description: 'What a pushed record does to a stored one with the same unique identifier.',
  valuesConfig: described<'UPSERT' | 'REPLACE'>({
    UPSERT: 'Changes the fields it gives and keeps the rest. Needs a unique identifier.',
    REPLACE: 'Replaces it as a whole. Without a unique identifier every record is a new one.',
  }),
});

export const MismatchPolicyNames = asEnum(['FAIL', 'QUARANTINE']);
registerEnumType(MismatchPolicyNames, {
  name: 'MismatchPolicy',
  description: 'What becomes of a push with records that do not fit.',
  valuesConfig: described<'FAIL' | 'QUARANTINE'>({
    FAIL: 'All of it is refused; nothing is stored.',
    QUARANTINE: 'The others are loaded; those are kept with the reasons. With no other, the job ends in ERROR_EXIT.',
  }),
});

export const MissingFieldsNames = asEnum(['REFUSE', 'AS_NULL']);
registerEnumType(MissingFieldsNames, {
  name: 'MissingFields',
  description: 'What a key of the sample that a record leaves out is.',
  valuesConfig: described<'REFUSE' | 'AS_NULL'>({
    REFUSE: 'A mismatch.',
    AS_NULL: 'The same as null.',
  }),
});

export const UnknownFieldsNames = asEnum(['REFUSE', 'IGNORE']);
registerEnumType(UnknownFieldsNames, {
  name: 'UnknownFields',
  description: 'What a key that the sample does not have is.',
  valuesConfig: described<'REFUSE' | 'IGNORE'>({
    REFUSE: 'A mismatch.',
    IGNORE: 'Ignored; its value is not kept.',
  }),
});

export const ChangeEffect = asEnum(['AT_ONCE', 'NEXT_PUSH', 'RELOAD']);
registerEnumType(ChangeEffect, {
  name: 'ChangeEffect',
  description: 'What applying a change does.',
  valuesConfig: described<'AT_ONCE' | 'NEXT_PUSH' | 'RELOAD'>({
    AT_ONCE: 'It is in force at once; rows and loads are not touched.',
    NEXT_PUSH: 'Pushes accepted later are loaded by it; stored rows are not touched.',
    RELOAD: 'Stored rows are rebuilt first.',
  }),
});

export const JobKind = asEnum(JOB_KINDS);
registerEnumType(JobKind, {
  name: 'JobKind',
  description: 'What a job does.',
  valuesConfig: described<JobKindName>({
    PUSH: 'Loads pushed records.',
    DELETE: 'Deletes records, by their unique identifiers or by a filter.',
    DELETE_ALL: 'Deletes all records.',
    RELOAD: 'Brings an applied design into force, with the stored rows rebuilt where it touches them.',
    REPLAY: 'Loads records from quarantine again.',
    REBUILD: 'Makes all rows again from the push log.',
    TRIAL: 'Tries the draft of the design on the stored records; changes nothing.',
  }),
});

export const JobStatus = asEnum(JOB_STATUSES);
registerEnumType(JobStatus, {
  name: 'JobStatus',
  description: 'The life of a job, in this order. No status is skipped and none comes twice.',
  valuesConfig: described<(typeof JOB_STATUSES)[number]>({
    INITIALIZING: 'Accepted and durable; it waits for its turn.',
    QUERYING_DATASOURCES: 'A worker has it and reads its payload.',
    PUMPING_DATASOURCES: "Records are parsed and compared with the sample's structure.",
    FILLING_JOIN_LAKES: 'Stored records with the same identifiers are fetched.',
    JOINING: 'Records become rows; after it the job is certain to succeed.',
    FILLING_ES: 'Rows are written and made visible.',
    COMPLETE: 'Final: every row is durable and visible to queries.',
    TERMINATED_EXIT: 'Final: ended on request, by terminateJob or deleteDataset; it changed nothing.',
    ERROR_EXIT:
      'Final: its data was refused, all of it; it changed nothing. The reasons are in errorSummary and errors.',
  }),
});

export const JobErrorCodes = asEnum<SummaryCode>([...JOB_ERROR_CODES, 'OTHERS']);
registerEnumType(JobErrorCodes, {
  name: 'JobErrorCode',
  description: 'Why a record was refused.',
  valuesConfig: described<SummaryCode>({
    MISSING_KEY: 'A key that every record of the sample has is missing.',
    UNKNOWN_KEY: 'A key that the sample does not have.',
    WRONG_TYPE: "A value of another type than the sample's.",
    NUMBER_OUT_OF_RANGE:
      'A number from 2^53 on that a NUMERIC column would have to round, or one beyond the largest double.',
    INVALID_TEXT: 'Text that is not well-formed Unicode.',
    CONVERSION_FAILED: "A value that cannot be converted to its column's type.",
    IDENTIFIER_MISSING: 'A record without a value for a unique identifier.',
    IDENTIFIER_REQUIRED:
      'The job finds stored records by a unique identifier, and the design in force at its turn has none.',
    FILTER_DOES_NOT_FIT:
      'The filter names what the design in force at its turn does not have, or the record store cannot look for it.',
    ROW_TOO_LARGE: 'The record gives a row larger than the record store takes.',
    ROW_REFUSED: 'The record store refuses the row, though it keeps all stated limits: a defect, which is logged.',
    ATTEMPTS_EXHAUSTED:
      'Eight workers in a row that took up the job stopped, or stood still for longer than their lease of 8 seconds, before its commit point. It changed nothing; the service logs it.',
    OTHERS: 'Of an errorSummary only: all kinds of reasons beyond the first 1,000.',
  }),
});

export const FilterOperators = asEnum(FILTER_OPERATORS);
registerEnumType(FilterOperators, {
  name: 'FilterOperator',
  description: 'How a column is compared. An array matches if any of its elements does.',
  valuesConfig: described<FilterOperator>({
    EQ: 'Equal to value.',
    NE: 'The complement of EQ; null included.',
    IN: 'Equal to one of values.',
    NOT_IN: 'The complement of IN; null included.',
    GT: 'Greater than value; never null. Text is compared by code point, all of it.',
    GTE: 'Greater than or equal to value; never null.',
    LT: 'Less than value; never null.',
    LTE: 'Less than or equal to value; never null.',
    BETWEEN: 'From the first to the second of values, both included.',
    CONTAINS: 'A text that holds value; case matters.',
    STARTS_WITH: 'A text that begins with value; case matters.',
    ENDS_WITH: 'A text that ends with value; case matters.',
    IS_NULL: 'Null or missing.',
    IS_NOT_NULL: 'The complement of IS_NULL.',
  }),
});

export const Direction = asEnum(['ASC', 'DESC']);
registerEnumType(Direction, {
  name: 'Direction',
  description: 'The direction of an order. Nulls come last in both.',
  valuesConfig: described<'ASC' | 'DESC'>({ ASC: 'Smallest first.', DESC: 'Greatest first.' }),
});
