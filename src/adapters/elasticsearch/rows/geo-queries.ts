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

/** The numbers of points decide: in a `geo_bounding_box` they are rounded, and points on an edge would be left out. */
export function inBox(column: StoredColumn, box: GeoBox): Query {
  const fields = pointFieldsOf(column);
  return any(
    rangesOfBox(box).map(({ north, south, east, west }) =>
      all([
        { range: { [fields.lat]: { gte: south, lte: north } } },
        { range: { [fields.lon]: { gte: west, lte: east } } },
      ]),
    ),
  );
}
