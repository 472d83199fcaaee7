import { describe, expect, it } from '@jest/globals';
import { type Area, type Caller, FULL_ACCESS } from '../domain/security/caller.js';
import { geocodeAddress } from './geocode-address.js';

const LIMIT = 1_000;

function callerWhoSees(...areas: readonly Area[]): Caller {
  return { keyId: 'k', keyName: 'key', access: { ...FULL_ACCESS, sees: (area) => areas.includes(area) } };
}

/** A geocoder that counts how often its data is loaded, and finds nothing. */
function countedGeocoder() {
  const counted = { loads: 0 };
  const loaded = {
    dataVersion: 'none',
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
  it('needs a key that may read designs, and loads nothing without it', async () => {
    const { counted, geocode } = countedGeocoder();
    await expect(geocode({ city: 'x' }, callerWhoSees('DATASETS', 'JOBS'))).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(counted.loads).toBe(0);
    await expect(geocode({ city: 'x' }, callerWhoSees('DESIGNS'))).resolves.toEqual({
      place: null,
      reason: 'UNKNOWN_CITY',
      runnersUp: [],
      dataVersion: 'none',
    });
  });

  it('takes a part of the greatest length, and refuses a longer one', async () => {
    const { geocode } = countedGeocoder();
    const caller = callerWhoSees('DESIGNS');
    await expect(geocode({ region: 'x'.repeat(LIMIT) }, caller)).resolves.toMatchObject({ place: null });
    await expect(geocode({ region: 'x'.repeat(LIMIT + 1) }, caller)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });
});
