import type { Address, Located } from './address.js';

/** Finds the places of addresses at once, and always alike: what loads use of the offline geocoder. */
export interface PlaceFinder {
  /** The best place for an address, or why there is none. */
  locate(address: Address): Located;
  /** Shared memory, of which another thread can make the same finder. */
  readonly shared: object;
}
