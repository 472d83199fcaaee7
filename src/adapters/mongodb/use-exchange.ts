import type { Use } from '../../domain/security/rate-limit.js';
import type { UseExchange } from '../../ports/rate-limits.js';
import { newId } from '../new-id.js';
import type { UsesDocument } from './access-documents.js';
import type { Collections } from './collections.js';

/** Publications may become visible a little out of order: those of the last seconds are read again, and each is used once. */
const READ_AGAIN_MS = 5_000;
/** What older publications count is over with the minute in which it was used. */
const FRESH_MS = 60_000;

/** Shares uses through a collection whose documents end after two minutes. One write and one read for all callers of a process. */
export function mongoUseExchange({ uses }: Pick<Collections, 'uses'>): UseExchange {
  const process = newId();
  const seen = new SeenPublications();

  return {
    async publish(given) {
      const list = [...given].map(([caller, { requests, bytes }]) => ({ caller, requests, bytes }));
      const document = { process, uses: { $literal: list }, at: '$$NOW' };
      await uses.updateOne({ _id: newId() }, [{ $set: document }], { upsert: true, writeConcern: { w: 1 } });
    },

    async receive() {
      const { latest } = seen;
      const since = latest === null ? { $subtract: ['$$NOW', FRESH_MS] } : new Date(latest - READ_AGAIN_MS);
      const found = await uses.find({ process: { $ne: process }, $expr: { $gt: ['$at', since] } }).toArray();
      return sumOf(seen.unseen(found).flatMap(({ uses: list }) => list));
    },
  };
}

class SeenPublications {
  /** In milliseconds; null before the first publication. */
  latest: number | null = null;
  readonly #times = new Map<string, number>();

  /** Those that have not been seen, which from now on are. */
  unseen(publications: readonly UsesDocument[]): readonly UsesDocument[] {
    const fresh = publications.filter(({ _id: id }) => !this.#times.has(id));
    for (const { _id: id, at } of fresh) {
      this.#times.set(id, at.getTime());
      this.latest = Math.max(this.latest ?? 0, at.getTime());
    }
    const oldest = (this.latest ?? 0) - 2 * READ_AGAIN_MS;
    for (const [id, at] of this.#times) if (at < oldest) this.#times.delete(id);
    return fresh;
  }
}

function sumOf(uses: UsesDocument['uses']): ReadonlyMap<string, Use> {
  const sum = new Map<string, Use>();
  for (const { caller, requests, bytes } of uses) {
    const before = sum.get(caller) ?? { requests: 0, bytes: 0 };
    sum.set(caller, { requests: before.requests + requests, bytes: before.bytes + bytes });
  }
  return sum;
}
