import type { Collection, Filter, WithId } from 'mongodb';
import { joined } from '../../event-loop/joined-calls.js';
import { endTurnIfOver } from '../../event-loop/turns.js';
import { MANY_LANES } from './many-lanes.js';

/** Documents may be large, and those of one read are in memory together. */
const FOUND_TOGETHER = 32;

/** Finds documents one by one, in few reads: what is asked for while a read is running is in the next one, as {@link MANY_LANES} says. Null if no document has the id. */
export function joinedFinds<D extends { _id: string }>(
  collection: Pick<Collection<D>, 'find'>,
): (id: string) => Promise<WithId<D> | null> {
  return joined(
    async (ids: readonly string[]) => {
      const found = new Map<string, WithId<D>>();
      // The driver decodes a document when it is taken.
      for await (const document of collection.find({ _id: { $in: [...new Set(ids)] } } as Filter<D>)) {
        found.set(document._id, document);
        await endTurnIfOver();
      }
      return ids.map((id) => found.get(id) ?? null);
    },
    { ...MANY_LANES, maxCalls: FOUND_TOGETHER },
  );
}
