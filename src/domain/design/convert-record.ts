import { ExactNumber, isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.js';
import { childrenByParent } from '../sample/children-by-parent.js';
import { parseDateTime } from '../sample/date-time.js';
import type { Column } from './design.js';
import type { StoredScalar, StoredValue, StoredValues } from './stored-value.js';

/** Takes what it wants of an object and puts it into the row. */
type Take = (object: JsonObject, row: Record<string, StoredValue>) => void;

/**
 * Compiles the way from a record that passed the structure check to the values of its row, by stored key. Nulls, missing keys and disabled columns
 * leave nothing.
 */
export function compileConversion(columns: readonly Column[]): (record: JsonObject) => StoredValues {
  const take = takeChildren(null, childrenByParent(columns));
  return (record) => {
    const row: Record<string, StoredValue> = {};
    take(record, row);
    return row;
  };
}

function takeChildren(parent: string | null, children: ReadonlyMap<string | null, readonly Column[]>): Take {
  const takes = (children.get(parent) ?? []).flatMap((column): Take[] => {
    if (column.type === 'OBJECT') return [takeObject(column.key, takeChildren(column.id, children))];
    return column.enabled ? [takeValue(column)] : [];
  });
  return (object, row) => {
    for (const take of takes) take(object, row);
  };
}

function takeObject(key: string, take: Take): Take {
  return (object, row) => {
    const value = member(object, key);
    if (isJsonObject(value)) take(value, row);
  };
}

function takeValue({ key, storedKey, type }: Column): Take {
  const convert = type.startsWith('DATETIME') ? toDate : type.startsWith('TEXT') ? toText : asItIs;
  return (object, row) => {
    const value = member(object, key);
    if (value === undefined || value === null) return;
    const stored = Array.isArray(value) ? value.map((one) => (one === null ? null : convert(one))) : convert(value);
    if (stored !== null) row[storedKey] = stored;
  };
}

/** An own key alone: a record without `constructor` must not give what every object inherits under that name. */
function member(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function toDate(value: JsonValue): StoredScalar | null {
  return typeof value === 'string' ? parseDateTime(value) : null;
}

function toText(value: JsonValue): StoredScalar | null {
  if (value instanceof ExactNumber) return value.literal;
  return typeof value === 'object' ? null : String(value);
}

function asItIs(value: JsonValue): StoredScalar | null {
  return typeof value === 'object' ? null : value;
}

/** A row's values as users see them: by column id, null where there is none, dates as ISO 8601 in UTC. */
export function publicValues(columns: readonly Column[], values: StoredValues): Record<string, unknown> {
  const shown: Record<string, unknown> = Object.create(null);
  for (const { id, storedKey, enabled } of columns) {
    if (enabled) shown[id] = publicValue(values[storedKey]);
  }
  return shown;
}

function publicValue(value: StoredValue | null | undefined): unknown {
  if (value instanceof Date) return value.toISOString();
  return Array.isArray(value) ? value.map(publicValue) : (value ?? null);
}
