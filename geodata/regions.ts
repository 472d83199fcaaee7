import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { regionVariants } from '../src/domain/geolocation/name-variants.js';
import { normalizeName } from '../src/domain/geolocation/normalize-name.js';
import { readJson } from './fetch-sources.js';
import { groupBy } from './group-by.js';
import { OTHER_REGION_NAMES, REGIONS_OF_ISO_CODES } from './other-names.js';
import type { SourcePlace } from './read-places.js';

/** A division with at least one place. `code` is GeoNames': `US.CA`, `US.CA.037`. */
export interface SourceRegion {
  readonly code: string;
  readonly country: string;
  readonly level: 1 | 2;
  readonly name: string;
  /** In the form of `normalizeName`, and ISO codes in lower case without a hyphen. */
  readonly names: Set<string>;
  readonly places: SourcePlace[];
  population: number;
}

interface Division {
  readonly code: string;
  readonly name: string;
}

/** The divisions of the first and second level that have places, with their names and codes. */
export async function readRegions(
  folders: Record<'cities' | 'iso3166' | 'cldr', string>,
  places: readonly SourcePlace[],
): Promise<SourceRegion[]> {
  const regions = new Map<string, SourceRegion>();
  for (const level of [1, 2] as const) {
    for (const { code, name } of await readJson<Division[]>(folders.cities, `admin${level}.json`)) {
      const country = code.slice(0, 2);
      regions.set(code, { code, country, level, name, names: new Set(), places: [], population: 0 });
    }
  }
  for (const place of places) {
    const first = `${place.country}.${place.admin1}`;
    addPlace(regions.get(first), place);
    addPlace(regions.get(`${first}.${place.admin2}`), place);
  }
  const used = [...regions.values()].filter((region) => region.places.length > 0);
  for (const region of used) addNames(region);
  await addIsoNames(folders, used);
  for (const [code, names] of Object.entries(OTHER_REGION_NAMES)) {
    const region = regions.get(code);
    if (!region) throw new Error(`there is no region ${code}; correct other-names.ts`);
    for (const name of names) region.names.add(normalizeName(name));
  }
  return used;
}

/** Sections of places are counted with their place. */
function addPlace(region: SourceRegion | undefined, place: SourcePlace): void {
  if (!region) return;
  region.places.push(place);
  if (place.feature !== 'PPLX') region.population += place.population;
}

/** Its name with and without words such as "province", and the other names of the city that it is called after. */
function addNames(region: SourceRegion): void {
  addForms(region, region.name);
  const [largest] = region.places
    .filter((place) => region.names.has(normalizeName(place.name)))
    .sort((a, b) => b.population - a.population);
  for (const name of largest?.alternates ?? []) {
    if (/[^ -~]/.test(name) || /^[A-Z].{3,}/.test(name)) region.names.add(normalizeName(name));
  }
}

function addForms(region: SourceRegion, text: string): void {
  for (const form of [text, ...regionVariants(text), ...text.split(/\s*[/[\]]\s*/)]) {
    const name = normalizeName(form);
    if (name !== '') region.names.add(name);
  }
}

interface IsoDivision extends Division {
  readonly parent: string;
}

/** Finds the region of each ISO 3166-2 code by its local and its English name, and gives it both, and the code with and without the country. */
async function addIsoNames(
  folders: Record<'iso3166' | 'cldr', string>,
  regions: readonly SourceRegion[],
): Promise<void> {
  const { iso31662 } = (await import(pathToFileURL(join(folders.iso3166, '2.js')).href)) as { iso31662: IsoDivision[] };
  const english = await englishNames(folders.cldr);
  const byCountry = groupBy(regions, ({ country }) => country);
  const missing: string[] = [];
  for (const { code, name } of iso31662) {
    const [country = '', part = ''] = code.split('-');
    const names = [...new Set([name, english.get(code.replace('-', '').toLowerCase()) ?? name])];
    const own = byCountry.get(country) ?? [];
    const stated = REGIONS_OF_ISO_CODES[code];
    const region =
      own.find((each) => each.code === stated) ?? regionOf(own, names) ?? own.find((each) => hasIsoCode(each, part));
    if (!region) {
      missing.push(code);
      continue;
    }
    for (const form of names) addForms(region, form);
    region.names.add(`${country}${part}`.toLowerCase());
    region.names.add(part.toLowerCase());
  }
  console.log(`${missing.length} of ${iso31662.length} ISO 3166-2 codes have no region: ${missing.join(' ')}`);
}

/** Countries in which GeoNames takes the codes of the level from ISO 3166-2. */
const ISO_LEVEL: Readonly<Record<string, number>> = { BE: 1, CH: 1, US: 1, ES: 2, FR: 2, IT: 2 };

function hasIsoCode({ code, country, level }: SourceRegion, part: string): boolean {
  return ISO_LEVEL[country] === level && code.split('.').at(-1) === part;
}

/** Names of the first level count before the second, and equal ones before those that differ in two letters at most. */
function regionOf(regions: readonly SourceRegion[], names: readonly string[]): SourceRegion | undefined {
  const forms = names.flatMap((name) => [name, ...regionVariants(name)]).map(normalizeName);
  for (const level of [1, 2]) {
    const found = regions.find((region) => region.level === level && forms.some((form) => region.names.has(form)));
    if (found) return found;
  }
  const near = regions.filter(
    ({ level, names: own }) =>
      level === 1 && forms.some((form) => form.length > 5 && [...own].some((name) => isNear(name, form))),
  );
  return near.length === 1 ? near[0] : undefined;
}

/** Whether at most two letters must be changed, added or removed. */
function isNear(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 2) return false;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return (row[b.length] ?? 3) <= 2;
}

/** The English name of each ISO 3166-2 code, written as `usca`. */
async function englishNames(folder: string): Promise<Map<string, string>> {
  const files = await readdir(join(folder, 'subdivisions/en'));
  const contents = await Promise.all(files.map((file) => readJson<EnglishFile>(folder, 'subdivisions/en', file)));
  return new Map(contents.flatMap(({ subdivisions }) => Object.entries(subdivisions.localeDisplayNames.subdivisions)));
}

interface EnglishFile {
  readonly subdivisions: { readonly localeDisplayNames: { readonly subdivisions: Record<string, string> } };
}
