import type { ClientSession } from 'mongodb';
import type { Generations } from '../../ports/generations.js';
import type { Lease } from '../../ports/lane.js';
import type { Collections } from './collections.js';
import type { GenerationDocument } from './documents.js';

/** How long a generation stays for open cursors once it is out of use. */
const KEPT_MS = 10 * 60_000;
/** How long the first generation of a dataset may take to come into use. */
const FIRST_MS = 60 * 60_000;

/** The register of generations on MongoDB. All times are the server's, `$$NOW`. */
export function mongoGenerations({
  datasets,
  generations,
  quarantine,
}: Pick<Collections, 'datasets' | 'generations' | 'quarantine'>): Generations {
  /** Matches generations that were begun by a run of the lane that is over; the first generation of a dataset, which no run creates, is judged by its age. */
  async function abandoned(): Promise<string[]> {
    const isOld = { $lt: ['$since', before(FIRST_MS)] };
    const begun = await generations
      .aggregate<GenerationDocument & { isOld: boolean }>([{ $match: { state: 'BEGUN' } }, { $addFields: { isOld } }])
      .toArray();
    const owners = await datasets
      .find({ _id: { $in: begun.map(({ datasetId }) => datasetId) } }, { projection: { lane: 1, generation: 1 } })
      .toArray();
    const byId = new Map(owners.map((dataset) => [dataset._id, dataset]));
    return begun.flatMap(({ _id, datasetId, runToken, isOld }) => {
      const dataset = byId.get(datasetId);
      if (dataset?.generation === _id) return [];
      const isOver = runToken === undefined ? isOld : runToken < (dataset?.lane.runToken ?? 0);
      return !dataset || isOver ? [_id] : [];
    });
  }

  /** Whether a replay of records in quarantine may need one of the tombstones. */
  async function judgesReplays({ datasetId, tombstonesThrough = 0 }: GenerationDocument): Promise<boolean> {
    return (await quarantine.findOne({ datasetId, position: { $lt: tombstonesThrough } })) !== null;
  }

  return {
    async begin(generation, datasetId, revision, runToken) {
      const begun = {
        datasetId,
        revision,
        state: 'BEGUN',
        since: '$$NOW',
        ...(runToken !== undefined && { runToken }),
      };
      await generations.updateOne({ _id: generation }, [{ $replaceWith: { $mergeObjects: [begun, '$$ROOT'] } }], {
        upsert: true,
      });
    },

    async retired(datasetId) {
      const found = await generations.find({ datasetId, state: 'RETIRED' }).toArray();
      return found.map(({ _id: generation, revision }) => ({ generation, revision }));
    },

    async isReadable(generation) {
      const readable = { _id: generation, state: { $in: ['CURRENT' as const, 'RETIRED' as const] } };
      return (await generations.findOne(readable, { projection: { _id: 1 } })) !== null;
    },

    // Generations that nobody should read stay as long as the others: an earlier request may still be reading them.
    async expired() {
      const old = {
        state: { $in: ['RETIRED' as const, 'ENDED' as const] },
        $expr: { $lt: ['$since', before(KEPT_MS)] },
      };
      const retired = await generations.find(old, { projection: { _id: 1 } }).toArray();
      return [...retired.map(({ _id }) => _id), ...(await abandoned())];
    },

    async forget(generation) {
      await generations.deleteOne({ _id: generation });
    },

    async unknown(names) {
      const [inUse, registered] = await Promise.all([
        datasets.distinct('generation', { generation: { $in: [...names] } }),
        generations.distinct('_id', { _id: { $in: [...names] } }),
      ]);
      const known = new Set<string | null>([...inUse, ...registered]);
      return names.filter((name) => !known.has(name));
    },

    async withOldTombstones(olderThanMs) {
      const due = { $expr: { $lt: ['$tombstonesAt', before(olderThanMs)] } };
      const found = await generations
        .aggregate<GenerationDocument & { through: Date }>([
          { $match: { state: 'CURRENT', tombstonesAt: { $exists: true }, ...due } },
          { $addFields: { through: before(olderThanMs) } },
        ])
        .toArray();
      const judging = await Promise.all(found.map(judgesReplays));
      return found.flatMap(({ _id: generation, through }, n) => (judging[n] ? [] : [{ generation, through }]));
    },

    async swept(generation, through) {
      const noneLeft = { $lte: ['$lastTombstonesAt', through] };
      await generations.updateOne({ _id: generation }, [
        { $set: { tombstonesAt: { $cond: [noneLeft, '$$REMOVE', '$$NOW'] } } },
      ]);
    },
  };
}

function before(ms: number) {
  return { $subtract: ['$$NOW', ms] };
}

/** What the end of a group changes in its dataset's generations. */
export interface GenerationsEnd {
  /** Whether tombstones were written into the current generation. */
  readonly deletedRows: boolean;
  /** Whether records were deleted that generations out of use still hold. */
  readonly endedRecords: boolean;
}

/**
 * Records the end of a group: another generation comes into use, or tombstones were written into the current one, or cursors of those out of use expire. It happens in
 * the transaction that counts the dataset's records, so that no cursor ever shows more records than are counted.
 */
export async function settleGenerations(
  { generations }: Pick<Collections, 'generations'>,
  leaseBefore: Lease,
  { generation, appliedRevision: revision, datasetId, finalThrough }: Lease,
  { deletedRows, endedRecords }: GenerationsEnd,
  session: ClientSession,
): Promise<void> {
  const set = (_id: string, fields: object) =>
    generations.updateOne({ _id }, [{ $set: fields }], { session, upsert: true });
  if (generation !== leaseBefore.generation || revision !== leaseBefore.appliedRevision) {
    await set(generation, { datasetId, revision, state: 'CURRENT', since: '$$NOW' });
  }
  if (generation !== leaseBefore.generation) {
    const { generation: retired, appliedRevision } = leaseBefore;
    await set(retired, {
      datasetId,
      revision: appliedRevision,
      state: endedRecords ? 'ENDED' : 'RETIRED',
      since: '$$NOW',
    });
  }
  if (endedRecords) {
    const outOfUse = { datasetId, state: 'RETIRED' as const };
    await generations.updateMany(outOfUse, { $set: { state: 'ENDED' } }, { session });
  }
  if (deletedRows) {
    const tombstonesAt = { $ifNull: ['$tombstonesAt', '$$NOW'] };
    await set(generation, { tombstonesAt, lastTombstonesAt: '$$NOW', tombstonesThrough: finalThrough });
  }
}
