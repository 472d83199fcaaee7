import type { Place } from './address.js';

/** A name of a country, or of a part of one that people give as a country, such as Scotland. */
export interface NamedCountry {
  readonly country: number;
  /** Null for a whole country. */
  readonly region: number | null;
}

/** The places of the world, by number. Names are in the form of `normalizeName`. Nothing here allocates more than what it returns. */
export interface Gazetteer {
  /** The cities of this name, the best first: by population, where names other than the main one count less. */
  citiesNamed(name: string): ArrayLike<number>;
  /** First-level and second-level divisions of this name or code, the most populous first. */
  regionsNamed(name: string): ArrayLike<number>;
  /** Usually one. */
  countriesNamed(name: string): readonly NamedCountry[];
  countryOfCity(city: number): number;
  countryOfRegion(region: number): number;
  /** Whether the city is in the region; both levels count. */
  isIn(city: number, region: number): boolean;
  city(city: number): Place;
  region(region: number): Place;
  country(country: number): Place;
  /** Null if no postal codes are loaded, or if this one is unknown. */
  postalCode(country: number, code: string): Place | null;
}
