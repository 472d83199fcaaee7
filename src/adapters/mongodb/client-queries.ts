import type { Collection, Document } from 'mongodb';
import type { Collections } from './collections.js';

/** How long MongoDB works on one query that a client waits for, and then ends it. */
export const MAX_QUERY_MS = 60_000;

/** The methods that read, with the place of their options among their arguments. */
const READS: ReadonlyMap<string | symbol, number> = new Map([
  ['find', 1],
  ['findOne', 1],
  ['aggregate', 1],
  ['countDocuments', 1],
  ['distinct', 2],
]);

/** The methods that write. They have no bound: a write of many documents that is ended has written some of them. */
const WRITES: ReadonlySet<string | symbol> = new Set([
  'insertOne',
  'insertMany',
  'updateOne',
  'updateMany',
  'replaceOne',
  'deleteOne',
  'deleteMany',
  'findOneAndUpdate',
  'findOneAndDelete',
  'bulkWrite',
]);

/**
 * The same collections, for requests of clients: MongoDB ends each of their reads after this time. What the service does by itself, such as loads and upkeep, may
 * take longer, and uses the collections as they are. Throws a TypeError for a method that is in neither list: what it would read had no bound.
 */
export function forClients(collections: Collections, maxTimeMS = MAX_QUERY_MS): Collections {
  return new Proxy(collections, {
    get(target, name) {
      const collection: unknown = Reflect.get(target, name);
      return collectionForClients(collection as Collection<Document>, maxTimeMS);
    },
  });
}

/** The same for one collection. */
export function collectionForClients<T extends Document>(
  collection: Collection<T>,
  maxTimeMS = MAX_QUERY_MS,
): Collection<T> {
  return new Proxy(collection, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      const place = READS.get(name);
      if (place === undefined) {
        if (WRITES.has(name)) return member.bind(target);
        throw new TypeError(
          `requests of clients may not call ${String(name)}: say in client-queries.ts how it is bounded`,
        );
      }
      return (...given: unknown[]) => {
        const args = Array.from({ length: place }, (_, index) => given[index] ?? {});
        return Reflect.apply(member, target, [...args, { ...(given[place] as object | undefined), maxTimeMS }]);
      };
    },
  });
}
