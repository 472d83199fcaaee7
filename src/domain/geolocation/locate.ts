import { distanceInMeters } from '../query/geo-areas.js';
import type { Address, Located, Place, UnplacedReason } from './address.js';
import type { Gazetteer } from './gazetteer.js';
import { cityVariants, isTooLong } from './name-variants.js';
import { normalizeName } from './normalize-name.js';
import { allows, type Scope, scopeOf } from './scope.js';

/** How far a postal code may be from the city of its address. */
const POSTAL_CODE_METERS = 100_000;
/** Places of one name that are nearer to each other than this count as one place. */
const SAME_PLACE_METERS = 25_000;
/** How many cities of one name are compared with a postal code. */
const CITIES_NEAR_POSTAL_CODE = 100;

/** The place of an address: the first of `candidates`, or the reason why there is none. */
export function locate(gazetteer: Gazetteer, address: Address): Located {
  const found = placesOf(gazetteer, address, 1);
  if (typeof found === 'string') return { place: null, reason: found };
  const [place] = found;
  return place ? { place, reason: null } : { place: null, reason: 'CONTRADICTION' };
}

/**
 * The places that fit all given parts of an address, at most `limit`, the best first: the most populous city, where other names count less than the main one. Without a city, the
 * centre of the region, and without a region, of the country. A known postal code comes before all of them.
 */
export function candidates(gazetteer: Gazetteer, address: Address, limit: number): readonly Place[] {
  const found = placesOf(gazetteer, address, limit);
  return typeof found === 'string' ? [] : found;
}

/** The parts of an address; empty if missing. */
type Parts = Readonly<Record<keyof Address, string>>;

function placesOf(gazetteer: Gazetteer, address: Address, limit: number): readonly Place[] | UnplacedReason {
  const parts = partsOf(address);
  const { city, region, country, postalCode } = parts;
  if (city === '' && region === '' && country === '' && postalCode === '') return 'NO_ADDRESS';
  const scope = scopeOf(gazetteer, region, country);
  if (typeof scope === 'string') return scope;
  const cities = city === '' ? null : citiesOf(gazetteer, parts, scope, postalCode ? CITIES_NEAR_POSTAL_CODE : limit);
  if (postalCode !== '') {
    const place = postalPlace(gazetteer, postalCode, scope, cities);
    if (place !== null) return fitsCity(gazetteer, place, cities) ? [place] : 'CONTRADICTION';
  }
  if (cities !== null)
    return typeof cities === 'string' ? cities : placesAt(cities, limit, (each) => gazetteer.city(each));
  return withoutCity(gazetteer, scope, limit);
}

function withoutCity(gazetteer: Gazetteer, scope: Scope, limit: number): readonly Place[] | UnplacedReason {
  if (scope.unknownRegion) return 'UNKNOWN_REGION';
  if (scope.regions !== null) return placesAt(scope.regions, limit, (each) => gazetteer.region(each));
  if (scope.countries === null) return 'UNKNOWN_POSTAL_CODE';
  return placesAt(scope.countries, limit, ({ country, region }) => {
    return region === null ? gazetteer.country(country) : gazetteer.region(region);
  });
}

/** The cities of that name that fit, by number. If one text has more than the name of the city, as in `Portland, Oregon`, the other parts must fit too. */
function citiesOf(gazetteer: Gazetteer, parts: Parts, scope: Scope, limit: number): number[] | UnplacedReason {
  const found = citiesNamed(gazetteer, parts.city, scope, limit);
  if (typeof found !== 'string' || !parts.city.includes(',')) return found;
  for (const split of splitAtCommas(parts)) {
    const narrower = scopeOf(gazetteer, split.region, split.country);
    if (typeof narrower === 'string' || narrower.unknownRegion) continue;
    const ofSplit = citiesNamed(gazetteer, split.city, narrower, limit);
    if (typeof ofSplit !== 'string') return ofSplit;
  }
  return found;
}

function citiesNamed(gazetteer: Gazetteer, text: string, scope: Scope, limit: number): number[] | UnplacedReason {
  if (isTooLong(text)) return 'UNKNOWN_CITY';
  const found = fitting(gazetteer, text, scope, limit);
  if (found !== 'UNKNOWN_CITY') return found;
  let reason: UnplacedReason = found;
  for (const variant of cityVariants(text)) {
    const ofVariant = fitting(gazetteer, variant, scope, limit);
    if (typeof ofVariant !== 'string') return ofVariant;
    if (ofVariant !== 'UNKNOWN_CITY') reason = ofVariant;
  }
  return reason;
}

function fitting(gazetteer: Gazetteer, text: string, scope: Scope, limit: number): number[] | UnplacedReason {
  const named = gazetteer.citiesNamed(normalizeName(text));
  if (named.length === 0) return 'UNKNOWN_CITY';
  const wanted = scope.unknownRegion ? named.length : limit;
  const found: number[] = [];
  for (let index = 0; index < named.length && found.length < wanted; index += 1) {
    const city = named[index];
    if (city !== undefined && allows(gazetteer, scope, city)) found.push(city);
  }
  if (found.length === 0) return 'CONTRADICTION';
  return scope.unknownRegion && !areOnePlace(gazetteer, found) ? 'AMBIGUOUS_CITY' : found.slice(0, limit);
}

function areOnePlace(gazetteer: Gazetteer, [first, ...others]: readonly number[]): boolean {
  if (first === undefined) return false;
  const place = gazetteer.city(first);
  return others.every((other) => distanceInMeters(place, gazetteer.city(other)) < SAME_PLACE_METERS);
}

/** `A, B` may mean a region or a country, `A, B, C` both; what the address gives itself stands. */
function splitAtCommas({ city, region, country, postalCode }: Parts): Parts[] {
  const [first = '', second = '', third, ...others] = city.split(',').map((part) => part.trim());
  if (first === '' || others.length > 0) return [];
  const base = { city: first, region, country, postalCode };
  if (third !== undefined) return region === '' && country === '' ? [{ ...base, region: second, country: third }] : [];
  return [
    ...(region === '' ? [{ ...base, region: second }] : []),
    ...(country === '' ? [{ ...base, country: second }] : []),
  ];
}

/** Null if the postal code is unknown, or if the country is not certain: neither the one that was given, nor that of the region, nor that of the city. */
function postalPlace(
  gazetteer: Gazetteer,
  postalCode: string,
  { countries, regions }: Scope,
  cities: readonly number[] | UnplacedReason | null,
): Place | null {
  const ofCities = Array.isArray(cities) ? cities.slice(0, 1).map((city) => gazetteer.countryOfCity(city)) : [];
  const possible =
    countries?.map(({ country }) => country) ?? regions?.map((each) => gazetteer.countryOfRegion(each)) ?? ofCities;
  const [country, ...others] = new Set(possible);
  return country === undefined || others.length > 0 ? null : gazetteer.postalCode(country, postalCode);
}

/** A city that the data does not have says nothing about the postal code. */
function fitsCity(gazetteer: Gazetteer, place: Place, cities: readonly number[] | UnplacedReason | null): boolean {
  if (!Array.isArray(cities)) return cities !== 'CONTRADICTION';
  return cities.some((city) => distanceInMeters(place, gazetteer.city(city)) < POSTAL_CODE_METERS);
}

function partsOf({ city, region, country, postalCode }: Address): Parts {
  return { city: given(city), region: given(region), country: given(country), postalCode: given(postalCode) };
}

const given = (text: string | null | undefined) => text?.trim() ?? '';

function placesAt<T>(items: readonly T[], limit: number, placeAt: (item: T) => Place): Place[] {
  return items.slice(0, limit).map(placeAt);
}
