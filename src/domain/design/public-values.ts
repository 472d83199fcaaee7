import { isGeoPoint } from '../geo-point.js';
import type { Column } from './column.js';
import type { StoredValue, StoredValues } from './stored-value.js';

/** A row's values as users see them: by column id, with null for missing values, dates as ISO 8601 in UTC, and points as `{lat, lon}`. */
export function publicValues(columns: readonly Column[], values: StoredValues): Record<string, unknown> {
  const shown: Record<string, unknown> = Object.create(null);
  for (const { id, storedKey, enabled } of columns) {
    if (enabled) shown[id] = publicValue(values[storedKey]);
  }
  return shown;
}

/** A value as users see it. */
export function publicValue(value: StoredValue | null | undefined): unknown {
  if (value instanceof Date) return value.toISOString();
  if (isGeoPoint(value)) return { lat: value.lat, lon: value.lon };
  return Array.isArray(value) ? value.map(publicValue) : (value ?? null);
}
