import type { Collection, Filter } from 'mongodb';
import type { ListPage } from '../../ports/catalog.js';
import { literalPattern } from './literal-pattern.js';

/** The keys of an index, to have MongoDB use it and no other. */
export type IndexKeys = Readonly<Record<string, 1 | -1>>;

/** A page of a collection from the newest id to the oldest; ids sort by the time they were made. */
export async function listPage<D extends { readonly _id: string }>(
  collection: Collection<D>,
  filter: Filter<D>,
  first: number,
  after: string | undefined,
  hint?: IndexKeys,
): Promise<ListPage<D>> {
  if (first === 0) return { nodes: [], hasNextPage: false };
  const behind = after === undefined ? filter : { $and: [filter, { _id: { $lt: after } }] };
  const found = await collection
    .find(behind as Filter<D>, { ...(hint && { hint }) })
    .sort({ _id: -1 })
    .limit(first + 1)
    .toArray();
  return { nodes: found.slice(0, first) as unknown as D[], hasNextPage: found.length > first };
}

/** Matches every document, by the index of ids: a count of all reads no document. */
export const EVERY_ID = { _id: { $gt: '' } };

/** Matches documents whose name holds `search`, in any case; all of them when there is none. */
export function nameContains(search: string | undefined): { searchName?: { $regex: string } } {
  if (search === undefined || search === '') return {};
  return { searchName: { $regex: literalPattern(search.toLowerCase()) } };
}

/** Matches what one of the filters matches: nothing where there is none, which `$or` refuses. */
export function anyOf<D extends { readonly _id: string }>(filters: Filter<D>[]): Filter<D> {
  return filters.length > 0 ? ({ $or: filters } as Filter<D>) : ({ _id: { $in: [] } } as unknown as Filter<D>);
}
