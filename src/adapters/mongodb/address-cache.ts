import { type GeoPoint, geoPoint } from '../../domain/geo-point.js';
import type { AddressCache } from '../../ports/address-cache.js';
import type { Clock } from '../../ports/clock.js';
import type { Collections } from './collections.js';

const DAY_MS = 86_400_000;
const POINT_MS = 30 * DAY_MS;
/** Shorter, because a place may be added to the data of a geocoder. */
const NOWHERE_MS = DAY_MS;
const IDS_AT_ONCE = 10_000;

/** The cache of answers on MongoDB, which removes what has expired. */
export function mongoAddressCache({ addresses }: Pick<Collections, 'addresses'>, clock: Clock): AddressCache {
  return {
    async read(ids) {
      const found = new Map<string, GeoPoint | null>();
      for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
        const some = ids.slice(start, start + IDS_AT_ONCE);
        const current = { _id: { $in: some }, expiresAt: { $gt: clock.now() } };
        for await (const { _id, at } of addresses.find(current)) found.set(_id, at && geoPoint(at[1], at[0]));
      }
      return found;
    },

    async keep(answers) {
      if (answers.size === 0) return;
      const now = clock.now().getTime();
      const writes = [...answers].map(([_id, point]) => ({
        replaceOne: {
          filter: { _id },
          replacement: {
            at: point && ([point.lon, point.lat] as const),
            expiresAt: new Date(now + (point ? POINT_MS : NOWHERE_MS)),
          },
          upsert: true,
        },
      }));
      await addresses.bulkWrite(writes, { ordered: false });
    },
  };
}
