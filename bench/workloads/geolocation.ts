import { hardAddresses } from '../geocoding.js';
import { timed } from '../measure.js';
import { bodyOf } from '../records.js';
import { alternate } from '../rounds.js';
import type { Workload } from '../workload.js';

const RECORDS_IN_A_BODY = 5_000;

const BY_ADDRESS = {
  geolocations: [{ name: 'place', address: { city: 'city', region: 'region', country: 'country' } }],
};

/** Loads of the same records with one geolocation by address, and without. */
export const geolocation: Workload = {
  name: 'geolocation',
  stores: ['mongodb'],
  quick: false,
  async run(bench) {
    const count = bench.size(10, 60);
    const { client } = bench.service;
    const records = recordsWithAddresses();
    const [body, end] = [bodyOf(records), bodyOf(records.slice(0, 1))];
    const load = async (edit: object) => {
      const datasetId = await client.dataset(records[0] ?? {}, edit);
      return timed(() => client.pushAll(datasetId, { count, body: () => body, end }));
    };
    // The first address loads the places.
    await load(BY_ADDRESS);
    const result = await alternate(bench, 'geolocation', 'ms', { raw: () => load({}), own: () => load(BY_ADDRESS) });
    return [result];
  },
};

/** Every address comes again after some hundred records, as in real data. */
function recordsWithAddresses() {
  const addresses = hardAddresses();
  return Array.from({ length: RECORDS_IN_A_BODY }, (_, n) => {
    const { city = '', region = '', country = '' } = addresses[n % addresses.length] ?? {};
    const customer = { customer: `customer ${n}`, email: `customer.${n}@example.com` };
    return { number: n, ...customer, score: n * 1.25, city, region, country };
  });
}
