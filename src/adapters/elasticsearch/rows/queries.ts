import type { estypes } from '@elastic/elasticsearch';

export type Query = estypes.QueryDslQueryContainer;

export const NONE: Query = { match_none: {} };

/** One of these must hold. */
export function any(queries: readonly Query[]): Query {
  const should = queries.filter((query) => query !== NONE);
  const [only] = should;
  if (!only) return NONE;
  return should.length === 1 ? only : { bool: { should } };
}

/** All of these must hold. */
export function all(filter: readonly Query[]): Query {
  return { bool: { filter: [...filter] } };
}

export function terms(field: string, values: readonly (string | number | boolean)[]): Query {
  return values.length === 0 ? NONE : { terms: { [field]: [...values] } };
}
