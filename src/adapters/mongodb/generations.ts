import type { ClientSession } from 'mongodb';
import type { Generations } from '../../ports/generations.js';
import type { GroupEnd, Lease } from '../../ports/lane.js';
import type { Collections } from './documents.js';

/** How long a generation that is read no longer stays for open cursors. */
const KEPT_MS = 10 * 60_000;
/** How long a dataset's first generation may be on its way into use. */
const FIRST_MS = 60 * 60_000;

/** The generations' register on MongoDB. */
export function mongoGenerations({
  datasets,
  generations,
  quarantine,
}: Pick<Collections, 'datasets' | 'generations' | 'quarantine'>): Generations {
  /** Begun by a run of the lane that is over. */
  async function abandoned(): Promise<string[]> {
    const begun = await generations.find({ state: 'BEGUN' }).toArray();
    const owners = await datasets
      .find({ _id: { $in: begun.map(({ datasetId }) => datasetId) } }, { projection: { lane: 1, generation: 1 } })
      .toArray();
    const byId = new Map(owners.map((dataset) => [dataset._id, dataset]));
    const firstBefore = Date.now() - FIRST_MS;
    return begun.flatMap(({ _id, datasetId, runToken, since }) => {
      const dataset = byId.get(datasetId);
      if (dataset?.generation === _id) return [];
      const isOver = runToken === undefined ? since.getTime() < firstBefore : runToken < (dataset?.lane.runToken ?? 0);
      return !dataset || isOver ? [_id] : [];
    });
  }

  return {
    async begin(generation, datasetId, revision) {
      const begun = { datasetId, revision, state: 'BEGUN' as const, since: new Date() };
      await generations.updateOne({ _id: generation }, { $setOnInsert: begun }, { upsert: true });
    },

    async retired(datasetId) {
      const found = await generations.find({ datasetId, state: 'RETIRED' }).toArray();
      return found.map(({ _id: generation, revision }) => ({ generation, revision }));
    },

    async expired() {
      const old = { state: 'RETIRED' as const, since: { $lt: new Date(Date.now() - KEPT_MS) } };
      const retired = await generations.find(old, { projection: { _id: 1 } }).toArray();
      return [...retired.map(({ _id }) => _id), ...(await abandoned())];
    },

    async forget(generation) {
      await generations.deleteOne({ _id: generation });
    },

    async withOldTombstones(olderThanMs) {
      const old = { state: 'CURRENT' as const, tombstonesAt: { $lt: new Date(Date.now() - olderThanMs) } };
      const found = await generations.find(old).toArray();
      const judged = new Set(
        await quarantine.distinct('datasetId', { datasetId: { $in: found.map((one) => one.datasetId) } }),
      );
      return found.flatMap(({ _id, datasetId }) => (judged.has(datasetId) ? [] : [_id]));
    },

    async swept(generation) {
      await generations.updateOne({ _id: generation }, { $unset: { tombstonesAt: 1 } });
    },
  };
}

/** The end of a group: another generation comes into use, or tombstones were written into the one there is. */
export async function settleGenerations(
  { generations }: Pick<Collections, 'generations'>,
  before: Lease,
  { generation, appliedRevision: revision, datasetId }: Lease,
  { deletedRows }: GroupEnd,
  at: Date,
  session: ClientSession,
): Promise<void> {
  if (generation !== before.generation || revision !== before.appliedRevision) {
    const current = { datasetId, revision, state: 'CURRENT' as const, since: at };
    await generations.updateOne({ _id: generation }, { $set: current }, { session, upsert: true });
  }
  if (generation !== before.generation) {
    const retired = { datasetId, revision: before.appliedRevision, state: 'RETIRED' as const, since: at };
    await generations.updateOne({ _id: before.generation }, { $set: retired }, { session, upsert: true });
  }
  if (deletedRows) {
    await generations.updateOne({ _id: generation }, { $set: { tombstonesAt: at } }, { session });
  }
}
