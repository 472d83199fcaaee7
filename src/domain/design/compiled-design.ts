import type { PlaceFinder } from '../geolocation/place-finder.js';
import type { Mismatch } from '../job/job.js';
import type { RecordMismatches } from '../job/record-mismatches.js';
import type { JsonObject } from '../json/json-value.js';
import { type Lookups, lookupsOf } from '../lookups/wanted-columns.js';
import { type PlainLayout, plainLayoutOf } from '../plain/plain-layout.js';
import { PlainReader } from '../plain/plain-reader.js';
import { compilePrune } from '../sample/prune-record.js';
import type { SourceField } from '../sample/source-field.js';
import { compileStructureCheck, type StructureCheck, type StructureRules } from '../sample/structure-check.js';
import { type Found, mismatch } from '../sample/value-check.js';
import { planOf } from '../transform/plan-transformations.js';
import { compileSteps, type RunSteps } from '../transform/run-steps.js';
import { checkedFields } from './checked-fields.js';
import { type Column, isTaken } from './column.js';
import { type ColumnsById, columnKeys, columnPointer, columnsById, valueAt } from './column-pointer.js';
import { type Converted, compileConversion } from './convert-record.js';
import type { Design, MismatchPolicy } from './design.js';
import { compileIdentity, type Identify, identifiersOf } from './identity.js';
import { withSensitivity } from './sensitive-columns.js';
import type { StoredValues } from './stored-value.js';

/** How a pushed record is used: it replaces a stored record, is merged into one, or names one to delete. */
export type RecordUse = 'REPLACE' | 'UPSERT' | 'DELETE';

/** A design and the fields of the sample version that it uses: everything that loads need. Plain data. */
export interface PinnedDesign {
  readonly design: Design;
  readonly fields: readonly SourceField[];
}

/** A design, compiled once and used for every record of every job under it. */
export class CompiledDesign {
  readonly mismatchPolicy: MismatchPolicy;
  readonly hasIdentifier: boolean;
  /** Whether a column is sensitive: errors must not show texts that may quote values of any column. */
  readonly hasSensitive: boolean;
  /** Converts a record to its values. The record may have been pushed under another version of the sample. */
  readonly convert: (record: JsonObject) => Converted;
  /** Makes the rows of a record by the transformations; null if there are none. */
  readonly runSteps: RunSteps | null;
  /** Whether a geolocation finds the places of addresses. */
  readonly locates: boolean;
  /** Where addresses are found; null if no geolocation has one, or if the geocoder of the operator is asked. */
  readonly places: PlaceFinder | null;
  /** What the transformations look up in other datasets; null if nothing. */
  readonly lookups: Lookups | null;
  /** Removes the keys that this design ignores from a record. */
  readonly prune: (record: JsonObject) => JsonObject;
  readonly #columns: ColumnsById;
  readonly #identify: Identify | null;
  /** Made when they are first used: most datasets get one kind of push, and there are many designs. */
  readonly #checks: Partial<Record<RecordUse, StructureCheck>> = {};
  #plainLayout: PlainLayout | null | undefined;
  #plainReader: PlainReader | undefined;
  /** Whether steps read objects or arrays of objects. */
  readonly #readsObjects: boolean;

  readonly design: Design;

  constructor(
    readonly pinned: PinnedDesign,
    places: PlaceFinder | null = null,
  ) {
    this.places = places;
    const { design, fields } = pinned;
    const { mismatchPolicy } = design;
    const columns = withSensitivity(design.columns);
    this.design = design;
    this.hasSensitive = columns.some(({ sensitive }) => sensitive);
    this.locates = locatesAddresses(design);
    const checked = checkedFields(columns, fields);
    this.mismatchPolicy = mismatchPolicy;
    this.#columns = columnsById(columns);
    const { steps, whole } = planOf(design);
    this.convert = compileConversion(columns, whole);
    this.runSteps = compileSteps(steps);
    this.#readsObjects = whole.size > 0;
    this.lookups = lookupsOf(design.transformations);
    this.prune = design.unknownFields === 'IGNORE' ? compilePrune(checked) : (record) => record;
    this.#identify = compileIdentity(columns);
    this.hasIdentifier = this.#identify !== null;
  }

  /** The layout of records whose rows can be written from their bytes; null if there are none. */
  get plainLayout(): PlainLayout | null {
    return this.design.transformations.length === 0 ? this.#layout : null;
  }

  /** The layout of records whose values can be read from their bytes, for the transformations; null if there are none. */
  get readLayout(): PlainLayout | null {
    return this.runSteps && !this.#readsObjects ? this.#layout : null;
  }

  get #layout(): PlainLayout | null {
    const { design, fields } = this.pinned;
    if (this.#plainLayout === undefined) this.#plainLayout = plainLayoutOf(design, fields);
    return this.#plainLayout;
  }

  /** Reads the values of plain records. */
  get plainReader(): PlainReader {
    this.#plainReader ??= new PlainReader(this.design.columns.filter(isTaken).map(({ storedKey }) => storedKey));
    return this.#plainReader;
  }

  /** Whether records may need outside data: lookups, or addresses that the geocoder of the operator is asked for. */
  get needsOutsideData(): boolean {
    return this.lookups !== null || this.isOnline;
  }

  /** Whether the geocoder of the operator is asked for addresses. */
  get isOnline(): boolean {
    return this.locates && this.places === null;
  }

  /** Checks a pushed record against the structure of the sample. Returns the mismatches; null if it fits. */
  check(record: JsonObject, use: RecordUse): RecordMismatches | null {
    this.#checks[use] ??= this.#checkOf(use);
    return this.#checks[use](record);
  }

  /** Computes the id of a record from its values, or the fault if an identifier has no value. Both are null if the design has no identifier. */
  identify(
    values: StoredValues,
    record: JsonObject,
  ): { readonly recordId: string | null; readonly fault: Mismatch | null } {
    const identity = this.#identify?.(values);
    if (!identity) return NO_IDENTITY;
    if ('recordId' in identity) return { recordId: identity.recordId, fault: null };
    return { recordId: null, fault: this.#identifierMissing(identity.missing, record) };
  }

  #checkOf(use: RecordUse): StructureCheck {
    const { design, fields } = this.pinned;
    const columns = withSensitivity(design.columns);
    const checked = checkedFields(columns, fields);
    // An unknown key may be the misspelled key of a sensitive column.
    const unknownHidden = this.hasSensitive;
    if (use === 'DELETE')
      return compileStructureCheck(identifierFields(columns, checked), { ...NAMED_BY_IDENTIFIERS, unknownHidden });
    const missingAllowed = use === 'UPSERT' || design.missingFields === 'AS_NULL';
    const unknownAllowed = design.unknownFields === 'IGNORE';
    return compileStructureCheck(checked, { unknownAllowed, unknownHidden, missingAllowed });
  }

  #identifierMissing(column: Column, record: JsonObject): Mismatch {
    const sent = valueAt(record, columnKeys(this.#columns, column));
    const place = columnPointer(this.#columns, column);
    const [found, what]: [Found, string] =
      sent === undefined
        ? [{ words: 'missing' }, `key of a unique identifier; ${NEEDED}`]
        : [{ value: sent, isHidden: column.sensitive }, `is not a value of type ${column.type}; ${NEEDED}`];
    return mismatch('IDENTIFIER_MISSING', column.id, place, column.type, found, what);
  }
}

const NO_IDENTITY = { recordId: null, fault: null };
const NEEDED = 'every record needs a value of every unique identifier';
const NAMED_BY_IDENTIFIERS: StructureRules = {
  unknownMessage: 'is not part of the unique identifier; a delete names records only by their unique identifiers',
  missingMessage: 'key; a delete names records by a value of every unique identifier, nested as in the sample',
};

/** The fields of the identifiers, and the objects that contain them. All of them are required. */
function identifierFields(columns: readonly Column[], fields: readonly SourceField[]): SourceField[] {
  const wanted = new Set<string>();
  const byPath = new Map(fields.map((field) => [field.path, field]));
  for (const { id } of identifiersOf(columns)) {
    for (let field = byPath.get(id); field; field = byPath.get(field.parent ?? '')) {
      wanted.add(field.path);
      if (field.parent === null) break;
    }
  }
  return fields.filter(({ path }) => wanted.has(path)).map((field) => ({ ...field, optional: false }));
}

/** Whether loads under a design find the places of addresses. */
function locatesAddresses({ transformations }: Pick<Design, 'transformations'>): boolean {
  return transformations.some(({ enabled, step }) => enabled && step.kind === 'locateAddress');
}

const compiled = new WeakMap<PinnedDesign, CompiledDesign>();

/** Compiles a design, and caches the result by the `pinned` object. `places`: for a design that locates addresses. */
export function compiledDesign(pinned: PinnedDesign, places: PlaceFinder | null = null): CompiledDesign {
  const known = compiled.get(pinned);
  if (known) return known;
  const made = new CompiledDesign(pinned, places);
  compiled.set(pinned, made);
  return made;
}

/** The same, with the places that a design needs to locate addresses: they are loaded only then. Without a geocoder, addresses are asked for. */
export async function compiledWithPlaces(
  pinned: PinnedDesign,
  geocoder: { load(): Promise<PlaceFinder> } | null,
): Promise<CompiledDesign> {
  return compiledDesign(pinned, geocoder && locatesAddresses(pinned.design) ? await geocoder.load() : null);
}

/** The design, with errors that hide also the values of columns which are sensitive in another design: the one that is applied while this one is tried. */
export function hidingAsBefore(design: CompiledDesign, before: CompiledDesign): CompiledDesign {
  const hidden = new Set(before.design.columns.flatMap(({ id, sensitive }) => (sensitive ? [id] : [])));
  const { columns } = design.design;
  if (columns.every(({ id, sensitive }) => sensitive || !hidden.has(id))) return design;
  const changed = columns.map((column) => ({ ...column, sensitive: column.sensitive || hidden.has(column.id) }));
  return new CompiledDesign({ ...design.pinned, design: { ...design.design, columns: changed } }, design.places);
}
