import { checkedFields } from '../design/checked-fields.js';
import { type Column, isTaken } from '../design/column.js';
import { columnsById } from '../design/column-pointer.js';
import type { Design } from '../design/design.js';
import { withSensitivity } from '../design/sensitive-columns.js';
import { childrenByParent } from '../sample/children-by-parent.js';
import type { ColumnType, SourceField } from '../sample/source-field.js';
import type { CheckedField } from '../sample/value-check.js';
import { type PlainType, plainTypeOf } from './plain-value.js';

/** A column whose values are stored as a record spells them. */
export interface PlainColumn {
  readonly storedKey: string;
  /** The type of its values, or of the elements of its arrays. */
  readonly type: PlainType;
  readonly isArray: boolean;
}

/** A member of a record, or of an object in it. */
export interface PlainMember {
  /** Its key as JSON writes it, with quotes. */
  readonly key: Buffer;
  /** The index of its column; -1 for an object. */
  readonly column: number;
  /** The members of an object; empty for a value. */
  readonly members: readonly PlainMember[];
}

/**
 * Where the values of a design's columns stand in a *plain record*: a record with every key of the sample and no other, whose values become the values of its row without a conversion, so that rows can
 * be written from its bytes.
 */
export interface PlainLayout {
  readonly columns: readonly PlainColumn[];
  readonly members: readonly PlainMember[];
}

/**
 * The layout of plain records under a design, whatever its transformations make of their values; null if the design has unique identifiers, disabled columns, or columns whose values are converted or checked
 * in another way than by their type: then no record is plain.
 */
export function plainLayoutOf(
  { columns }: Pick<Design, 'columns'>,
  fields: readonly SourceField[],
): PlainLayout | null {
  const checked = checkedFields(withSensitivity(columns), fields);
  const compiler = new LayoutCompiler(columnsById(columns), childrenByParent(checked));
  const members = compiler.membersOf(null);
  return members && { columns: compiler.columns, members };
}

class LayoutCompiler {
  readonly columns: PlainColumn[] = [];

  constructor(
    private readonly byId: ReadonlyMap<string, Column>,
    private readonly children: ReadonlyMap<string | null, readonly CheckedField[]>,
  ) {}

  /** Null if one of the members can not be plain, or if there are none. */
  membersOf(parent: string | null): readonly PlainMember[] | null {
    const members: PlainMember[] = [];
    for (const field of this.children.get(parent) ?? []) {
      const member = this.#member(field);
      if (!member) return null;
      members.push(member);
    }
    return members.length > 0 ? members : null;
  }

  #member(field: CheckedField): PlainMember | null {
    const column = this.byId.get(field.path);
    if (!column || field.unchecked || column.undetermined) return null;
    const key = Buffer.from(JSON.stringify(field.key));
    if (field.type === 'OBJECT') {
      const members = this.membersOf(field.path);
      return members && { key, column: -1, members };
    }
    const type = plainTypeOf(field.type);
    if (type === null || !isPlain(column, field)) return null;
    const isArray = field.type.endsWith('_ARRAY');
    this.columns.push({ storedKey: column.storedKey, type, isArray });
    return { key, column: this.columns.length - 1, members: [] };
  }
}

function isPlain(column: Column, { type, textForm = 'STRING' }: { type: ColumnType; textForm?: string }): boolean {
  const { uniqueIdentifier, inputFormat, inputTimeZone, sourceType } = column;
  const isConverted = column.type !== type || sourceType !== type || inputFormat !== null || inputTimeZone !== null;
  return isTaken(column) && !uniqueIdentifier && !isConverted && textForm === 'STRING';
}
