/**
 * The file of places, `geodata/places.bin`, which `npm run geonames` writes: a line of JSON, the header, and then the sections one after another, compressed with brotli.
 * Places are numbered by population, the largest first; the numbers in other sections are theirs. Columns of several bytes are split into planes, all low bytes first.
 */
export interface PlacesHeader {
  readonly format: typeof FORMAT;
  /** The date of the newest data, such as `2026-07`. */
  readonly version: string;
  readonly places: number;
  readonly names: number;
  readonly postings: number;
  /** The length of each section in bytes. */
  readonly sections: Readonly<Record<Section, number>>;
}

/** To be raised when the sections or the form of names change, so that an old file is refused. */
export const FORMAT = 1;

/** Sections in their order. */
export const SECTIONS = [
  /** In ten-thousandths of a degree from the south pole and the antimeridian, three bytes each. */
  'latitudes',
  'longitudes',
  /** As variable-length integers. */
  'populations',
  /** One byte each, an index in `countries`. */
  'countriesOfPlaces',
  /** Two bytes each, an index in `regions` plus 1, or 0. */
  'regionsOfPlaces',
  'districtsOfPlaces',
  /** A line each. */
  'placeNames',
  /** Sorted: for each the number of bytes that it shares with the one before, its other bytes, and a line feed. */
  'names',
  /** For each name its places, the best first, as variable-length integers: the number times 2, plus 1 in the last one. */
  'postings',
  /** A line of JSON each: RegionEntry. */
  'regions',
  /** A line of JSON each: CountryEntry. */
  'countries',
] as const;
export type Section = (typeof SECTIONS)[number];

export interface RegionEntry {
  readonly name: string;
  /** An index in `countries`. */
  readonly country: number;
  /** The index of the first-level region that it is in; for a first-level region, its own. */
  readonly first: number;
  readonly population: number;
  /** The place nearest to where its people are on average. */
  readonly centre: number;
  /** In the form of `normalizeName`. */
  readonly names: readonly string[];
}

export interface CountryEntry {
  /** ISO 3166-1 alpha-2. */
  readonly code: string;
  readonly name: string;
  readonly population: number;
  readonly centre: number;
  readonly names: readonly string[];
  /** Names by which people give one of its regions as a country. */
  readonly parts: readonly { readonly region: number; readonly names: readonly string[] }[];
}

export const DEGREE = 10_000;
export const MAX_SHARED = 255;
export const LINE_FEED = 10;
