import type { estypes } from '@elastic/elasticsearch';
import { type GeoPoint, geoPoint } from '../../../domain/geo-point.js';
import { distanceInMeters } from '../../../domain/query/geo-areas.js';
import type { RecordFilter, StoredColumn } from '../../../domain/query/record-query.js';
import { RecordStoreError } from '../../../ports/record-store.js';
import { pointFieldsOf } from '../generation-index.js';
import type { OpenIndex } from '../open-indices.js';
import { type CircleCondition, equalTo, onRim } from './geo-queries.js';
import { all, any, type Query } from './queries.js';
import { searchIndex } from './search-index.js';

/** The most different points on the rims of a filter's circles; each is two clauses of a query, which may have 1,024. */
const MAX_POINTS = 200;

export function circlesIn(filter: RecordFilter): readonly CircleCondition[] {
  if (filter.kind === 'AND' || filter.kind === 'OR') return filter.filters.flatMap(circlesIn);
  if (filter.kind === 'NOT') return circlesIn(filter.filter);
  return filter.kind === 'WITHIN_DISTANCE' ? [filter] : [];
}

/**
 * Reads the points on the rims of circles, where Elasticsearch's own distance is not exact enough, and returns a query for those that are in each circle. Sends one request for all
 * circles of a column.
 */
export async function pointsOnRims(
  index: OpenIndex,
  circles: readonly CircleCondition[],
  among: Query,
): Promise<ReadonlyMap<RecordFilter, Query>> {
  const byColumn = new Map<string, CircleCondition[]>();
  for (const one of circles) {
    const same = byColumn.get(one.column.storedKey) ?? [];
    byColumn.set(one.column.storedKey, [...same, one]);
  }
  const decided = new Map<RecordFilter, Query>();
  let left = MAX_POINTS;
  for (const [storedKey, conditions] of byColumn) {
    const points = await pointsOf(index, { storedKey }, all([among, any(conditions.map(onRim))]), left);
    left -= points.length;
    if (left < 0) throw tooMany();
    for (const condition of conditions) {
      const { center, meters } = condition.circle;
      const within = points.filter((point) => distanceInMeters(point, center) <= meters);
      decided.set(condition, equalTo(condition, within));
    }
  }
  return decided;
}

/** The different points of the rows that match; one more than `most` if there are more. */
async function pointsOf(
  index: OpenIndex,
  column: Pick<StoredColumn, 'storedKey'>,
  query: Query,
  most: number,
): Promise<readonly GeoPoint[]> {
  const fields = pointFieldsOf(column);
  const sources: Record<string, estypes.AggregationsCompositeAggregationSource>[] = [
    { lat: { terms: { field: fields.lat } } },
    { lon: { terms: { field: fields.lon } } },
  ];
  const { aggregations } = await searchIndex(index, {
    size: 0,
    query,
    aggs: { points: { composite: { size: most + 1, sources } } },
  });
  const { buckets = [] } = (aggregations?.points ?? {}) as Partial<estypes.AggregationsCompositeAggregate>;
  return Object.values(buckets).map(({ key }) => geoPoint(Number(key.lat), Number(key.lon)));
}

function tooMany(): RecordStoreError {
  const message = `more than ${MAX_POINTS} different points are within centimetres of a circle of WITHIN_DISTANCE; change its meters by a few`;
  return new RecordStoreError('QUERY_REFUSED', message);
}
