import { describe, expect, it } from '@jest/globals';
import { within } from '../../../test/support/within.js';
import type { Address, Place } from './address.js';
import type { Gazetteer } from './gazetteer.js';
import { candidates, locate } from './locate.js';
import { normalizeName } from './normalize-name.js';

const COUNTRIES = ['US', 'GE', 'GB', 'CG', 'CD'];
const REGIONS = [
  { name: 'Georgia', names: ['Georgia', 'GA', 'US-GA'], country: 0 },
  { name: 'Texas', names: ['Texas', 'TX'], country: 0 },
  { name: 'Scotland', names: ['Scotland', 'SCT'], country: 2 },
  { name: 'Imereti', names: ['Imereti'], country: 1 },
];
/** The best first among those of the same name, as the file has them. */
const CITIES = [
  { names: ['Paris'], country: 0, region: 1, lat: 33.66, lon: -95.56 },
  { names: ['Paris'], country: 0, region: 0, lat: 33, lon: -84 },
  { names: ['Atlanta', 'Hotlanta'], country: 0, region: 0, lat: 33.75, lon: -84.39 },
  { names: ['Kutaisi'], country: 1, region: 3, lat: 42.27, lon: 42.69 },
  { names: ['Perth'], country: 2, region: 2, lat: 56.4, lon: -3.43 },
  { names: ['Twin'], country: 2, region: 2, lat: 57, lon: -4 },
  { names: ['Twin'], country: 2, region: -1, lat: 57.1, lon: -4 },
  { names: ['Kinshasa'], country: 4, region: -1, lat: -4.32, lon: 15.31 },
];
const COUNTRY_NAMES: Readonly<Record<string, readonly { country: number; region: number | null }[]>> = {
  usa: [{ country: 0, region: null }],
  georgia: [{ country: 1, region: null }],
  uk: [{ country: 2, region: null }],
  scotland: [{ country: 2, region: 2 }],
  congo: [
    { country: 3, region: null },
    { country: 4, region: null },
  ],
};

function placeOf(country: number, name: string, precision: Place['precision'], point = { lat: 0, lon: 0 }): Place {
  return { ...point, name, region: null, country: COUNTRIES[country] ?? '', population: 1, precision };
}

function numbersOf(items: readonly { readonly names: readonly string[] }[], name: string): number[] {
  return items.flatMap(({ names }, index) => (names.some((own) => normalizeName(own) === name) ? [index] : []));
}

const gazetteer: Gazetteer = {
  citiesNamed: (name) => numbersOf(CITIES, name),
  regionsNamed: (name) => numbersOf(REGIONS, name),
  countriesNamed: (name) => COUNTRY_NAMES[name] ?? [],
  countryOfCity: (city) => CITIES[city]?.country ?? -1,
  countryOfRegion: (region) => REGIONS[region]?.country ?? -1,
  isIn: (city, region) => CITIES[city]?.region === region,
  city: (city) => {
    const { names, country, lat, lon } = CITIES[city] ?? { names: [], country: 0, lat: 0, lon: 0 };
    return placeOf(country, `${names[0]} ${city}`, 'CITY', { lat, lon });
  },
  region: (region) => placeOf(REGIONS[region]?.country ?? 0, REGIONS[region]?.name ?? '', 'REGION'),
  country: (country) => placeOf(country, COUNTRIES[country] ?? '', 'COUNTRY'),
  postalCode: () => null,
};

describe('locate', () => {
  it.each([`Paris (${'x'.repeat(400)})`, `Paris${' '.repeat(100_000)}city`, `the${'-'.repeat(100_000)}of`])(
    'takes no time for texts that are too long for a name',
    (text) => {
      within(1_000, () => {
        expect(locate(gazetteer, { city: text, country: 'USA' })).toEqual({ place: null, reason: 'UNKNOWN_CITY' });
        expect(locate(gazetteer, { region: text })).toEqual({ place: null, reason: 'UNKNOWN_REGION' });
        expect(locate(gazetteer, { country: text })).toEqual({ place: null, reason: 'UNKNOWN_COUNTRY' });
      });
    },
  );

  it.each<[Address, string]>([
    [{ city: 'paris' }, 'Paris 0'],
    [{ city: 'Paris', region: 'GA' }, 'Paris 1'],
    [{ city: 'Paris', region: 'State of Georgia', country: 'USA' }, 'Paris 1'],
    [{ city: 'Paris, Georgia' }, 'Paris 1'],
    [{ city: 'Paris, GA, USA' }, 'Paris 1'],
    [{ city: 'Paris, GA', country: 'USA' }, 'Paris 1'],
    [{ city: 'Kutaisi, Georgia' }, 'Kutaisi 3'],
    [{ city: 'Kutaisi', country: 'Georgia' }, 'Kutaisi 3'],
    [{ city: 'City of Atlanta (Fulton)' }, 'Atlanta 2'],
    [{ city: ' HOTLANTA ', region: '', country: null }, 'Atlanta 2'],
    [{ city: 'Perth', country: 'Scotland' }, 'Perth 4'],
    [{ city: 'Perth', region: 'Perthshire', country: 'UK' }, 'Perth 4'],
    [{ city: 'Perth', region: 'UK' }, 'Perth 4'],
    [{ city: 'Twin', region: 'Nowhere' }, 'Twin 5'],
    [{ city: 'Kinshasa', country: 'Congo' }, 'Kinshasa 7'],
    [{ region: 'Georgia' }, 'Georgia'],
    [{ country: 'Georgia' }, 'GE'],
    [{ country: 'The Congo' }, 'CG'],
    [{ country: 'Scotland' }, 'Scotland'],
    [{ postalCode: '1', country: 'USA' }, 'US'],
  ])('places %j at %s', (address, name) => {
    expect(locate(gazetteer, address)).toMatchObject({ place: { name }, reason: null });
  });

  it.each<[Address, string]>([
    [{}, 'NO_ADDRESS'],
    [{ city: ' ', region: '' }, 'NO_ADDRESS'],
    [{ city: 'Paris', country: 'Atlantis' }, 'UNKNOWN_COUNTRY'],
    [{ city: 'Atlantis', region: 'Georgia' }, 'UNKNOWN_CITY'],
    [{ city: 'Paris', region: 'Illinois' }, 'AMBIGUOUS_CITY'],
    [{ region: 'Illinois', country: 'USA' }, 'UNKNOWN_REGION'],
    [{ city: 'Kutaisi', region: 'Georgia' }, 'CONTRADICTION'],
    [{ city: 'Atlanta', country: 'Georgia' }, 'CONTRADICTION'],
    [{ city: 'Atlanta', region: 'Texas' }, 'CONTRADICTION'],
    [{ region: 'Texas', country: 'Georgia' }, 'CONTRADICTION'],
    [{ city: 'Perth', region: 'USA', country: 'UK' }, 'CONTRADICTION'],
    [{ city: 'Paris, Georgia', country: 'UK' }, 'UNKNOWN_CITY'],
    [{ city: '!!!' }, 'UNKNOWN_CITY'],
    [{ postalCode: '1' }, 'UNKNOWN_POSTAL_CODE'],
  ])('gives %j no place: %s', (address, reason) => {
    expect(locate(gazetteer, address)).toEqual({ place: null, reason });
  });

  it('gives the first of the candidates, which are as many as wanted', () => {
    expect(candidates(gazetteer, { city: 'Paris' }, 10).map(({ name }) => name)).toEqual(['Paris 0', 'Paris 1']);
    expect(candidates(gazetteer, { city: 'Paris' }, 1).map(({ name }) => name)).toEqual(['Paris 0']);
    expect(candidates(gazetteer, { country: 'Congo' }, 10).map(({ country }) => country)).toEqual(['CG', 'CD']);
    expect(candidates(gazetteer, { city: 'Atlantis' }, 10)).toEqual([]);
  });
});
