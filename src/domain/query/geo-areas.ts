import { type GeoPoint, geoPoint } from '../geo-point.js';

/** Earth's mean radius: distances are on a sphere of it, as Elasticsearch computes them. */
export const EARTH_RADIUS_METERS = 6_371_008.7714;
/** No two places are farther apart. */
export const HALF_CIRCUMFERENCE_METERS = Math.PI * EARTH_RADIUS_METERS;
/** A degree in radians. */
export const RADIANS = Math.PI / 180;

/** The places that are at most `meters` from a point. */
export interface GeoCircle {
  readonly center: GeoPoint;
  /** From 0 to {@link HALF_CIRCUMFERENCE_METERS}. */
  readonly meters: number;
}

/**
 * The places between two latitudes and two longitudes, all included. If `west` is greater than `east`, the box crosses the 180th meridian. A pole is in every box that reaches its
 * latitude.
 */
export interface GeoBox {
  readonly north: number;
  readonly south: number;
  readonly east: number;
  readonly west: number;
}

/** A place in degrees, in any spelling. */
type Position = Pick<GeoPoint, 'lat' | 'lon'>;

/** The distance between two places, in degrees, by the haversine formula. */
export function distanceInMeters(one: Position, other: Position): number {
  const ofLat = Math.sin(((other.lat - one.lat) * RADIANS) / 2);
  const ofLon = Math.sin(((other.lon - one.lon) * RADIANS) / 2);
  const square = ofLat * ofLat + Math.cos(one.lat * RADIANS) * Math.cos(other.lat * RADIANS) * ofLon * ofLon;
  return 2 * EARTH_RADIUS_METERS * Math.asin(Math.min(1, Math.sqrt(square)));
}

/**
 * Farther from a circle than this, stores are right about which side of it a point is on: MongoDB takes a point for a cell of an S2 sphere and Elasticsearch rounds its numbers, both up to a
 * centimetre. Almost half around Earth, distances themselves are less exact, in every formula.
 */
export function rimOf({ meters }: GeoCircle): number {
  return meters > HALF_CIRCUMFERENCE_METERS - 1_000 ? 1 : 0.02;
}

/**
 * A box as plain ranges of the two numbers of a point: it has the points that are in one of them. Here no range crosses the 180th meridian, whose points have the longitude -180, and a
 * pole has a range of its own.
 */
export function rangesOfBox({ north, south, east, west }: GeoBox): readonly GeoBox[] {
  const poles = [-90, 90].filter((pole) => south <= pole && pole <= north);
  return [
    ...longitudesOf(west, east).map((longitudes) => ({ north, south, ...longitudes })),
    ...poles.map((pole) => ({ north: pole, south: pole, west: 0, east: 0 })),
  ];
}

function longitudesOf(west: number, east: number): readonly Pick<GeoBox, 'west' | 'east'>[] {
  if (west > east) {
    return [
      { west, east: 180 },
      { west: -180, east },
    ];
  }
  const has180 = east === 180 && west > -180;
  return has180 ? [{ west, east }, ON_180] : [{ west, east }];
}

const ON_180 = { west: -180, east: -180 };

export function isInBox({ lat, lon }: GeoPoint, box: GeoBox): boolean {
  return rangesOfBox(box).some(
    ({ north, south, east, west }) => lat >= south && lat <= north && lon >= west && lon <= east,
  );
}

/** A circle that has all of a box, for stores that search for circles by an index; null for a box that goes around more than half of Earth. */
export function circleAround({ north, south, east, west }: GeoBox): GeoCircle | null {
  const width = west > east ? east - west + 360 : east - west;
  if (width > 180) return null;
  const middle = west + width / 2;
  const center = geoPoint((north + south) / 2, middle > 180 ? middle - 360 : middle);
  // No place of such a box is farther from its middle than a corner.
  const toCorners = [north, south].map((lat) => distanceInMeters(center, geoPoint(lat, west)));
  return { center, meters: Math.min(HALF_CIRCUMFERENCE_METERS, Math.max(...toCorners) + SPARE_METERS) };
}

/** More than numbers are rounded by. */
const SPARE_METERS = 1;
