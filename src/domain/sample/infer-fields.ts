import { atOnce } from '../at-once.js';
import { SluiceError } from '../errors.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.js';
import { briefJson } from '../json/stringify-json.js';
import { fieldPath } from './field-path.js';
import { Observation, type ScalarKind } from './observation.js';
import type { SourceField, TextForm } from './source-field.js';

/** How many records to look at between two yields. */
const RECORDS_OF_SLICE = 200;
const MAX_SAMPLE_FIELDS = 5_000;
/** A design has each path several times, and must fit into one document. */
export const MAX_PATHS_LENGTH = 1_000_000;

/**
 * Infers the fields of a sample: an object, or a non-empty array of objects, which are merged. Throws INVALID_SAMPLE, with the place, for any other value, for
 * contradicting types, and beyond 32 levels or 5,000 fields.
 */
export function inferFields(sample: JsonValue): SourceField[] {
  return atOnce(inferFieldsInSlices(sample));
}

/** The same in slices: yields now and then, so that the caller can do other work. */
export function* inferFieldsInSlices(sample: JsonValue): Generator<void, SourceField[]> {
  const root = new Observation();
  for (const [index, { record, pointer }] of recordsOf(sample).entries()) {
    root.observeObject(record, pointer, 1, 'object');
    if (index % RECORDS_OF_SLICE === RECORDS_OF_SLICE - 1) yield;
  }
  if (root.children.size === 0) {
    throw invalid('the sample has no fields; give a record with at least one key');
  }
  const fields: SourceField[] = [];
  addFields(root, null, 0, fields);
  checkSize(fields);
  return fields;
}

function recordsOf(sample: JsonValue): { record: JsonObject; pointer: string }[] {
  if (isJsonObject(sample)) return [{ record: sample, pointer: '' }];
  if (!Array.isArray(sample))
    throw invalid(`the sample is ${briefJson(sample)}; give a JSON object, or an array of JSON objects`);
  if (sample.length === 0) throw invalid('the sample is an empty array; give at least one record');
  return sample.map((record, index) => {
    if (isJsonObject(record)) return { record, pointer: `/${index}` };
    const message = `element ${index} of the sample is ${briefJson(record)}; every element must be a record, a JSON object`;
    throw invalid(message, `/${index}`);
  });
}

function addFields(parent: Observation, parentPath: string | null, depth: number, fields: SourceField[]): void {
  for (const [key, observation] of parent.children) {
    const path = fieldPath(parentPath, key);
    const { nullable, example } = observation;
    fields.push({
      path,
      key,
      ...typeOf(observation),
      parent: parentPath,
      depth,
      nullable,
      optional: observation.seen < parent.objects,
      ...(example !== undefined && { example }),
    });
    if (!observation.opaque) addFields(observation, path, depth + 1, fields);
  }
}

/** If a field is only null, `[]` or `{}`, its type is unknown: any value is then stored as text. */
function typeOf({ family, kind, fractional }: Observation): Pick<SourceField, 'type' | 'textForm' | 'fractional'> {
  if (family === 'object') return { type: 'OBJECT' };
  if (family === 'object array') return { type: 'OBJECT_ARRAY' };
  if (kind === null) return { type: 'TEXT', textForm: 'ANY' };
  const { type, textForm } = TYPE_OF_KIND[kind];
  const columnType = family === 'scalar array' ? (`${type}_ARRAY` as const) : type;
  const isFractional = type === 'NUMERIC' && fractional;
  return { type: columnType, ...(textForm && { textForm }), ...(isFractional && { fractional: true }) };
}

const TYPE_OF_KIND: Record<ScalarKind, { type: 'TEXT' | 'NUMERIC' | 'BOOLEAN' | 'DATETIME'; textForm?: TextForm }> = {
  TEXT: { type: 'TEXT', textForm: 'STRING' },
  EXACT_NUMBER: { type: 'TEXT', textForm: 'NUMBER' },
  MIXED: { type: 'TEXT', textForm: 'SCALAR' },
  NUMERIC: { type: 'NUMERIC' },
  BOOLEAN: { type: 'BOOLEAN' },
  DATETIME: { type: 'DATETIME' },
};

function checkSize(fields: readonly SourceField[]): void {
  if (fields.length > MAX_SAMPLE_FIELDS) {
    throw invalid(`the sample has ${fields.length} fields; at most ${MAX_SAMPLE_FIELDS} are allowed`);
  }
  const length = fields.reduce((sum, field) => sum + field.path.length, 0);
  if (length > MAX_PATHS_LENGTH) {
    throw invalid(
      `the paths of the sample's fields have ${length} characters in total; at most ${MAX_PATHS_LENGTH} are allowed: shorten keys that contain many others`,
    );
  }
}

function invalid(message: string, pointer = ''): SluiceError {
  return new SluiceError('INVALID_SAMPLE', message, { field: 'sample', pointer });
}
