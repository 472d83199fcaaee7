/** A point on Earth, in degrees. */
export interface Point {
  readonly lat: number;
  readonly lon: number;
}

const EARTH_RADIUS_METERS = 6_371_008.8;

/** The great-circle distance between two points, on a sphere. */
export function distanceMeters(a: Point, b: Point): number {
  const [phiA, phiB] = [radians(a.lat), radians(b.lat)];
  const half = Math.sin((phiB - phiA) / 2) ** 2;
  const across = Math.sin(radians(b.lon - a.lon) / 2) ** 2;
  return 2 * EARTH_RADIUS_METERS * Math.asin(Math.min(1, Math.sqrt(half + Math.cos(phiA) * Math.cos(phiB) * across)));
}

const radians = (degrees: number) => (degrees * Math.PI) / 180;
