import { describe, expect, it } from '@jest/globals';
import { geocodeAddress } from './geocode-address.js';

const LIMIT = 1_000;

/** A geocoder that counts how often its data is loaded, and finds nothing. */
function countedGeocoder() {
  const counted = { loads: 0 };
  const loaded = {
    dataVersion: 'none',
    hasPostalCodes: false,
    shared: {},
    locate: () => ({ place: null, reason: 'UNKNOWN_CITY' as const }),
    candidates: () => [],
  };
  const load = async () => {
    counted.loads += 1;
    return loaded;
  };
  return { counted, geocode: geocodeAddress({ geocoder: { load } }) };
}

describe('trying an address', () => {
  it('loads the places when it is asked', async () => {
    const { counted, geocode } = countedGeocoder();
    expect(counted.loads).toBe(0);
    await expect(geocode({ city: 'x' })).resolves.toEqual({
      place: null,
      reason: 'UNKNOWN_CITY',
      postalCodeIgnored: null,
      runnersUp: [],
      dataVersion: 'none',
    });
    expect(counted.loads).toBe(1);
  });

  it('says that a postal code counts for nothing without a file of them', async () => {
    const { geocode } = countedGeocoder();
    await expect(geocode({ postalCode: '1' })).resolves.toMatchObject({ postalCodeIgnored: 'NO_FILE' });
    await expect(geocode({ postalCode: ' ' })).resolves.toMatchObject({ postalCodeIgnored: null });
  });

  it('takes a part of the greatest length, and refuses a longer one', async () => {
    const { geocode } = countedGeocoder();
    await expect(geocode({ region: 'x'.repeat(LIMIT) })).resolves.toMatchObject({ place: null });
    await expect(geocode({ region: 'x'.repeat(LIMIT + 1) })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });
});
