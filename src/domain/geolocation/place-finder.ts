import type { Address, Located } from './address.js';

/** Finds the places of addresses at once, and always alike: what loads use of the offline geocoder. */
export interface PlaceFinder {
  locate(address: Address): Located;
}
