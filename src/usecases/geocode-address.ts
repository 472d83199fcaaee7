import { SluiceError } from '../domain/errors.js';
import type { Address, IgnoredPostalCodeReason, Place, UnplacedReason } from '../domain/geolocation/address.js';
import type { Deps } from './deps.js';

const MAX_RUNNERS_UP = 10;
const MAX_ADDRESS_PART = 1_000;

/** What an address gives. */
export interface Geocoded {
  /** Null if the address cannot be placed; then `reason` says why. */
  readonly place: Place | null;
  readonly reason: UnplacedReason | null;
  /** Why the postal code counted for nothing; null if there is none, if it counted, or if the address has no place for another reason. */
  readonly postalCodeIgnored: IgnoredPostalCodeReason | null;
  /** Other places that fit the address too, the best first. */
  readonly runnersUp: readonly Place[];
  readonly dataVersion: string;
}

/** Tries one address, as a geolocation would place it. Throws BAD_REQUEST for a part of more than 1,000 characters. */
export function geocodeAddress({ geocoder }: Pick<Deps, 'geocoder'>) {
  return async (address: Address): Promise<Geocoded> => {
    for (const [field, text] of Object.entries(address)) refuseLong(`address.${field}`, text);
    const { dataVersion, hasPostalCodes, locate, candidates } = await geocoder.load();
    const { place, reason } = locate(address);
    const runnersUp = place === null ? [] : candidates(address, MAX_RUNNERS_UP + 1).slice(1);
    const postalCodeIgnored = whyIgnored(address, place, hasPostalCodes);
    return { place, reason, postalCodeIgnored, runnersUp, dataVersion };
  };
}

/** Otherwise the centre of a country would look like the place of its postal code. */
function whyIgnored(
  { postalCode }: Address,
  place: Place | null,
  hasPostalCodes: boolean,
): IgnoredPostalCodeReason | null {
  if (!postalCode?.trim()) return null;
  if (!hasPostalCodes) return 'NO_FILE';
  return place !== null && place.precision !== 'POSTAL_CODE' ? 'UNKNOWN' : null;
}

function refuseLong(field: string, text: string | null | undefined): void {
  const length = text?.length ?? 0;
  if (length <= MAX_ADDRESS_PART) return;
  const expected = `at most ${MAX_ADDRESS_PART} characters`;
  const actual = `${length} characters`;
  const message = `${field} has ${actual}; a part of an address has ${expected}`;
  throw new SluiceError('BAD_REQUEST', message, { field, expected, actual });
}
