import type { Collection, Filter } from 'mongodb';
import type { ListPage } from '../../ports/catalog.js';
import { literalPattern } from './literal-pattern.js';

/** Reads a page of a collection, newest first; ids sort by the time of their creation. */
export async function listPage<D extends { readonly _id: string }>(
  collection: Collection<D>,
  filter: Filter<D>,
  first: number,
  after: string | undefined,
  options: { readonly hint?: string; readonly projection?: object } = {},
): Promise<ListPage<D>> {
  if (first === 0) return { nodes: [], hasNextPage: false };
  const older = after === undefined ? filter : { $and: [filter, { _id: { $lt: after } }] };
  const found = await collection
    .find(older as Filter<D>, options)
    .sort({ _id: -1 })
    .limit(first + 1)
    .toArray();
  return { nodes: found.slice(0, first) as unknown as D[], hasNextPage: found.length > first };
}

/** Matches every document by the index of ids, so that a count of all reads no documents. */
export const EVERY_ID = { _id: { $gt: '' } };

/** Matches documents whose name contains `search`, in upper or lower case; all documents without `search`. */
export function nameContains(search: string | undefined): { searchName?: { $regex: string } } {
  if (search === undefined || search === '') return {};
  return { searchName: { $regex: literalPattern(search.toLowerCase()) } };
}

/** Matches what at least one of the filters matches; nothing if there are no filters, which `$or` would refuse. */
export function anyOf<D extends { readonly _id: string }>(filters: Filter<D>[]): Filter<D> {
  return filters.length > 0 ? ({ $or: filters } as Filter<D>) : ({ _id: { $in: [] } } as unknown as Filter<D>);
}
