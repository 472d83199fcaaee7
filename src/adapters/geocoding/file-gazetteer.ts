import type { Place } from '../../domain/geolocation/address.js';
import type { Gazetteer, NamedCountry } from '../../domain/geolocation/gazetteer.js';
import { postalCodeForms } from '../../domain/geolocation/postal-code.js';
import type { ByteTable } from './byte-table.js';
import { type CountryEntry, DEGREE, type RegionEntry } from './places-file.js';
import type { PostalCodes } from './postal-codes.js';
import { asBuffer } from './shared-memory.js';

/** What is known of each city, by its number. */
export interface GazetteerColumns {
  readonly latitudes: Uint32Array;
  readonly longitudes: Uint32Array;
  readonly populations: Uint32Array;
  readonly countries: Uint8Array;
  /** The index of the region plus 1, or 0. */
  readonly regions: Uint16Array;
  readonly districts: Uint16Array;
  readonly placeNames: Uint8Array;
  readonly nameStarts: Uint32Array;
}

/** The cities of each name: from `starts[n]` to `starts[n + 1]` in `cities`. */
export interface NameIndex {
  readonly names: ByteTable;
  readonly cities: Uint32Array;
  readonly starts: Uint32Array;
}

/** The regions, and the numbers of those of each name, the most populous first. */
export interface RegionIndex {
  readonly entries: readonly Omit<RegionEntry, 'names'>[];
  readonly names: ReadonlyMap<string, readonly number[]>;
}

export interface CountryIndex {
  readonly entries: readonly Omit<CountryEntry, 'names' | 'parts'>[];
  readonly names: ReadonlyMap<string, readonly NamedCountry[]>;
}

/** The places of the file, in arrays of numbers. */
export class FileGazetteer implements Gazetteer {
  private readonly placeNames: Buffer;

  constructor(
    readonly version: string,
    private readonly columns: GazetteerColumns,
    private readonly index: NameIndex,
    private readonly regions: RegionIndex,
    private readonly countries: CountryIndex,
    private readonly postalCodes: PostalCodes | null = null,
  ) {
    this.placeNames = asBuffer(columns.placeNames);
  }

  withPostalCodes(postalCodes: PostalCodes): FileGazetteer {
    return new FileGazetteer(this.version, this.columns, this.index, this.regions, this.countries, postalCodes);
  }

  get cityCount(): number {
    return this.columns.populations.length;
  }

  citiesNamed(name: string): ArrayLike<number> {
    const found = this.index.names.find(name);
    if (found < 0) return NOTHING;
    return this.index.cities.subarray(this.index.starts[found], this.index.starts[found + 1]);
  }

  regionsNamed(name: string): ArrayLike<number> {
    return this.regions.names.get(name) ?? NOTHING;
  }

  countriesNamed(name: string): readonly NamedCountry[] {
    return this.countries.names.get(name) ?? NOTHING;
  }

  countryOfCity(city: number): number {
    return this.columns.countries[city] ?? 0;
  }

  countryOfRegion(region: number): number {
    return this.regions.entries[region]?.country ?? 0;
  }

  isIn(city: number, region: number): boolean {
    return this.columns.regions[city] === region + 1 || this.columns.districts[city] === region + 1;
  }

  city(city: number): Place {
    const { nameStarts, regions, populations } = this.columns;
    const name = this.placeNames.toString('utf8', nameStarts[city], (nameStarts[city + 1] ?? 0) - 1);
    const region = this.regions.entries[(regions[city] ?? 0) - 1]?.name ?? null;
    const country = this.countries.entries[this.countryOfCity(city)]?.code ?? '';
    return { ...this.pointOf(city), name, region, country, population: populations[city] ?? 0, precision: 'CITY' };
  }

  region(region: number): Place {
    const entry = this.regions.entries[region];
    if (!entry) throw new RangeError(`there is no region ${region}`);
    const { name, centre, population, first } = entry;
    const country = this.countries.entries[entry.country]?.code ?? '';
    const parent = this.regions.entries[first]?.name ?? null;
    return { ...this.pointOf(centre), name, region: parent, country, population, precision: 'REGION' };
  }

  country(country: number): Place {
    const entry = this.countries.entries[country];
    if (!entry) throw new RangeError(`there is no country ${country}`);
    const { code, name, population, centre } = entry;
    return { ...this.pointOf(centre), name, region: null, country: code, population, precision: 'COUNTRY' };
  }

  postalCode(country: number, text: string): Place | null {
    const code = this.countries.entries[country]?.code;
    if (this.postalCodes === null || code === undefined) return null;
    for (const name of postalCodeForms(text, code)) {
      const point = this.postalCodes.find(code, name);
      if (point) return { ...point, name, region: null, country: code, population: 0, precision: 'POSTAL_CODE' };
    }
    return null;
  }

  private pointOf(city: number): Pick<Place, 'lat' | 'lon'> {
    const { latitudes, longitudes } = this.columns;
    return { lat: degrees(latitudes[city] ?? 0, 90), lon: degrees(longitudes[city] ?? 0, 180) };
  }
}

const NOTHING: readonly never[] = [];

/** Rounded again, since the sum of two decimals may be off in its last digits. */
const degrees = (steps: number, offset: number) => Math.round(steps - offset * DEGREE) / DEGREE;
