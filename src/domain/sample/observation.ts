import { SluiceError } from '../errors.js';
import { isIntegerLiteral, numericOf } from '../json/exact-number.js';
import { ExactNumber, isJsonObject, type JsonObject, type JsonScalar, type JsonValue } from '../json/json-value.js';
import { pointerTo } from '../json/pointer.js';
import { briefJson } from '../json/stringify-json.js';
import { isInferredDateTime } from './date-time.js';

/** The kind of a field's scalars. EXACT_NUMBER: numbers that need all their digits. MIXED: scalars of several types. */
export type ScalarKind = 'TEXT' | 'DATETIME' | 'NUMERIC' | 'EXACT_NUMBER' | 'BOOLEAN' | 'MIXED';
/** What kind of value a field has. */
type Family = 'scalar' | 'object' | 'scalar array' | 'object array';

/** The first place where something was seen. */
interface Sighting {
  readonly pointer: string;
  readonly value: JsonValue;
}

const MAX_SAMPLE_NESTING = 32;

/** Everything that a sample shows of one field, in all its records. */
export class Observation {
  nullable = false;
  /** How many objects this field has been: how often a child could have been present. */
  objects = 0;
  /** How often its parent had it. */
  seen = 0;
  /** It was `[]` or an array of nulls: an array of which nothing else is known. */
  emptyArray = false;
  /** It was `{}`: an object of which nothing else is known. */
  emptyObject = false;
  /** It was a number that is not an integer. */
  fractional = false;
  /** It was an array of arrays, or of objects and scalars. */
  opaque = false;
  family: Family | null = null;
  kind: ScalarKind | null = null;
  example: JsonValue | undefined;
  readonly children = new Map<string, Observation>();
  #first: Sighting | null = null;

  /** Adds a value. Throws INVALID_SAMPLE if it contradicts an earlier one. `nesting` counts objects and arrays; the record is 1. */
  observe(value: JsonValue, pointer: string, nesting: number): void {
    if (value === null) this.nullable = true;
    else if (Array.isArray(value)) this.#observeArray(value, pointer, nesting);
    else if (isJsonObject(value)) this.observeObject(value, pointer, nesting, 'object');
    else this.#observeScalar(value, 'scalar', { pointer, value });
  }

  observeObject(object: JsonObject, pointer: string, nesting: number, family: Family): void {
    checkNesting(nesting, pointer);
    const keys = Object.keys(object);
    if (family === 'object' && keys.length === 0) this.#noteEmpty('emptyObject', { pointer, value: object });
    else this.#join(family, { pointer, value: object });
    this.objects += 1;
    for (const key of keys) {
      const place = pointerTo(pointer, key);
      if (!key.isWellFormed()) throw fault('holds half of a surrogate pair in a key; use well-formed Unicode', place);
      let child = this.children.get(key);
      if (!child) {
        child = new Observation();
        this.children.set(key, child);
      }
      child.seen += 1;
      child.observe(object[key] ?? null, place, nesting + 1);
    }
  }

  #observeArray(array: readonly JsonValue[], pointer: string, nesting: number): void {
    checkNesting(nesting, pointer);
    const elements = array.filter((element) => element !== null);
    const objects = elements.filter((element) => typeof element === 'object' && !(element instanceof ExactNumber));
    if (elements.length === 0) {
      this.#noteEmpty('emptyArray', { pointer, value: [...array] });
    } else if (objects.length === 0) {
      this.example ??= [...array];
      for (const [index, value] of array.entries()) {
        if (isScalar(value)) this.#observeScalar(value, 'scalar array', { pointer: pointerTo(pointer, index), value });
      }
    } else if (objects.length < elements.length || objects.some((element) => Array.isArray(element))) {
      this.opaque = true;
      checkNestingInside(array, pointer, nesting);
      this.#join('object array', { pointer, value: [...array] });
    } else {
      for (const [index, element] of array.entries()) {
        if (element !== null)
          this.observeObject(element as JsonObject, pointerTo(pointer, index), nesting + 1, 'object array');
      }
    }
  }

  #observeScalar(value: Exclude<JsonScalar, null>, family: Family, at: Sighting): void {
    const kind = kindOf(value, at.pointer);
    this.#join(family, at);
    if (family === 'scalar') this.example ??= value;
    this.kind = this.kind === null ? kind : joined(this.kind, kind);
    if (typeof value === 'number' && !Number.isInteger(value)) this.fractional = true;
  }

  /** Notes an empty object or array. It does not type the field, but it contradicts a field of the other kind. */
  #noteEmpty(what: 'emptyArray' | 'emptyObject', at: Sighting): void {
    if (this.family !== null && !agrees(this.family, what)) throw this.#disagreement(at);
    this.#first ??= at;
    this[what] = true;
  }

  #join(family: Family, at: Sighting): void {
    this.#first ??= at;
    this.family ??= family;
    const isAgainstEmpty =
      (this.emptyArray && !agrees(family, 'emptyArray')) || (this.emptyObject && !agrees(family, 'emptyObject'));
    if (this.family !== family || isAgainstEmpty) throw this.#disagreement(at);
  }

  #disagreement(at: Sighting): SluiceError {
    const first = this.#first ?? at;
    const [here, there] = [briefJson(at.value), briefJson(first.value)];
    const message = `is ${here}, but ${there} at ${first.pointer}; ${WAY_OUT}`;
    return fault(message, at.pointer);
  }
}

const WAY_OUT =
  'a field is either a scalar, an object or an array in all records; to keep any of them as text, write null in its place in every record of the sample';

/** Whether a field of this family can be an empty array or object, as asked. */
function agrees(family: Family, empty: 'emptyArray' | 'emptyObject'): boolean {
  return empty === 'emptyArray' ? family.endsWith('array') : family === 'object';
}

/** The kind of a field that has scalars of two kinds. */
function joined(one: ScalarKind, other: ScalarKind): ScalarKind {
  if (one === other) return one;
  const kinds = new Set([one, other]);
  if (kinds.has('TEXT') && kinds.has('DATETIME')) return 'TEXT';
  return kinds.has('NUMERIC') && kinds.has('EXACT_NUMBER') ? 'EXACT_NUMBER' : 'MIXED';
}

function isScalar(value: JsonValue): value is Exclude<JsonScalar, null> {
  return value !== null && (typeof value !== 'object' || value instanceof ExactNumber);
}

function kindOf(value: Exclude<JsonScalar, null>, pointer: string): ScalarKind {
  if (typeof value === 'boolean') return 'BOOLEAN';
  if (typeof value === 'number') return 'NUMERIC';
  // An integer beyond 2^53 is most often an identifier, and a double cannot hold all of them.
  if (value instanceof ExactNumber)
    return isIntegerLiteral(value.literal) || numericOf(value) === null ? 'EXACT_NUMBER' : 'NUMERIC';
  if (!value.isWellFormed()) throw fault('holds half of a surrogate pair; use well-formed Unicode', pointer);
  return isInferredDateTime(value) ? 'DATETIME' : 'TEXT';
}

function checkNesting(nesting: number, pointer: string): void {
  if (nesting > MAX_SAMPLE_NESTING) {
    throw fault(`nests more than ${MAX_SAMPLE_NESTING} levels deep`, pointer.slice(0, 200));
  }
}

/** Checks the nesting of an array whose elements do not become fields. */
function checkNestingInside(value: JsonObject | readonly JsonValue[], pointer: string, nesting: number): void {
  checkNesting(nesting, pointer);
  for (const [key, child] of Object.entries(value)) {
    if (isScalar(child) || child === null) continue;
    checkNestingInside(child, pointerTo(pointer, key), nesting + 1);
  }
}

function fault(what: string, pointer: string): SluiceError {
  const place = pointer === '' ? 'the sample' : `the sample at ${pointer.slice(0, 200).toWellFormed()}`;
  return new SluiceError('INVALID_SAMPLE', `${place} ${what}`, { field: 'sample', pointer });
}
