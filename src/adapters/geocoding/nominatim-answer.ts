import { type GeoPoint, geoPoint, isLatitude, isLongitude } from '../../domain/geo-point.js';
import { RequestFault } from '../bounded-get.js';

/** The point of the best place of an answer in the form of Nominatim's `json` and `jsonv2`; null if it found none. Throws RequestFault for anything else. */
export function pointOfAnswer(text: string): GeoPoint | null {
  const places = parsed(text);
  if (!Array.isArray(places)) throw unexpected();
  if (places.length === 0) return null;
  const [best] = places;
  if (typeof best !== 'object' || best === null) throw unexpected();
  const [lat, lon] = [degrees(best.lat), degrees(best.lon)];
  if (!isLatitude(lat) || !isLongitude(lon)) throw unexpected();
  return geoPoint(lat, lon);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unexpected();
  }
}

/** Nominatim writes coordinates as texts; programs write small ones as `-8e-05`. */
function degrees(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value) ? Number(value) : Number.NaN;
}

function unexpected(): RequestFault {
  return new RequestFault('its answer is not a JSON array of places with lat and lon', false);
}
