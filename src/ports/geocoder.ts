import type { Address, Place } from '../domain/geolocation/address.js';
import type { PlaceFinder } from '../domain/geolocation/place-finder.js';

/** Finds places for addresses without the internet. It loads its data when it is first needed, once, and then answers at once. An online geocoder has another interface. */
export interface OfflineGeocoder {
  /** Loads the data unless it is loaded; every call gets the same result. If loading fails, the next call tries again. */
  load(): Promise<LoadedGeocoder>;
}

/** Synchronous, and pure: the same address gives the same place as long as the data is the same. */
export interface LoadedGeocoder extends PlaceFinder {
  /** Where the data comes from, with its date: `GeoNames 2026-07`. It changes whenever an address may get another place. */
  readonly dataVersion: string;
  /** Whether it has postal codes; without them, the postal code of an address counts for nothing. */
  readonly hasPostalCodes: boolean;
  /** The places that fit an address, the best first, at most `limit`. The first is the one that `locate` gives. */
  candidates(address: Address, limit: number): readonly Place[];
}
