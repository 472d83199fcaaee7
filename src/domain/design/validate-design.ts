import { type ColumnType, SCALAR_TYPES } from '../sample/source-field.js';
import { planOf } from '../transform/plan-transformations.js';
import type { Column, ColumnSettings } from './column.js';
import { linkFaults } from './column-link.js';
import { reasonAgainstUse } from './column-places.js';
import { arrayAbove, type ColumnsById, columnsById } from './column-pointer.js';
import { canConvert, isScalarType, scalarOf, targetTypes } from './conversions.js';
import { bringsOffset, dateFormatFault, dateTokensFault } from './date-format.js';
import type { Columns } from './design.js';
import type { DesignFault } from './design-fault.js';
import { EPOCH_FORMATS, isEpochFormat } from './epoch-format.js';
import { isTimeZone } from './time-zone.js';

const MAX_COLUMN_NAME = 200;
const MAX_FORMAT = 100;
const MAX_SECURITY_NAME = 200;
/** A collection of MongoDB has at most 64 indexes, and others are for points, deleted rows and ids. */
const MAX_INDEXED = 40;

/** All faults of a design; empty if it can be applied. */
export function validateDesign(design: Columns): DesignFault[] {
  const { columns } = design;
  const byId = columnsById(columns);
  return [
    ...columns.flatMap((column) => columnFaults(column, byId)),
    ...repeated(columns, 'name'),
    ...repeated(columns, 'securityName'),
    ...tooManyIndexed(columns),
    ...transformationFaults(design),
  ];
}

/** The faults of the transformations of a design. */
export function transformationFaults(design: Columns): readonly DesignFault[] {
  return planOf(design).faults;
}

/** The faults of one column, except duplicate names. `columns` are all columns of the design. */
export function columnFaults(column: Column, columns: ColumnsById): DesignFault[] {
  const faults = new Faults(column);
  checkName(column, faults);
  checkType(column, faults);
  checkInputFormat(column, faults);
  checkInputTimeZone(column, faults);
  checkDisplayFormat(column, faults);
  checkUse(column, columns, faults);
  if (column.link) for (const fault of linkFaults(column.link, columns)) faults.add('link', fault);
  return faults.found;
}

class Faults {
  readonly found: DesignFault[] = [];

  constructor(private readonly column: Column) {}

  add(field: keyof ColumnSettings, what: string): void {
    const shown = JSON.stringify(this.column.id.slice(0, 200)).toWellFormed();
    this.found.push({ column: this.column.id, field, message: `${field} of column ${shown}: ${what}` });
  }
}

function checkName({ id, name }: Column, faults: Faults): void {
  // The default name of a column is its path, with a number if that name is taken, so a name may be longer if the path is.
  const limit = Math.max(MAX_COLUMN_NAME, id.length + ' (5000)'.length);
  if (name.length > limit) faults.add('name', `it has ${name.length} characters; at most ${limit} are allowed`);
  if (name.trim() === '') faults.add('name', 'it is empty; give it a name');
  if (!name.isWellFormed()) faults.add('name', 'it holds half of a surrogate pair; write well-formed Unicode');
}

function checkType(column: Column, faults: Faults): void {
  const { type, sourceType, textForm, undetermined, enabled, disabledReason } = column;
  const source = { type: sourceType, ...(textForm && { textForm }) };
  if (undetermined && type !== 'TEXT') {
    faults.add(
      'undetermined',
      `a column with undetermined: true is TEXT, but this one is ${type}; change one of the two settings`,
    );
  } else if (!undetermined && !canConvert(source, type)) {
    faults.add('type', `${sourceType} cannot be converted to ${type}; it can be ${targetTypes(source).join(', ')}`);
  }
  if (enabled && disabledReason !== null) faults.add('enabled', `it cannot be enabled: ${disabledReason}`);
}

function checkInputFormat({ type, sourceType, inputFormat }: Column, faults: Faults): void {
  const [to, from] = [scalarOf(type), scalarOf(sourceType)];
  const isEpoch = inputFormat !== null && isEpochFormat(inputFormat);
  if (to === 'DATETIME' && from === 'NUMERIC' && !isEpoch) {
    faults.add('inputFormat', `dates from numbers need a format; give ${EPOCH_FORMATS}`);
  }
  if (inputFormat === null) return;
  const fault = dateFormatFault(inputFormat);
  if (to !== 'DATETIME') faults.add('inputFormat', `it is for columns of type DATETIME; this one is ${type}`);
  else if (from === 'DATETIME')
    faults.add('inputFormat', 'the sample has ISO 8601 dates, which need no format; clear it');
  else if (fault !== null) faults.add('inputFormat', fault);
}

function checkInputTimeZone({ type, inputFormat, inputTimeZone }: Column, faults: Faults): void {
  if (inputTimeZone === null) return;
  const shown = JSON.stringify(inputTimeZone.slice(0, MAX_FORMAT)).toWellFormed();
  if (scalarOf(type) !== 'DATETIME') {
    faults.add('inputTimeZone', `it is for columns of type DATETIME; this one is ${type}`);
  } else if (!isTimeZone(inputTimeZone)) {
    faults.add('inputTimeZone', `${shown} is not a time zone; give a name of the IANA database, such as Europe/Berlin`);
  } else if (inputFormat !== null && dateFormatFault(inputFormat) === null && bringsOffset(inputFormat)) {
    faults.add('inputTimeZone', `dates in the format ${inputFormat} have an offset and need no time zone; clear it`);
  }
}

function checkDisplayFormat({ type, displayFormat }: Column, faults: Faults): void {
  if (displayFormat === null) return;
  const scalar = scalarOf(type);
  const fault = scalar === 'DATETIME' ? dateTokensFault(displayFormat) : null;
  if (fault !== null) faults.add('displayFormat', fault);
  if (scalar !== 'DATETIME' && scalar !== 'NUMERIC') {
    faults.add('displayFormat', `it is for dates and numbers; this is ${type}`);
  }
  if (displayFormat === '' || displayFormat.length > MAX_FORMAT) {
    faults.add('displayFormat', `give 1 to ${MAX_FORMAT} characters`);
  }
}

/** Not arrays, of which each element would be an entry of the index, and not points, which have their own. */
const INDEXABLE: ReadonlySet<ColumnType> = new Set(['TEXT', 'NUMERIC', 'BOOLEAN', 'DATETIME']);

/** Checks the settings that need values in rows: identifiers, indexes, security names and links. */
function checkUse(column: Column, columns: ColumnsById, faults: Faults): void {
  const { uniqueIdentifier, indexed, securityName, link } = column;
  const reason = reasonAgainstUse(column);
  if (link && reason !== null) faults.add('link', `it has no value to show: ${reason}`);
  if (indexed && !INDEXABLE.has(column.type)) {
    faults.add('indexed', `it is for columns of the types ${[...INDEXABLE].join(', ')}; this one is ${column.type}`);
  }
  const fault = uniqueIdentifier ? reasonAgainstIdentifying(column, columns, reason) : null;
  if (fault !== null) faults.add('uniqueIdentifier', fault);
  if (uniqueIdentifier && isInSensitive(column, columns)) faults.add('sensitive', IDENTIFIES);
  if (securityName === null) return;
  if (reason !== null)
    faults.add('securityName', `it has no value to restrict rows by: ${reason}; or clear the security name`);
  if (securityName.trim() === '' || securityName.length > MAX_SECURITY_NAME || !securityName.isWellFormed()) {
    faults.add('securityName', `give 1 to ${MAX_SECURITY_NAME} characters of well-formed Unicode`);
  }
}

const IDENTIFIES =
  'the column is a unique identifier, so anyone who sees the id of a record could guess its value, because the id is a hash of it; identify records by another column, such as a keyed hash (HMAC) of the value that you send with each record';

function isInSensitive({ sensitive, parent }: Column, columns: ColumnsById): boolean {
  const above = parent === null ? undefined : columns.get(parent);
  return sensitive || (above !== undefined && isInSensitive(above, columns));
}

/** `reason`: why it has no value to use. */
function reasonAgainstIdentifying(column: Column, columns: ColumnsById, reason: string | null): string | null {
  const { type, origin } = column;
  if (origin !== 'SAMPLE' && type !== 'GEO_POINT')
    return 'a transformation creates it; only columns of the sample identify records';
  if (arrayAbove(column, columns))
    return 'it is inside an array, so a record has several values of it; choose a column outside arrays';
  if (reason !== null) return `it has no value to identify by: ${reason}`;
  return isScalarType(type) ? null : `${type} cannot identify; ${SCALAR_TYPES.join(', ')} can`;
}

function tooManyIndexed(columns: readonly Column[]): DesignFault[] {
  const indexed = columns.filter(({ enabled, indexed }) => enabled && indexed);
  return indexed.slice(MAX_INDEXED).flatMap((column) => {
    const faults = new Faults(column);
    faults.add('indexed', `${indexed.length} columns are indexed; at most ${MAX_INDEXED} are allowed`);
    return faults.found;
  });
}

function repeated(columns: readonly Column[], field: 'name' | 'securityName'): DesignFault[] {
  const owners = new Map<string, Column>();
  return columns.flatMap((column): DesignFault[] => {
    const value = column[field];
    if (value === null) return [];
    const owner = owners.get(value);
    if (!owner) owners.set(value, column);
    const faults = new Faults(column);
    const shown = (text: string) => JSON.stringify(text.slice(0, 200)).toWellFormed();
    if (owner)
      faults.add(
        field,
        `column ${shown(owner.id)} already has ${shown(value)}; choose another, it must be unique in a dataset`,
      );
    return faults.found;
  });
}
