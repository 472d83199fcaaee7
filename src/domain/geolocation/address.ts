/** What is known of an address; every part may be missing or empty. */
export interface Address {
  readonly postalCode?: string | null;
  readonly city?: string | null;
  /** A state, province, county or the like: a name, an ISO 3166-2 code, or the part of that code after the country. */
  readonly region?: string | null;
  /** A name in one of many languages, or an ISO 3166-1 code of two or three letters. */
  readonly country?: string | null;
}

/** The parts of an address, in the order in which they are written in a line. */
export const ADDRESS_PARTS = ['city', 'region', 'postalCode', 'country'] as const satisfies readonly (keyof Address)[];

/** The given parts of an address in one line. */
export function addressLine(address: Address): string {
  return ADDRESS_PARTS.flatMap((part) => address[part] || []).join(', ');
}

/** What a point stands for: a populated place, a postal code, or the centre of a region or a country. */
export const PRECISIONS = ['CITY', 'POSTAL_CODE', 'REGION', 'COUNTRY'] as const;
export type Precision = (typeof PRECISIONS)[number];

/** A place that matches an address. */
export interface Place {
  /** In degrees. */
  readonly lat: number;
  readonly lon: number;
  /** Of the city, region or country; for a postal code, the code. */
  readonly name: string;
  /** The English name of the first-level division that it is in; null if the data does not say. */
  readonly region: string | null;
  /** ISO 3166-1 alpha-2, or XK for Kosovo. */
  readonly country: string;
  /** Of a region: of its places. 0 if unknown, and for a postal code. */
  readonly population: number;
  readonly precision: Precision;
}

/**
 * Why an address has no place. NO_ADDRESS: every part is empty. UNKNOWN_COUNTRY, UNKNOWN_REGION, UNKNOWN_CITY: the data does not have that name. UNKNOWN_POSTAL_CODE: only a postal
 * code was given, and it is unknown or its country is. AMBIGUOUS_CITY: the region is unknown, and there are several cities of that name. CONTRADICTION: each part is known, but
 * the city is not in the region or country, the region is not in the country, or the postal code is far from the city.
 */
export const UNPLACED_REASONS = [
  'NO_ADDRESS',
  'UNKNOWN_COUNTRY',
  'UNKNOWN_REGION',
  'UNKNOWN_CITY',
  'UNKNOWN_POSTAL_CODE',
  'AMBIGUOUS_CITY',
  'CONTRADICTION',
] as const;
export type UnplacedReason = (typeof UNPLACED_REASONS)[number];

/** Why the postal code of an address counts for nothing. NO_FILE: the service has no postal codes. UNKNOWN: they do not have this one, or its country is not certain. */
export const IGNORED_POSTAL_CODE_REASONS = ['NO_FILE', 'UNKNOWN'] as const;
export type IgnoredPostalCodeReason = (typeof IGNORED_POSTAL_CODE_REASONS)[number];

/** The best place for an address, or why there is none. */
export type Located =
  | { readonly place: Place; readonly reason: null }
  | { readonly place: null; readonly reason: UnplacedReason };
