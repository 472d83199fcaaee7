import { type ClassType, Field, Int, ObjectType, Root } from 'type-graphql';
import type { CountedPage } from '../../../usecases/read-catalog.js';

@ObjectType({ description: 'Where a page of a list ends.' })
export class PageInfo {
  @Field({ description: 'Whether there are more items behind this page.' })
  hasNextPage: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Give it as `after` to read the next page; null on an empty page.',
  })
  endCursor: string | null;
}

/** What a list's resolver answers. */
export interface Page<T> {
  readonly nodes: readonly T[];
  readonly pageInfo: PageInfo;
  /** Called only when `totalCount` is asked for. */
  readonly countAll: () => Promise<number>;
}

/** The GraphQL type of a list of `item`. */
export function listOf<T extends object>(item: ClassType<T>, name: string, what: string) {
  @ObjectType(name, { description: `One page of ${what}.` })
  class List {
    @Field(() => [item], { description: 'The items of this page.' })
    nodes: readonly T[];

    @Field(() => PageInfo, { description: 'Where this page ends.' })
    pageInfo: PageInfo;

    @Field(() => Int, { description: 'How many items there are on all pages.' })
    totalCount(@Root() { countAll }: Page<T>): Promise<number> {
      return countAll();
    }
  }
  return List;
}

/** A page whose cursors are the items' own ids. */
export function toPage<T extends { readonly id: string }>({ nodes, hasNextPage, totalCount }: CountedPage<T>): Page<T> {
  return { nodes, pageInfo: { hasNextPage, endCursor: nodes.at(-1)?.id ?? null }, countAll: totalCount };
}
