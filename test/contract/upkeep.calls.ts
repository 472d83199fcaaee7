import { expect } from '@jest/globals';
import { mongoPurge } from '../../src/adapters/mongodb/purge.js';
import { upkeepRound } from '../../src/pipeline/upkeep.js';
import type { Generations } from '../../src/ports/generations.js';
import type { Purge } from '../../src/ports/purge.js';
import type { FilledDatabase } from '../support/filled-database.js';
import type { Call, Calls } from '../support/port-calls.js';

/** Calls of the methods that remove what nobody needs any longer, and a whole round of upkeep. */
export function upkeepCalls(filled: () => FilledDatabase) {
  const bench = () => filled().bench;
  const id = () => filled().datasetId;
  const generation = () => filled().generation;

  const generations: Calls<Generations> = {
    begin: () => bench().generations.begin(`rows_${id()}_0_9`, id(), 1, 1),
    retired: () => bench().generations.retired(id()),
    isReadable: () => bench().generations.isReadable(generation()),
    expired: () => bench().generations.expired(),
    forget: () => bench().generations.forget(`rows_${id()}_0_9`),
    unknown: () => bench().generations.unknown([generation(), 'none']),
    withOldTombstones: () => bench().generations.withOldTombstones(60 * 60_000),
    swept: () => bench().generations.swept(generation(), new Date()),
  };

  const purge: Calls<Purge> = {
    deletedDatasets: () => mongoPurge(bench().collections).deletedDatasets(new Date()),
    orphanedPayloads: () => mongoPurge(bench().collections).orphanedPayloads(new Date(Date.now() + 1_000)),
  };

  const upkeep: Record<string, Call> = {
    upkeepRound: async () => {
      const [deleted = '', retired = '', tombstoned = ''] = filled().others.slice(4);
      const { datasets, generations } = bench().collections;
      const longAgo = new Date(0);
      const generationOf = async (datasetId: string) => (await datasets.findOne({ _id: datasetId }))?.generation ?? '';
      await bench().catalog.deleteDataset(deleted, longAgo);
      await generations.updateMany({ datasetId: retired, state: { $ne: 'CURRENT' } }, { $set: { since: longAgo } });
      await generations.updateOne({ _id: await generationOf(tombstoned) }, { $set: { tombstonesAt: longAgo } });
      const errors: unknown[] = [];
      const reportError = (error: unknown) => void errors.push(error);
      await upkeepRound({ ...bench(), purge: mongoPurge(bench().collections), reportError });
      expect(errors).toEqual([]);
    },
  };
  return { generations, purge, upkeep };
}
