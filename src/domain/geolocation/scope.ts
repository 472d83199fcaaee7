import type { UnplacedReason } from './address.js';
import type { Gazetteer, NamedCountry } from './gazetteer.js';
import { isTooLong, regionVariants } from './name-variants.js';
import { normalizeName } from './normalize-name.js';

/** What the country and the region of an address allow. */
export interface Scope {
  /** Null: no country was given. */
  readonly countries: readonly NamedCountry[] | null;
  /** Null: no region was given, or it is unknown. */
  readonly regions: readonly number[] | null;
  /** The region was given, and the data does not have it. */
  readonly unknownRegion: boolean;
}

/**
 * Finds the country and the region of an address; an empty text counts as missing. A region that is only known as a country counts as the country. If the country is unknown, or if
 * the region is in none of the countries, the reason is returned.
 */
export function scopeOf(gazetteer: Gazetteer, region: string, country: string): Scope | UnplacedReason {
  const countries = country === '' ? null : countriesOf(gazetteer, country);
  if (countries?.length === 0) return 'UNKNOWN_COUNTRY';
  if (region === '') return { countries, regions: null, unknownRegion: false };
  const known = regionsOf(gazetteer, region);
  if (known.length === 0) return withoutRegion(gazetteer, region, countries);
  const regions = Array.from(known).filter((each) => fits(countries, gazetteer.countryOfRegion(each)));
  return regions.length === 0 ? 'CONTRADICTION' : { countries, regions, unknownRegion: false };
}

/** Whether a city is within what the scope allows. */
export function allows(gazetteer: Gazetteer, { countries, regions }: Scope, city: number): boolean {
  if (countries !== null) {
    const own = gazetteer.countryOfCity(city);
    if (!countries.some(({ country, region }) => country === own && (region === null || gazetteer.isIn(city, region))))
      return false;
  }
  return regions?.some((region) => gazetteer.isIn(city, region)) ?? true;
}

function withoutRegion(
  gazetteer: Gazetteer,
  region: string,
  countries: readonly NamedCountry[] | null,
): Scope | UnplacedReason {
  const named = countriesOf(gazetteer, region);
  if (named.length === 0) return { countries, regions: null, unknownRegion: true };
  const both = named.filter(({ country }) => fits(countries, country));
  return both.length === 0 ? 'CONTRADICTION' : { countries: both, regions: null, unknownRegion: false };
}

function fits(countries: readonly NamedCountry[] | null, country: number): boolean {
  return countries?.some((named) => named.country === country) ?? true;
}

function countriesOf(gazetteer: Gazetteer, text: string): readonly NamedCountry[] {
  if (isTooLong(text)) return [];
  const found = gazetteer.countriesNamed(normalizeName(text));
  if (found.length > 0) return found;
  const bare = text.replace(/\s*\(.*$/, '').replace(/^the\s+/i, '');
  return bare === text ? found : gazetteer.countriesNamed(normalizeName(bare));
}

function regionsOf(gazetteer: Gazetteer, text: string): ArrayLike<number> {
  if (isTooLong(text)) return [];
  const found = gazetteer.regionsNamed(normalizeName(text));
  if (found.length > 0) return ofCode(gazetteer, text, found);
  for (const variant of regionVariants(text)) {
    const ofVariant = gazetteer.regionsNamed(normalizeName(variant));
    if (ofVariant.length > 0) return ofVariant;
  }
  return found;
}

/** If the text has the form of an ISO 3166-2 code, only regions of its country: `DE-BE` is Berlin, and not Debe in Trinidad. */
function ofCode(gazetteer: Gazetteer, text: string, found: ArrayLike<number>): ArrayLike<number> {
  const [, alpha2] = /^\s*([a-z]{2})-[a-z0-9]{1,3}\s*$/i.exec(text) ?? [];
  if (alpha2 === undefined) return found;
  const countries = gazetteer.countriesNamed(normalizeName(alpha2));
  const own = Array.from(found).filter((region) => fits(countries, gazetteer.countryOfRegion(region)));
  return own.length > 0 ? own : found;
}
