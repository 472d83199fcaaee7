import type { Mismatch } from '../job/job.js';
import { isJsonObject, type JsonObject } from '../json/json-value.js';
import { pointerTo } from '../json/pointer.js';
import { briefJson } from '../json/stringify-json.js';
import { childrenByParent } from './children-by-parent.js';
import { scalarCheck } from './scalar-check.js';
import type { SourceField } from './source-field.js';
import { ANYTHING, anyObject, arrayOf, mismatch, orNull, type ValueCheck, wrongType } from './value-check.js';

/** Holds one record against the structure of a sample: the mismatches, at most 100; none when it fits. */
export type StructureCheck = (record: JsonObject) => readonly Mismatch[];

const MAX_MISMATCHES = 100;
const NONE: readonly Mismatch[] = [];

/**
 * Compiles the check of one sample version. It is strict: a missing key (unless optional), an extra key, or a value of another type is a mismatch;
 * null is allowed for any value, and `[]` for any array. A record that fits costs one walk of its own values; the reasons are looked for only where
 * one does not.
 */
export function compileStructureCheck(fields: readonly SourceField[]): StructureCheck {
  const check = objectCheck(null, childrenByParent(fields));
  return (record) => {
    if (check.fits(record)) return NONE;
    const mismatches: Mismatch[] = [];
    check.explain(record, '', mismatches);
    return mismatches.slice(0, MAX_MISMATCHES);
  };
}

type Children = ReadonlyMap<string | null, readonly SourceField[]>;

function checkOf(field: SourceField, children: Children): ValueCheck {
  const object = children.has(field.path) ? objectCheck(field, children) : undefined;
  switch (field.type) {
    case 'OBJECT':
      return orNull(object ?? anyObject(field));
    case 'OBJECT_ARRAY':
      return orNull(arrayOf(field, object ? orNull(object) : ANYTHING));
    case 'TEXT_ARRAY':
    case 'NUMERIC_ARRAY':
    case 'BOOLEAN_ARRAY':
    case 'DATETIME_ARRAY':
      return orNull(arrayOf(field, orNull(scalarCheck(field))));
    default:
      return orNull(scalarCheck(field));
  }
}

interface Member {
  readonly field: SourceField;
  readonly check: ValueCheck;
}

/** The check of the object at `field`, or of the record itself. */
function objectCheck(field: SourceField | null, children: Children): ValueCheck {
  const members = new Map<string, Member>();
  for (const child of children.get(field?.path ?? null) ?? []) {
    members.set(child.key, { field: child, check: checkOf(child, children) });
  }
  const required = [...members.values()].filter((member) => !member.field.optional);
  return {
    fits(value) {
      if (!isJsonObject(value)) return false;
      let found = 0;
      for (const key of Object.keys(value)) {
        const member = members.get(key);
        if (!member?.check.fits(value[key] ?? null)) return false;
        if (!member.field.optional) found += 1;
      }
      return found === required.length;
    },
    explain(value, pointer, mismatches) {
      if (!isJsonObject(value)) {
        mismatches.push(wrongType(field && { ...field, type: 'OBJECT' }, value, pointer));
        return;
      }
      for (const { field: missing } of required) {
        if (!Object.hasOwn(value, missing.key)) mismatches.push(missingKey(missing, pointer));
      }
      for (const key of Object.keys(value)) {
        const place = pointerTo(pointer, key);
        const member = members.get(key);
        if (member) member.check.explain(value[key] ?? null, place, mismatches);
        else mismatches.push(unknownKey(briefJson(value[key]), place));
      }
    },
  };
}

function missingKey({ path, type, key }: SourceField, parent: string): Mismatch {
  const what = 'key; the sample has it in every record, so send it, with null where there is no value';
  return mismatch('MISSING_KEY', path, pointerTo(parent, key), type, 'missing', what);
}

function unknownKey(actual: string, pointer: string): Mismatch {
  const what = 'stands under a key that the sample does not have';
  return mismatch('UNKNOWN_KEY', undefined, pointer, 'no such key', actual, what);
}
