import { SluiceError } from '../errors.js';
import { briefJson, stringifyJson } from '../json/stringify-json.js';
import { isUndetermined } from '../sample/source-field.js';
import { columnEffects } from '../transform/column-effects.js';
import { planTransformations } from '../transform/plan-transformations.js';
import { type GivenTransformation, isGeolocation, type Transformation } from '../transform/transformation.js';
import { withIds, withUnreadSettings } from '../transform/transformation-list.js';
import type { Column, ColumnSettings } from './column.js';
import { placeColumns } from './column-places.js';
import { columnsById } from './column-pointer.js';
import type { Design, DesignRules } from './design.js';
import type { DesignFault } from './design-fault.js';
import { defaultName } from './design-from-fields.js';
import { clearedOnLeaving, lostSecurityNames } from './kept-security-names.js';
import { shownFaults } from './shown-faults.js';
import { columnFaults, transformationFaults } from './validate-design.js';

const MAX_DESIGN_TEXT_BYTES = 3_000_000;

/** Changes to one column. Absent settings stay as they are; null resets a setting to what the sample gives. */
export type ColumnPatch = { readonly id: string } & {
  readonly [setting in keyof ColumnSettings]?: ColumnSettings[setting] | null | undefined;
};

export interface DesignEdit extends Partial<DesignRules> {
  readonly columns?: readonly ColumnPatch[];
  /** The whole list, in its order, without geolocations. */
  readonly transformations?: readonly GivenTransformation[];
  /** The whole list of geolocations, which run after the transformations. An output that is null stays as it was; that of a new one creates a column with its name. */
  readonly geolocations?: readonly GivenTransformation[];
}

/** The next revision of a design. Throws INVALID_DESIGN with all faults of the edited columns and all new faults of transformations, and BAD_REQUEST for an unknown column. */
export function editDesign(design: Design, edit: DesignEdit): Design {
  const { columns: patches = [], transformations: _, geolocations: __, ...rules } = edit;
  const listed = withIds(editedList(design, edit), design.transformations);
  const transformations = withUnreadSettings(listed, design.transformations);
  const byId = new Map(patches.map((patch) => [patch.id, patch]));
  const plan = planned(design, transformations, byId);
  const columns = [...plan.sampleColumns, ...plan.created];
  refuseOdd([...columns, ...clearedOnLeaving(design, byId)], patches, byId);
  const touched = columns.filter(({ id }) => byId.has(id));
  const columnOf = columnsById(columns);
  const ofColumns = touched.flatMap((column) => [
    ...typePatchFaults(column, byId.get(column.id)),
    ...columnFaults(column, columnOf),
  ]);
  const ofSecurity = lostSecurityNames(design, columnOf, byId);
  refuseFaults([...ofColumns, ...ofSecurity, ...newFaults(design, plan.faults)]);
  refuseTooMuchText(columns, transformations);
  return { ...design, ...rules, columns, transformations, lastKey: plan.lastKey, revision: design.revision + 1 };
}

/** The transformations and geolocations after an edit. */
function editedList({ transformations: before }: Design, edit: DesignEdit): readonly GivenTransformation[] {
  const { transformations = before.filter((one) => !isGeolocation(one)), geolocations = before.filter(isGeolocation) } =
    edit;
  return [...transformations, ...geolocations.map((one) => withOutput(one, before))];
}

function withOutput(given: GivenTransformation, before: readonly Transformation[]): GivenTransformation {
  const known = before.find((one) => one.id === given.id && isGeolocation(one));
  return { ...given, output: given.output ?? known?.output ?? { create: given.name } };
}

/** A step decides the type of the column that it creates. */
function typePatchFaults({ id, origin }: Column, patch: ColumnPatch | undefined): DesignFault[] {
  if (origin === 'SAMPLE' || !patch) return [];
  const fields = (['type', 'undetermined', 'inputFormat', 'inputTimeZone'] as const).filter(
    (one) => patch[one] != null,
  );
  return fields.map((field) => {
    const message = `${field} of column ${briefJson(id)}: a transformation creates the column and decides its type; change the transformation`;
    return { column: id, field, message };
  });
}

/** The columns and steps after an edit. */
function planned(
  { columns, lastKey }: Design,
  transformations: readonly Transformation[],
  patches: ReadonlyMap<string, ColumnPatch>,
) {
  const [ofSample, ofSteps] = partition(columns, ({ origin }) => origin === 'SAMPLE');
  const steps = new Set<string | undefined>(transformations.map(({ id }) => id));
  const created = ofSteps.filter(({ transformation }) => steps.has(transformation));
  // Types and `undetermined` come first, because they decide which columns can have values. Then the other settings of a patch override what follows from that.
  const placed = placeColumns(
    ofSample.map((column) => formed(column, patches.get(column.id))),
    columnEffects(transformations),
  );
  const sampleColumns = placed.map((column) => patched(column, patches.get(column.id)));
  const first = planTransformations({ sampleColumns, createdColumns: created, lastKey }, transformations);
  // Plan again with the patches of created columns, because later steps read these columns.
  const known = new Map([...created, ...first.created].map((column) => [column.id, column]));
  const createdColumns = [...known.values()].map((column) => patched(column, patches.get(column.id)));
  return {
    sampleColumns,
    ...planTransformations({ sampleColumns, createdColumns, lastKey: first.lastKey }, transformations),
  };
}

/** The faults of steps that an edit causes. Faults that came with a new sample must not block other edits. */
function newFaults(design: Design, faults: readonly DesignFault[]): readonly DesignFault[] {
  const before = new Set(transformationFaults(design).map(({ message }) => message));
  return faults.filter(({ message }) => !before.has(message));
}

function partition<T>(items: readonly T[], belongs: (item: T) => boolean): [T[], T[]] {
  return [items.filter(belongs), items.filter((item) => !belongs(item))];
}

/** Throws INVALID_DESIGN with all faults, if there are any. */
export function refuseFaults(faults: readonly DesignFault[]): void {
  const [first] = faults;
  if (!first) return;
  const more = faults.length === 1 ? '' : ` (and ${faults.length - 1} more, in faults)`;
  throw new SluiceError('INVALID_DESIGN', `${first.message}${more}`, { faults: shownFaults(faults) });
}

/** A design is stored as one document, so its texts are limited. The paths of its columns do not count, because the sample already limits them. */
function refuseTooMuchText(columns: readonly Column[], transformations: readonly Transformation[]): void {
  const texts = columns.flatMap(({ id, name, inputFormat, inputTimeZone, displayFormat, securityName, link }) => [
    name === id ? null : name,
    inputFormat,
    inputTimeZone,
    displayFormat,
    securityName,
    link?.url,
    link?.title,
  ]);
  const ofColumns = texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), 0);
  const bytes = ofColumns + transformations.reduce((sum, one) => sum + Buffer.byteLength(stringifyJson(one)), 0);
  if (bytes <= MAX_DESIGN_TEXT_BYTES) return;
  const message = `the names, formats, security names and links of all columns, and the transformations, have ${bytes} bytes; at most ${MAX_DESIGN_TEXT_BYTES} are allowed: shorten some`;
  const expected = `at most ${MAX_DESIGN_TEXT_BYTES} bytes`;
  throw new SluiceError('INVALID_DESIGN', message, { field: 'input.columns', expected, actual: String(bytes) });
}

/** Applies the type and `undetermined` of a patch to a column. */
function formed(column: Column, patch: ColumnPatch | undefined): Column {
  if (!patch) return column;
  const undetermined = setting(impliedUndetermined(patch), column.undetermined, isUndetermined(column));
  // An undetermined column is TEXT. If the patch sets another type, that is a fault.
  const byDefault = undetermined ? 'TEXT' : column.sourceType;
  const type = undetermined === column.undetermined ? column.type : byDefault;
  return { ...column, undetermined, type: setting(patch.type, type, byDefault) };
}

/** Applies all other settings of a patch to a column. */
function patched(column: Column, patch: ColumnPatch | undefined): Column {
  if (!patch) return column;
  const { name, enabled, inputFormat, inputTimeZone, displayFormat, uniqueIdentifier } = patch;
  const { indexed, securityName, sensitive, link } = patch;
  return {
    ...withUserChoice(column, enabled),
    name: setting(name, column.name, defaultName(column.id)),
    enabled: setting(enabled, column.enabled, column.disabledReason === null),
    inputFormat: setting(inputFormat, column.inputFormat, null),
    inputTimeZone: setting(inputTimeZone, column.inputTimeZone, null),
    displayFormat: setting(displayFormat, column.displayFormat, null),
    uniqueIdentifier: setting(uniqueIdentifier, column.uniqueIdentifier, false),
    indexed: setting(indexed, column.indexed, false),
    securityName: setting(securityName, column.securityName, null),
    sensitive: setting(sensitive, column.sensitive, false),
    link: setting(link, column.link, null),
  };
}

/** Remembers the choice for a column that cannot be enabled now. */
function withUserChoice(column: Column, enabled: boolean | null | undefined): Column {
  if (column.disabledReason === null || enabled === undefined || column.removedBy !== undefined) return column;
  const { disabledByUser: _, ...rest } = column;
  return enabled === false ? { ...rest, disabledByUser: true } : rest;
}

function setting<T>(value: T | null | undefined, before: T, byDefault: T): T {
  return value === undefined ? before : (value ?? byDefault);
}

/** A chosen type makes a column determined; a type reset to null also resets `undetermined` to what the sample shows. */
function impliedUndetermined({ undetermined, type }: ColumnPatch): boolean | null | undefined {
  if (undetermined !== undefined) return undetermined;
  return type == null ? type : false;
}

function refuseOdd(
  columns: readonly Column[],
  patches: readonly ColumnPatch[],
  byId: ReadonlyMap<string, ColumnPatch>,
): void {
  if (byId.size < patches.length) {
    throw new SluiceError('BAD_REQUEST', 'input.columns names a column twice; put all its changes into one entry', {
      field: 'input.columns',
    });
  }
  const known = new Set(columns.map(({ id }) => id));
  const index = patches.findIndex(({ id }) => !known.has(id));
  const unknown = patches[index];
  if (!unknown) return;
  const shown = JSON.stringify(unknown.id.slice(0, 200)).toWellFormed();
  const field = `input.columns[${index}].id`;
  const message = `${field} is ${shown}, which is not a column of this dataset; the design lists the ids of its columns`;
  throw new SluiceError('BAD_REQUEST', message, { field, expected: 'the id of a column', actual: shown });
}
