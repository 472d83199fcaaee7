import { RecordMismatches } from '../job/record-mismatches.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.js';
import { pointerTo } from '../json/pointer.js';
import { childrenByParent } from './children-by-parent.js';
import { scalarCheck } from './scalar-check.js';
import {
  ANYTHING,
  addWrongType,
  arrayOf,
  type CheckedField,
  mismatch,
  orNull,
  type StructurePlace,
  type ValueCheck,
} from './value-check.js';

/** Compares a record with the structure of a sample. Returns the mismatches; null if the record fits. */
export type StructureCheck = (record: JsonObject) => RecordMismatches | null;

export interface StructureRules {
  /** Whether every key may be missing, and not only the optional ones. */
  readonly missingAllowed?: boolean;
  readonly unknownAllowed?: boolean;
  /** Whether values under unknown keys must not be shown. */
  readonly unknownHidden?: boolean;
  /** The messages for an unknown and for a missing key. */
  readonly unknownMessage?: string;
  readonly missingMessage?: string;
}

/**
 * Compiles the check of one sample version. Without rules it is strict: a missing key (unless optional), an extra key, or a value of another type is a mismatch; null is
 * allowed for any value, and `[]` for any array. A record that fits costs one walk of its values; reasons are computed only for a record that does not fit.
 */
export function compileStructureCheck(fields: readonly CheckedField[], rules: StructureRules = {}): StructureCheck {
  const check = new StructureCompiler(childrenByParent(fields), rules).object({ field: null, pointer: '' });
  return (record) => {
    if (check.fits(record)) return null;
    const mismatches = new RecordMismatches();
    check.explain(record, '', mismatches);
    return mismatches;
  };
}

class StructureCompiler {
  constructor(
    private readonly children: ReadonlyMap<string | null, readonly CheckedField[]>,
    private readonly rules: StructureRules,
  ) {}

  /** Makes the check of the object at a place, or of the record itself. */
  object(place: StructurePlace): ValueCheck {
    const members = new Map<string, Member>();
    for (const field of this.children.get(place.field?.path ?? null) ?? []) {
      const pointer = pointerTo(place.pointer, field.key);
      const isRequired = !field.optional && !this.rules.missingAllowed;
      members.set(field.key, { field, pointer, check: this.#value(field, pointer), isRequired });
    }
    return new ObjectCheck(place, members, this.rules);
  }

  #value(field: CheckedField, pointer: string): ValueCheck {
    if (field.unchecked) return ANYTHING;
    const place = { field, pointer };
    const object = this.children.has(field.path) ? this.object(place) : undefined;
    switch (field.type) {
      case 'OBJECT':
        return object ? orNull(object) : ANYTHING;
      case 'OBJECT_ARRAY':
        return orNull(arrayOf(place, object ? orNull(object) : ANYTHING));
      case 'TEXT_ARRAY':
      case 'NUMERIC_ARRAY':
      case 'BOOLEAN_ARRAY':
      case 'DATETIME_ARRAY':
        return orNull(arrayOf(place, orNull(scalarCheck(field, pointer))));
      default:
        return orNull(scalarCheck(field, pointer));
    }
  }
}

interface Member extends StructurePlace {
  readonly field: CheckedField;
  readonly check: ValueCheck;
  readonly isRequired: boolean;
}

class ObjectCheck implements ValueCheck {
  readonly #required: readonly Member[];

  constructor(
    private readonly place: StructurePlace,
    private readonly members: ReadonlyMap<string, Member>,
    private readonly rules: StructureRules,
  ) {
    this.#required = [...members.values()].filter(({ isRequired }) => isRequired);
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

  readonly explain = (value: JsonValue, pointer: string, mismatches: RecordMismatches): void => {
    if (!isJsonObject(value)) {
      addWrongType(mismatches, this.place, value, pointer, 'OBJECT');
      return;
    }
    for (const missing of this.#required) {
      if (!Object.hasOwn(value, missing.field.key)) this.#addMissing(missing, pointer, mismatches);
    }
    for (const key of Object.keys(value)) {
      const member = this.members.get(key);
      if (member) member.check.explain(value[key] ?? null, pointerTo(pointer, key), mismatches);
      else if (!this.rules.unknownAllowed) this.#addUnknown(key, value[key], pointer, mismatches);
    }
  };

  #addMissing({ field, pointer: place }: Member, parent: string, mismatches: RecordMismatches): void {
    const { missingMessage = MISSING } = this.rules;
    mismatches.add(place, 'MISSING_KEY', () =>
      mismatch(
        'MISSING_KEY',
        field.path,
        pointerTo(parent, field.key),
        field.type,
        { words: 'missing' },
        missingMessage,
      ),
    );
  }

  /** Clients may send any number of unknown keys, so they are counted by the object that contains them. */
  #addUnknown(key: string, value: JsonValue | undefined, parent: string, mismatches: RecordMismatches): void {
    const { unknownMessage = UNKNOWN, unknownHidden: isHidden = false } = this.rules;
    mismatches.add(this.place.pointer, 'UNKNOWN_KEY', () =>
      mismatch('UNKNOWN_KEY', undefined, pointerTo(parent, key), 'no such key', { value, isHidden }, unknownMessage),
    );
  }
}

const UNKNOWN =
  'is under a key that the sample does not have; leave it out, add it to the sample, or set unknownFields to IGNORE';
const MISSING = 'key; every record of the sample has it, so send it, with null if there is no value';
