import type { WorkerAbsence, Workers } from '../../ports/workers.js';
import type { Collections } from './collections.js';

const GONE_AFTER_MS = 12_000;
/** How long a result is reused: many jobs are read in a second, and each that is not final asks for it. */
const KNOWN_FOR_MS = 1_000;

/** Workers on MongoDB: one small document for each, written every few seconds. */
export function mongoWorkers({ workers }: Pick<Collections, 'workers'>): Workers {
  let known: { readonly until: number; readonly answer: Promise<WorkerAbsence | null> } | undefined;

  async function look(): Promise<WorkerAbsence | null> {
    const isAlive = { $and: ['$running', { $gt: ['$seenAt', { $subtract: ['$$NOW', GONE_AFTER_MS] }] }] };
    const [all] = await workers
      .aggregate<{ seenAt: Date; oneIsAlive: boolean }>([
        { $group: { _id: null, seenAt: { $max: '$seenAt' }, oneIsAlive: { $max: isAlive } } },
      ])
      .toArray();
    if (all?.oneIsAlive) return null;
    return { since: all?.seenAt ?? null };
  }

  async function see(id: string, running: boolean): Promise<void> {
    await workers.updateOne({ _id: id }, [{ $set: { running, seenAt: '$$NOW' } }], { upsert: true });
    known = undefined;
  }

  return {
    beat: (id) => see(id, true),
    leave: (id) => see(id, false),

    absence() {
      if (known && performance.now() < known.until) return known.answer;
      const answer = look();
      known = { until: performance.now() + KNOWN_FOR_MS, answer };
      answer.catch(() => {
        known = undefined;
      });
      return answer;
    },
  };
}
