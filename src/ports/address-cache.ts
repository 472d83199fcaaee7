import type { GeoPoint } from '../domain/geo-point.js';

/** What a geocoder has answered lately, for all datasets and processes. */
export interface AddressCache {
  /** What is known; null for an address that is nowhere. Ids that are not known are left out. */
  read(ids: readonly string[]): Promise<ReadonlyMap<string, GeoPoint | null>>;
  /** Keeps answers: points for 30 days, null for one. */
  keep(answers: ReadonlyMap<string, GeoPoint | null>): Promise<void>;
}
