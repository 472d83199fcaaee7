import type { GeoPoint } from '../geo-point.js';

export type StoredScalar = string | number | boolean | Date;
/** A null value is absent from the row; only arrays contain null. */
export type StoredValue = StoredScalar | readonly (StoredScalar | null)[] | GeoPoint;

/** A row's values by stored key. A missing value is absent or undefined. Texts are complete. */
export type StoredValues = Readonly<Record<string, StoredValue | undefined>>;
