import { describe, expect, it } from '@jest/globals';
import { type Shaping, shaped, shapedDesign, shapingFaults } from '../../../../test/support/shaped-records.js';
import type { JsonObject } from '../../json/json-value.js';

const SAMPLE = { lat: 1.5, lon: 1.5, city: 'x', region: 'x', country: 'x', zip: 1, tags: ['x'] };
const NOWHERE: JsonObject = { lat: null, lon: null, city: null, region: null, country: null, zip: null, tags: null };

const coordinates = (rest: Partial<Shaping> = {}): Shaping => ({
  id: 'where',
  output: { create: 'where' },
  ...rest,
  step: { kind: 'locateCoordinates', settings: { latitude: 'lat', longitude: 'lon' } },
});

/** Where a geolocation places a record, or the message of its refusal. */
function placed(shaping: Shaping, record: JsonObject): unknown {
  const [previewed] = shaped(SAMPLE, [shaping], [{ ...NOWHERE, ...record }]);
  return previewed?.errors[0]?.message ?? previewed?.rows[0]?.where;
}

describe('a geolocation by coordinates', () => {
  it.each<[JsonObject, unknown]>([
    [
      { lat: 50.45, lon: 30.52 },
      { lat: 50.45, lon: 30.52 },
    ],
    [
      { lat: 0, lon: 180 },
      { lat: 0, lon: -180 },
    ],
    [
      { lat: 90, lon: 12 },
      { lat: 90, lon: 0 },
    ],
    [{ lat: null, lon: 1 }, null],
    [{ lat: 1, lon: null }, null],
    [{ lat: 90.1, lon: 1 }, 'geolocation "where": the latitude is 90.1; it must be from -90 to 90'],
    [{ lat: 1, lon: -180.5 }, 'geolocation "where": the longitude is -180.5; it must be from -180 to 180'],
  ])('places %j', (record, expected) => {
    expect(placed(coordinates(), record)).toEqual(expected);
  });

  it('treats coordinates that are out of range as its error treatment says', () => {
    const record = { lat: 91, lon: 0 };
    expect(placed(coordinates({ onError: 'IGNORE' }), record)).toBeNull();
    const replaceWith = { lat: 1, lon: 2 };
    expect(placed(coordinates({ onError: 'REPLACE_VALUE', replaceWith }), record)).toEqual(replaceWith);
  });

  it.each<[string, Shaping, string]>([
    [
      'a point that is out of range',
      coordinates({ onError: 'REPLACE_VALUE', replaceWith: { lat: 91, lon: 2 } }),
      'give a GEO_POINT value',
    ],
    [
      'a text column',
      { ...coordinates(), step: { kind: 'locateCoordinates', settings: { latitude: 'city', longitude: 'lon' } } },
      'latitude is "city": the column is TEXT',
    ],
    [
      'an address without columns',
      { ...coordinates(), step: { kind: 'locateAddress', settings: {} } },
      'address has no column',
    ],
    [
      'an array',
      { ...coordinates(), step: { kind: 'locateAddress', settings: { city: 'tags' } } },
      'city is "tags": the column is TEXT_ARRAY',
    ],
  ])('refuses %s', (_, shaping, fault) => {
    expect(shapingFaults(SAMPLE, [shaping])).toEqual([expect.stringContaining(fault)]);
  });

  it('creates a column of points, which cannot identify, restrict or be linked', () => {
    const { columns } = shapedDesign(SAMPLE, [coordinates()]);
    expect(columns.at(-1)).toMatchObject({ id: 'where', type: 'GEO_POINT', origin: 'GEOLOCATION', enabled: true });
    const patched = (patch: object) => () => shapedDesign(SAMPLE, [coordinates()], [{ id: 'where', ...patch }]);
    expect(patched({ uniqueIdentifier: true })).toThrow('uniqueIdentifier of column "where"');
    expect(patched({ securityName: 'place' })).toThrow('securityName of column "where"');
    expect(patched({ link: { url: 'https://example.com/{{where}}', title: null } })).toThrow('link of column "where"');
  });
});
