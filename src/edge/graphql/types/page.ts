import { type ClassType, Field, Int, ObjectType, Root } from 'type-graphql';
import { decodeListCursor, encodeListCursor, type ListName } from '../../../domain/query/list-cursor.js';
import type { CountedPage } from '../../../usecases/read-catalog.js';

@ObjectType({ description: 'Where a page of a list ends.', simpleResolvers: true })
export class PageInfo {
  @Field({ description: 'Whether there are more items after this page.' })
  hasNextPage: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Send it as `after` to read the next page. Null on an empty page.',
  })
  endCursor: string | null;
}

/** What the resolver of a list returns. */
export interface Page<T> {
  readonly nodes: readonly T[];
  readonly pageInfo: PageInfo;
  /** Called only when `totalCount` is asked for. */
  readonly countAll: () => Promise<number>;
}

/** Makes the GraphQL type of a list of `item`. */
export function listOf<T extends object>(item: ClassType<T>, name: string, what: string) {
  @ObjectType(name, { description: `One page of ${what}.`, simpleResolvers: true })
  class List {
    @Field(() => [item], { description: 'The items of this page.' })
    nodes: readonly T[];

    @Field(() => PageInfo, { description: 'Where this page ends.' })
    pageInfo: PageInfo;

    @Field(() => Int, { description: 'How many items all pages have together.' })
    totalCount(@Root() { countAll }: Page<T>): Promise<number> {
      return countAll();
    }
  }
  return List;
}

/** A page of a list whose cursors are the ids of its items. */
export function toPage<T extends { readonly id: string }>(list: ListName, page: CountedPage<T>): Page<T> {
  return toPlacedPage(list, page, ({ id }) => id);
}

/** A page of a list whose cursors `placeOf` makes from its items. */
export function toPlacedPage<T>(list: ListName, page: CountedPage<T>, placeOf: (item: T) => string): Page<T> {
  const { nodes, hasNextPage, totalCount } = page;
  const last = nodes.at(-1);
  const endCursor = last === undefined ? null : encodeListCursor(list, placeOf(last));
  return { nodes, pageInfo: { hasNextPage, endCursor }, countAll: totalCount };
}

/** Decodes `after`: where in the list the page before ended; undefined for the first page. Throws BAD_REQUEST for a cursor of another list. */
export function decodeAfter(list: ListName, after: string | null | undefined): string | undefined {
  return after == null ? undefined : decodeListCursor(list, after);
}
