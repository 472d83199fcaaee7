import type { Document } from 'mongodb';
import {
  circleAround,
  EARTH_RADIUS_METERS,
  type GeoBox,
  type GeoCircle,
  HALF_CIRCUMFERENCE_METERS,
  RADIANS,
  rangesOfBox,
  rimOf,
} from '../../../domain/query/geo-areas.js';
import type { StoredColumn } from '../../../domain/query/record-query.js';

/**
 * The geo index finds the points of a circle that is a little larger, because it is exact to a centimetre. What it finds is checked again: nearly all points by a circle that is a little
 * smaller, the others by their distance.
 */
export function withinCircle(column: StoredColumn, circle: GeoCircle): Document {
  const [inner, outer] = [circle.meters - rimOf(circle), circle.meters + rimOf(circle)];
  const isNear = { $expr: { $lte: [distanceFrom(column, circle), circle.meters] } };
  const exact = inner > 0 ? { $or: [disc(column, { ...circle, meters: inner }), isNear] } : isNear;
  return { $and: [disc(column, { ...circle, meters: Math.min(outer, HALF_CIRCUMFERENCE_METERS) }), exact] };
}

/** The numbers decide, since MongoDB's own boxes are flat, and the edges of its polygons are great circles. The geo index finds a circle around the box. */
export function withinBox(column: StoredColumn, box: GeoBox): Document {
  const { storedKey } = column;
  const $or = rangesOfBox(box).map(({ north, south, east, west }) => ({
    [`${storedKey}.lat`]: { $gte: south, $lte: north },
    [`${storedKey}.lon`]: { $gte: west, $lte: east },
  }));
  const circle = circleAround(box);
  return circle ? { $and: [disc(column, circle), { $or }] } : { $or };
}

/** MongoDB takes radians, so the radius of Earth is ours. */
function disc({ storedKey }: StoredColumn, { center, meters }: GeoCircle): Document {
  const pair = [center.lon, center.lat];
  return { [storedKey]: { $geoWithin: { $centerSphere: [pair, meters / EARTH_RADIUS_METERS] } } };
}

/** The formula of `distanceInMeters`, as an expression. */
function distanceFrom({ storedKey }: StoredColumn, { center: { lat, lon } }: GeoCircle): Document {
  const squareOfHalf = (coordinate: string, from: number) => {
    const half = { $divide: [{ $multiply: [{ $subtract: [`$${storedKey}.${coordinate}`, from] }, RADIANS] }, 2] };
    return { $pow: [{ $sin: half }, 2] };
  };
  const cosines = [Math.cos(lat * RADIANS), { $cos: { $multiply: [`$${storedKey}.lat`, RADIANS] } }];
  const square = { $add: [squareOfHalf('lat', lat), { $multiply: [...cosines, squareOfHalf('lon', lon)] }] };
  return { $multiply: [2 * EARTH_RADIUS_METERS, { $asin: { $min: [1, { $sqrt: square }] } }] };
}
