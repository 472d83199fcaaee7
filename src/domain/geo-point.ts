declare const made: unique symbol;

/**
 * A place on Earth, in degrees, in its only spelling: {@link geoPoint} makes it. Immutable. The longitude comes first, since MongoDB takes the first number of a pair for it.
 */
export interface GeoPoint {
  readonly lon: number;
  readonly lat: number;
  readonly [made]: true;
}

/**
 * Makes a point of a latitude from -90 to 90 and a longitude from -180 to 180. Equal places are equal points: the 180th meridian is -180, as in ISO 6709, each pole has the longitude 0,
 * and no coordinate is -0. Throws RangeError for other numbers.
 */
export function geoPoint(lat: number, lon: number): GeoPoint {
  if (!isLatitude(lat)) throw new RangeError(`the latitude ${lat} is not from -90 to 90`);
  if (!isLongitude(lon)) throw new RangeError(`the longitude ${lon} is not from -180 to 180`);
  const isPole = Math.abs(lat) === 90;
  // Adding 0 turns -0 into 0.
  const point = { lon: isPole ? 0 : (lon === 180 ? -180 : lon) + 0, lat: lat + 0 };
  return point as GeoPoint;
}

export function isLatitude(value: number): boolean {
  return value >= -90 && value <= 90;
}

export function isLongitude(value: number): boolean {
  return value >= -180 && value <= 180;
}

/** Whether a value of a row is a point. */
export function isGeoPoint(value: unknown): value is GeoPoint {
  return typeof value === 'object' && value !== null && 'lat' in value;
}
