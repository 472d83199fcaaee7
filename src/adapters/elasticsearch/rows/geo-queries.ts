import type { GeoPoint } from '../../../domain/geo-point.js';
import { type GeoBox, HALF_CIRCUMFERENCE_METERS, rangesOfBox, rimOf } from '../../../domain/query/geo-areas.js';
import type { RecordFilter, StoredColumn } from '../../../domain/query/record-query.js';
import { fieldOf, pointFieldsOf } from '../generation-index.js';
import { all, any, NONE, type Query } from './queries.js';

/** A condition that is a circle. */
export type CircleCondition = Extract<RecordFilter, { kind: 'WITHIN_DISTANCE' }>;

/** Matches the points that are certainly in a circle; those on its rim are found by their numbers (see `ties.ts`). */
export function inCircle({ column, circle }: CircleCondition): Query {
  return disc(column, circle.center, circle.meters - rimOf(circle));
}

/** Matches these points, all of them on the rim of a circle. */
export function equalTo({ column, circle }: CircleCondition, points: readonly GeoPoint[]): Query {
  const fields = pointFieldsOf(column);
  const same = points.map(({ lat, lon }) => all([{ term: { [fields.lat]: lat } }, { term: { [fields.lon]: lon } }]));
  return same.length === 0 ? NONE : all([onRim({ kind: 'WITHIN_DISTANCE', column, circle }), any(same)]);
}

/** Matches the points about which Elasticsearch may be wrong. */
export function onRim({ column, circle }: CircleCondition): Query {
  const outer = disc(column, circle.center, circle.meters + rimOf(circle));
  const inner = inCircle({ kind: 'WITHIN_DISTANCE', column, circle });
  return inner === NONE ? outer : { bool: { filter: [outer], must_not: [inner] } };
}

function disc(column: StoredColumn, { lat, lon }: CircleCondition['circle']['center'], meters: number): Query {
  if (meters <= 0) return NONE;
  if (meters >= HALF_CIRCUMFERENCE_METERS) return { exists: { field: fieldOf(column) } };
  return { geo_distance: { distance: `${meters}m`, [fieldOf(column)]: { lat, lon } } };
}

/** In degrees: more than the numbers of a `geo_point` are rounded by. */
const ROUNDED_DEGREES = 1e-6;

/** A slightly larger box finds the points, and their numbers decide: in a `geo_bounding_box` they are rounded, and points on an edge would be left out. */
export function inBox(column: StoredColumn, box: GeoBox): Query {
  const fields = pointFieldsOf(column);
  return any(
    rangesOfBox(box).map(({ north, south, east, west }) =>
      all([
        { geo_bounding_box: { [fieldOf(column)]: larger({ north, south, east, west }) } },
        { range: { [fields.lat]: { gte: south, lte: north } } },
        { range: { [fields.lon]: { gte: west, lte: east } } },
      ]),
    ),
  );
}

/** No range of a box crosses the 180th meridian. */
function larger({ north, south, east, west }: GeoBox) {
  return {
    top: Math.min(90, north + ROUNDED_DEGREES),
    bottom: Math.max(-90, south - ROUNDED_DEGREES),
    left: Math.max(-180, west - ROUNDED_DEGREES),
    right: Math.min(180, east + ROUNDED_DEGREES),
  };
}
