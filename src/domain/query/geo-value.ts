import { SluiceError } from '../errors.js';
import { geoPoint } from '../geo-point.js';
import { isNumber, numericOf } from '../json/exact-number.js';
import { isJsonObject, type JsonValue } from '../json/json-value.js';
import { briefJson } from '../json/stringify-json.js';
import { type GeoBox, type GeoCircle, HALF_CIRCUMFERENCE_METERS } from './geo-areas.js';

/** Half around Earth, in whole meters. */
const MAX_METERS = 20_015_115;

/** What a number of an area may be. */
interface Limits {
  readonly least: number;
  readonly most: number;
}

const LATITUDE: Limits = { least: -90, most: 90 };
const LONGITUDE: Limits = { least: -180, most: 180 };

/** Reads the value of WITHIN_DISTANCE, `{lat, lon, meters}`. Throws BAD_REQUEST, naming `field` or the key in it, what was given and what was expected. */
export function parseCircle(value: JsonValue, field: string): GeoCircle {
  const limits = { lat: LATITUDE, lon: LONGITUDE, meters: { least: 0, most: MAX_METERS } };
  const { lat, lon, meters } = numbersOf(value, limits, field);
  return { center: geoPoint(lat, lon), meters: Math.min(meters, HALF_CIRCUMFERENCE_METERS) };
}

/** Reads the value of WITHIN_BOX, `{north, south, east, west}`, in the same way. */
export function parseBox(value: JsonValue, field: string): GeoBox {
  const limits = { north: LATITUDE, south: LATITUDE, east: LONGITUDE, west: LONGITUDE };
  const box = numbersOf(value, limits, field);
  if (box.north < box.south) {
    const expected = `a latitude from south, which is ${box.south}, to 90`;
    throw fault(`${field}.north`, briefJson(box.north), expected);
  }
  return box;
}

/** Reads an object that has exactly these keys, with numbers within their limits. */
function numbersOf<K extends string>(
  value: JsonValue,
  limits: Readonly<Record<K, Limits>>,
  field: string,
): Readonly<Record<K, number>> {
  const keys = Object.keys(limits) as K[];
  const expected = `an object with the keys ${keys.join(', ')}`;
  if (!isJsonObject(value)) throw fault(field, briefJson(value), expected);
  const unknown = Object.keys(value).find((key) => !Object.hasOwn(limits, key));
  if (unknown !== undefined) throw fault(field, `an object with the unknown key ${briefJson(unknown)}`, expected);
  const missing = keys.find((key) => !Object.hasOwn(value, key));
  if (missing !== undefined) throw fault(field, `an object without the key ${missing}`, expected);
  return Object.fromEntries(
    keys.map((key) => [key, numberIn(value[key] ?? null, limits[key], `${field}.${key}`)]),
  ) as Record<K, number>;
}

function numberIn(value: JsonValue, { least, most }: Limits, field: string): number {
  const number = isNumber(value) ? numericOf(value) : null;
  if (number === null || number < least || number > most)
    throw fault(field, briefJson(value), `a number from ${least} to ${most}`);
  return number;
}

function fault(field: string, actual: string, expected: string): SluiceError {
  return new SluiceError('BAD_REQUEST', `${field} is ${actual}; give ${expected}`, { field, expected, actual });
}
