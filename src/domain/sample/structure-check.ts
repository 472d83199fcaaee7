import type { Mismatch } from '../job/job.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.js';
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

export interface StructureRules {
  /** Every key may be missing, not only the optional ones. */
  readonly missingAllowed?: boolean;
  readonly unknownAllowed?: boolean;
  /** What is wrong with an unknown key, and with a missing one, for people. */
  readonly unknownMessage?: string;
  readonly missingMessage?: string;
}

/**
 * Compiles the check of one sample version. Without rules it is strict: a missing key (unless optional), an extra key, or a value of another type is a
 * mismatch; null is allowed for any value, and `[]` for any array. A record that fits costs one walk of its own values; the reasons are looked for only
 * where one does not.
 */
export function compileStructureCheck(fields: readonly SourceField[], rules: StructureRules = {}): StructureCheck {
  const check = new StructureCompiler(childrenByParent(fields), rules).object(null);
  return (record) => {
    if (check.fits(record)) return NONE;
    const mismatches: Mismatch[] = [];
    check.explain(record, '', mismatches);
    return mismatches.slice(0, MAX_MISMATCHES);
  };
}

class StructureCompiler {
  constructor(
    private readonly children: ReadonlyMap<string | null, readonly SourceField[]>,
    private readonly rules: StructureRules,
  ) {}

  /** The check of the object at `field`, or of the record itself. */
  object(field: SourceField | null): ValueCheck {
    const members = new Map<string, Member>();
    for (const child of this.children.get(field?.path ?? null) ?? []) {
      const isRequired = !child.optional && !this.rules.missingAllowed;
      members.set(child.key, { field: child, check: this.#value(child), isRequired });
    }
    return new ObjectCheck(field, members, this.rules);
  }

  #value(field: SourceField): ValueCheck {
    const object = this.children.has(field.path) ? this.object(field) : undefined;
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
}

interface Member {
  readonly field: SourceField;
  readonly check: ValueCheck;
  readonly isRequired: boolean;
}

class ObjectCheck implements ValueCheck {
  readonly #required: readonly SourceField[];

  constructor(
    private readonly field: SourceField | null,
    private readonly members: ReadonlyMap<string, Member>,
    private readonly rules: StructureRules,
  ) {
    this.#required = [...members.values()].flatMap((member) => (member.isRequired ? [member.field] : []));
  }

  readonly fits = (value: JsonValue): boolean => {
    if (!isJsonObject(value)) return false;
    let found = 0;
    for (const key of Object.keys(value)) {
      const member = this.members.get(key);
      if (member ? !member.check.fits(value[key] ?? null) : !this.rules.unknownAllowed) return false;
      if (member?.isRequired) found += 1;
    }
    return found === this.#required.length;
  };

  readonly explain = (value: JsonValue, pointer: string, mismatches: Mismatch[]): void => {
    if (!isJsonObject(value)) {
      mismatches.push(wrongType(this.field && { ...this.field, type: 'OBJECT' }, value, pointer));
      return;
    }
    const { unknownAllowed, unknownMessage = UNKNOWN, missingMessage = MISSING } = this.rules;
    for (const missing of this.#required) {
      if (!Object.hasOwn(value, missing.key)) mismatches.push(missingKey(missing, pointer, missingMessage));
    }
    for (const key of Object.keys(value)) {
      if (mismatches.length >= MAX_MISMATCHES) return;
      const place = pointerTo(pointer, key);
      const member = this.members.get(key);
      if (member) member.check.explain(value[key] ?? null, place, mismatches);
      else if (!unknownAllowed) mismatches.push(unknownKey(briefJson(value[key]), place, unknownMessage));
    }
  };
}

const UNKNOWN = 'stands under a key that the sample does not have';
const MISSING = 'key; the sample has it in every record, so send it, with null where there is no value';

function missingKey({ path, type, key }: SourceField, parent: string, what: string): Mismatch {
  return mismatch('MISSING_KEY', path, pointerTo(parent, key), type, 'missing', what);
}

function unknownKey(actual: string, pointer: string, what: string): Mismatch {
  return mismatch('UNKNOWN_KEY', undefined, pointer, 'no such key', actual, what);
}
