import { type Column, isObjectArray } from '../design/column.js';
import type { StoredScalar, StoredValue } from '../design/stored-value.js';
import { isTimeZone } from '../design/time-zone.js';
import type { WorkingRow } from '../design/working-row.js';
import { SluiceError } from '../errors.js';
import { isNumber } from '../json/exact-number.js';
import type { JsonValue } from '../json/json-value.js';
import { briefJson } from '../json/stringify-json.js';
import { compileFilter } from '../query/evaluate-filter.js';
import { columnsOfFilter, parseFilter, type RecordFilterInput } from '../query/parse-filter.js';
import type { RecordFilter } from '../query/record-query.js';
import { DATE_TIME_SPELLING, parseDateTime } from '../sample/date-time.js';
import { type ColumnType, SCALAR_ARRAY_TYPES, SCALAR_TYPES } from '../sample/source-field.js';
import type { ColumnsAtStep } from './columns-at-step.js';
import type { Read, StepContext } from './step-context.js';
import { textForm } from './text-form.js';

/** A column by its id, or a constant. */
export interface Operand<T extends string | number = string | number> {
  readonly column?: string | undefined;
  readonly constant?: T | undefined;
}

const MAX_SETTING_TEXT = 10_000;
const MAX_FAULTS_OF_STEP = 100;
const NOTHING = () => null;
const STORED_WHOLE = 'the column is stored whole as JSON text; set undetermined: false for it';
const NO_OBJECTS =
  'the sample shows no array of objects with keys there, but arrays, or objects among other values; set undetermined: true for the column to keep it as JSON text';

/** Gives a step its inputs: the columns as earlier steps leave them. Collects all faults, as texts for users. */
export class StepInputs {
  readonly faults: string[] = [];
  /** The columns that the step reads. */
  readonly reads: string[] = [];
  #flattened: Column | undefined;
  #removed: Column | undefined;

  constructor(
    readonly columns: ColumnsAtStep,
    /** Why the step cannot read a column with this id. */
    private readonly reasonFor: (id: string) => string,
  ) {}

  /** The array of objects that the step flattens. */
  get flattened(): Column | undefined {
    return this.#flattened;
  }

  /** The column that the step removes. */
  get removed(): Column | undefined {
    return this.#removed;
  }

  /** Adds a fault. Name the setting in it. A step with very many faults names only the first. */
  refuse(fault: string): void {
    if (this.faults.length < MAX_FAULTS_OF_STEP) this.faults.push(fault);
  }

  number(id: string, setting = 'column'): Read<number> {
    return this.#read<number>(id, ['NUMERIC'], setting);
  }

  text(id: string, setting = 'column'): Read<string> {
    return this.#read<string>(id, ['TEXT'], setting);
  }

  date(id: string, setting = 'column'): Read<Date> {
    return this.#read<Date>(id, ['DATETIME'], setting);
  }

  boolean(id: string, setting = 'column'): Read<boolean> {
    return this.#read<boolean>(id, ['BOOLEAN'], setting);
  }

  /** A column of any scalar type. */
  scalar(id: string, setting = 'column'): { readonly type: ColumnType; readonly read: Read<StoredScalar> } {
    const read = this.#read<StoredScalar>(id, SCALAR_TYPES, setting);
    return { type: this.columns.get(id)?.type ?? 'TEXT', read };
  }

  /** A column of any scalar type as text; see {@link textForm}. */
  asText(id: string, setting = 'column'): Read<string> {
    const { type, read } = this.scalar(id, setting);
    if (type === 'TEXT') return read as Read<string>;
    return (row, context) => {
      const value = read(row, context);
      return value === null ? null : textForm(value);
    };
  }

  /** A column of any array type. */
  array(
    id: string,
    setting = 'column',
  ): { readonly type: ColumnType; readonly read: Read<readonly (StoredScalar | null)[]> } {
    const read = this.#read<readonly (StoredScalar | null)[]>(id, SCALAR_ARRAY_TYPES, setting);
    return { type: this.columns.get(id)?.type ?? 'TEXT_ARRAY', read };
  }

  /** The stored key of an object or array of objects that the step reads whole; undefined with a fault if it cannot be read. */
  whole(id: string, setting = 'column'): string | undefined {
    this.reads.push(id);
    const column = this.columns.get(id);
    const fault = column ? this.#reasonAgainstWhole(column) : this.reasonFor(id);
    if (fault !== null) this.refuse(`${setting} is ${briefJson(id)}: ${fault}`);
    return fault === null ? column?.storedKey : undefined;
  }

  /** Notes that the step flattens an array of objects. */
  flattens(array: Column | undefined): void {
    this.#flattened = array;
  }

  /** Notes that the step removes a column. Returns its stored key. */
  removes(id: string): string {
    this.reads.push(id);
    const column = this.columns.get(id);
    const fault = column ? reasonAgainstRemoval(column) : this.reasonFor(id);
    if (fault !== null) this.refuse(`column is ${briefJson(id)}: ${fault}`);
    this.#removed = column;
    return column?.storedKey ?? '';
  }

  /** A column of one of these types. The type is undefined if the column cannot be read. */
  ofTypes<T extends StoredValue>(
    id: string,
    types: readonly ColumnType[],
    setting = 'column',
  ): { readonly type: ColumnType | undefined; readonly read: Read<T> } {
    const read = this.#read<T>(id, types, setting);
    const column = this.columns.get(id);
    return { type: column && reasonAgainst(column, types) === null ? column.type : undefined, read };
  }

  /** A number from a column or a constant. */
  numberOperand({ column, constant }: Operand<number>, setting: string): Read<number> {
    if (column !== undefined && constant === undefined) return this.number(column, setting);
    if (column === undefined && typeof constant === 'number' && Number.isFinite(constant)) return () => constant;
    this.refuse(`${setting} needs a column or a constant number, one of them`);
    return NOTHING;
  }

  /** A text from a column of any scalar type or a constant. */
  asTextOperand({ column, constant }: Operand<string>, setting: string): Read<string> {
    if (column !== undefined && constant === undefined) return this.asText(column, setting);
    if (column === undefined && typeof constant === 'string') {
      this.words(constant, `${setting}.constant`);
      return () => constant;
    }
    this.refuse(`${setting} needs a column or a constant text, one of them`);
    return NOTHING;
  }

  /** A condition in the filter language of queries. Null matches only IS_NULL and negated conditions. */
  condition(filter: RecordFilterInput, setting: string): (row: WorkingRow, context: StepContext) => boolean {
    this.reads.push(...columnsOfFilter(filter));
    const parsed = this.filter(filter, (id) => this.columns.get(id), setting);
    const holds = parsed && compileFilter(parsed);
    return holds ? ({ values }, { work }) => holds(values, work) : () => false;
  }

  /** Parses a filter on the columns that `columnOf` returns; null if it has faults. */
  filter(
    filter: RecordFilterInput,
    columnOf: (id: string) => Column | undefined,
    setting: string,
  ): RecordFilter | null {
    const named = columnsOfFilter(filter);
    const columns = named.flatMap((id) => columnOf(id) ?? []);
    const unknown = named.filter((id) => !columnOf(id));
    for (const id of unknown) this.refuse(`${setting} names the column ${briefJson(id)}: ${this.reasonFor(id)}`);
    if (unknown.length > 0) return null;
    try {
      return parseFilter(filter, columns, setting);
    } catch (error) {
      if (!(error instanceof SluiceError)) throw error;
      this.refuse(error.message);
      return null;
    }
  }

  /** An instant from a column or a constant. */
  dateOperand({ column, constant }: Operand<string>, setting: string): Read<Date> {
    if (column !== undefined && constant === undefined) return this.date(column, setting);
    const date = column === undefined && constant !== undefined ? parseDateTime(constant) : null;
    if (date) return () => date;
    if (column !== undefined || constant === undefined)
      this.refuse(`${setting} needs a column or a constant date, one of them`);
    else this.refuse(`${setting} is ${briefJson(constant)}; write a date as ${DATE_TIME_SPELLING}`);
    return NOTHING;
  }

  /** Checks that a setting is the name of a time zone. Returns null if it is left out. */
  timeZone(name: string | undefined, setting = 'timeZone'): string | null {
    if (name === undefined || isTimeZone(name)) return name ?? null;
    this.refuse(`${setting} is ${briefJson(name)}; give a name of the IANA database, such as Europe/Berlin`);
    return null;
  }

  /** Checks that a setting is a whole number from `least` to `most`. */
  integer(value: JsonValue, setting: string, least: number, most: number): number {
    const isFine = isNumber(value) && Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
    if (!isFine) this.refuse(`${setting} is ${briefJson(value)}; give a whole number from ${least} to ${most}`);
    return isFine ? Number(value) : least;
  }

  /** Checks that a text setting has `least` to `most` UTF-16 units and is well-formed. */
  words(value: string, setting: string, least = 0, most = MAX_SETTING_TEXT): void {
    if (value.length < least || value.length > most) {
      this.refuse(`${setting} has ${value.length} characters; give ${least} to ${most}`);
    }
    if (!value.isWellFormed()) this.refuse(`${setting} holds half of a surrogate pair; give well-formed Unicode`);
  }

  #reasonAgainstWhole(column: Column): string | null {
    if (column.undetermined) return STORED_WHOLE;
    const above = this.columns.storedWholeAround(column);
    if (above) return `it is inside ${briefJson(above.id)}, which is stored whole as JSON text`;
    const isEmpty = isObjectArray(column) && this.columns.inside(column).length === 0;
    return isEmpty ? NO_OBJECTS : null;
  }

  #read<T>(id: string, types: readonly ColumnType[], setting: string): Read<T> {
    const column = this.columns.get(id);
    this.reads.push(id);
    const fault = column ? reasonAgainst(column, types) : this.reasonFor(id);
    if (!column || fault !== null) {
      this.refuse(`${setting} is ${briefJson(id)}: ${fault}`);
      return NOTHING;
    }
    const { storedKey } = column;
    return ({ values }, { work }) => {
      const value = values[storedKey] ?? null;
      work.noteRead(value);
      return value as T | null;
    };
  }
}

function reasonAgainst(
  { enabled, disabledReason, type, undetermined }: Column,
  types: readonly ColumnType[],
): string | null {
  if (!enabled) return disabledReason ?? 'the column is disabled; enable it';
  if (undetermined && !types.includes('TEXT')) return 'the column takes any value and is TEXT; give it a type';
  return types.includes(type) ? null : `the column is ${type}; the step takes ${types.join(', ')}`;
}

function reasonAgainstRemoval({ enabled, disabledReason, uniqueIdentifier, securityName }: Column): string | null {
  if (!enabled) return disabledReason ?? 'the column is disabled, so rows do not have it';
  if (uniqueIdentifier) return 'the column is a unique identifier, which rows need';
  return securityName === null ? null : 'the column restricts rows by its security name; clear that first';
}
