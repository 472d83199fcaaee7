import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readPlaces } from './load-gazetteer.js';
import { offlineGeocoder } from './offline-geocoder.js';

const KYOTO_STATION = 'JP\t600-8216\tKyoto\tKyoto\t26\t\t\t\t\t34.9875\t135.7592\t4\n';

async function inFolder(task: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-geocoder-'));
  try {
    await task(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('the offline geocoder', () => {
  it('loads its data once, however often and at whatever time it is asked', async () => {
    const geocoder = offlineGeocoder();
    const [one, other] = await Promise.all([geocoder.load(), geocoder.load()]);
    expect(other).toBe(one);
    expect(await geocoder.load()).toBe(one);
    expect(one.dataVersion).toBe('GeoNames 2026-07');
  });

  it('tries again after it could not load', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'allCountries.txt');
      const geocoder = offlineGeocoder(file);
      await expect(geocoder.load()).rejects.toThrow('SLUICE_POSTAL_CODES');
      await writeFile(file, KYOTO_STATION);
      const { locate } = await geocoder.load();
      expect(locate({ postalCode: '600-8216', country: 'JP' }).place).toMatchObject({ lat: 34.9875 });
    });
  });

  it('refuses a file of places in another format, and one that is cut', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'places.bin');
      await writeFile(file, '{"format":0}\n');
      await expect(readPlaces(new URL(`file://${file}`))).rejects.toThrow('has format 0, and 1 is needed');
      const whole = await readFile('geodata/places.bin');
      await writeFile(file, whole.subarray(0, whole.length / 2));
      await expect(readPlaces(new URL(`file://${file}`))).rejects.toThrow('unexpected end of file');
    });
  });
});
