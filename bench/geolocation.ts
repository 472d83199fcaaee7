import { hardAddresses } from './geocoding.js';
import { median } from './measure.js';
import type { BenchClient } from './sluice-client.js';

const RECORDS_IN_A_PAYLOAD = 5_000;
const CLIENTS = 20;
const MAX_RATIO = 1.5;

/** Every address comes again after some hundred records, as in real data. */
const addresses = hardAddresses();
const records = Array.from({ length: RECORDS_IN_A_PAYLOAD }, (_, n) => {
  const { city = '', region = '', country = '' } = addresses[n % addresses.length] ?? {};
  return {
    number: n,
    customer: `customer ${n}`,
    email: `customer.${n}@example.com`,
    score: n * 1.25,
    city,
    region,
    country,
  };
});
const payload = Buffer.from(JSON.stringify(records));

const BY_ADDRESS = {
  geolocations: [{ name: 'place', address: { city: 'city', region: 'region', country: 'country' } }],
};

/** Loads of the same records with one geolocation by address and without, in alternating rounds; the ratio of their times. */
export async function compareGeolocation(sluice: BenchClient, rounds: number, payloads: number): Promise<void> {
  const seconds = { with: [] as number[], without: [] as number[] };
  const load = async (edit: object) => {
    const datasetId = await sluice.dataset(records[0] ?? {}, edit);
    const start = performance.now();
    await sluice.pushInto(datasetId, payloads, CLIENTS, () => payload);
    return (performance.now() - start) / 1_000;
  };
  // The first address loads the places.
  await load(BY_ADDRESS);
  for (let round = 0; round < rounds; round += 1) {
    seconds.without.push(await load({}));
    seconds.with.push(await load(BY_ADDRESS));
    console.error(`geolocation: round ${round + 1} of ${rounds}`);
  }
  const [own, other] = [median(seconds.with), median(seconds.without)];
  console.log(
    `load with a geolocation ${own.toFixed(1)} s, without ${other.toFixed(1)} s: ratio ${(own / other).toFixed(2)}, at most ${MAX_RATIO} is wanted`,
  );
}
