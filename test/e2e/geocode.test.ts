import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type GeocodeAddressInput, GeocodeDocument } from '../generated/graphql.js';
import { type Sluice, startSluice } from '../support/sluice.js';

let sluice: Sluice;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-postal-codes-'));
  const file = join(folder, 'allCountries.txt');
  await writeFile(file, 'JP\t600-8216\tKyoto\tKyoto\t26\t\t\t\t\t34.9875\t135.7592\t4\n');
  sluice = await startSluice({ SLUICE_POSTAL_CODES: file });
});
afterAll(async () => {
  await sluice.close();
  await rm(folder, { recursive: true });
});

const geocode = async (address: GeocodeAddressInput) => (await sluice.query(GeocodeDocument, { address })).geocode;

describe('geocode', () => {
  it('gives the point and the place that was matched, and what else fits', async () => {
    const { place, reason, runnersUp, dataVersion } = await geocode({ city: 'Paris' });
    expect(place).toMatchObject({ name: 'Paris', region: 'Île-de-France', country: 'FR', precision: 'CITY' });
    expect(place?.lat).toBeCloseTo(48.86, 1);
    expect(place?.lon).toBeCloseTo(2.35, 1);
    expect(place?.population).toBeGreaterThan(2_000_000);
    expect(reason).toBeNull();
    expect(runnersUp).toHaveLength(10);
    expect(runnersUp).toContainEqual(expect.objectContaining({ name: 'Paris', region: 'Texas', country: 'US' }));
    expect(dataVersion).toMatch(/^GeoNames \d{4}-\d\d, postal codes \d{4}-\d\d-\d\d$/);
  });

  it('takes a region and a country as they are written, and marks a centre', async () => {
    expect((await geocode({ city: 'münchen', region: 'BY', country: 'Deutschland' })).place?.name).toBe('Munich');
    expect((await geocode({ region: 'Georgia' })).place).toMatchObject({ country: 'US', precision: 'REGION' });
    expect((await geocode({ country: 'Georgia' })).place).toMatchObject({ country: 'GE', precision: 'COUNTRY' });
  });

  it("uses the operator's postal codes", async () => {
    expect((await geocode({ postalCode: '6008216', country: 'Japan' })).place).toEqual({
      lat: 34.9875,
      lon: 135.7592,
      name: '6008216',
      region: null,
      country: 'JP',
      population: 0,
      precision: 'POSTAL_CODE',
    });
  });

  it('says that a postal code counted for nothing', async () => {
    expect(await geocode({ postalCode: '6008216', country: 'Japan' })).toMatchObject({ postalCodeIgnored: null });
    expect(await geocode({ postalCode: '10115', country: 'Germany' })).toMatchObject({
      place: { name: 'Germany', precision: 'COUNTRY' },
      postalCodeIgnored: 'UNKNOWN',
    });
  });

  it('says why an address has no place', async () => {
    expect(await geocode({ city: 'Paris', country: 'Japan' })).toMatchObject({ place: null, reason: 'CONTRADICTION' });
    expect(await geocode({ city: '' })).toMatchObject({ place: null, reason: 'NO_ADDRESS', runnersUp: [] });
  });

  it('refuses a part that is too long, with its place', async () => {
    const { errors } = await sluice.execute(GeocodeDocument, { address: { city: 'x'.repeat(1_001) } });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_REQUEST', field: 'address.city' });
  });
});
