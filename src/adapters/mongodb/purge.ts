import type { Purge } from '../../ports/purge.js';
import type { Collections } from './collections.js';
import type { JobDocument } from './documents.js';
import { firstIdAt } from './first-id-at.js';
import { WITHOUT_BODY } from './log-documents.js';
import { terminateAll } from './terminations.js';

const JOBS_AT_ONCE = 1_000;
const PARTS_AT_ONCE = 5_000;
const LONG_AGO = new Date(0);

/** The purge on MongoDB. */
export function mongoPurge(collections: Collections): Purge {
  const { datasets, designs, jobs, groups, jobErrors, quarantine, payloads, answers, generations, pushUrls, upkeep } =
    collections;

  async function purgeJobs(batch: readonly JobDocument[]): Promise<void> {
    const ids = batch.map(({ _id }) => _id);
    const parts = batch.flatMap(({ payload }) => Array.from({ length: payload.parts }, (_, n) => `${payload.id}/${n}`));
    await payloads.deleteMany({ _id: { $in: parts } });
    for (const { _id, payload } of batch) {
      if (payload.form === 'FILTER') await payloads.deleteMany({ _id: { $gt: `${_id}/`, $lt: `${_id}0` } });
    }
    await jobErrors.deleteMany({ _id: { $in: ids } });
    await jobs.deleteMany({ _id: { $in: ids } });
  }

  /** Returns which of these jobs were accepted. The others never will be, however late their insert comes. */
  async function acceptedOf(jobIds: readonly string[]): Promise<Set<string>> {
    const accepted = () =>
      jobs.find({ _id: { $in: [...jobIds] }, position: { $gt: 0 } }, { projection: { _id: 1 } }).toArray();
    const known = new Set((await accepted()).map(({ _id }) => _id));
    const others = jobIds.filter((id) => !known.has(id));
    if (others.length === 0) return known;
    const fences = others.map((_id) => ({
      updateOne: { filter: { _id }, update: { $setOnInsert: { datasetId: _id, position: 0 as const } }, upsert: true },
    }));
    await collections.fences.bulkWrite(fences, { ordered: false });
    return new Set((await accepted()).map(({ _id }) => _id));
  }

  async function purgeDataset(datasetId: string): Promise<void> {
    // Also jobs that were accepted by a process that did not know yet that the dataset was deleted.
    await terminateAll(collections, datasetId, new Date());
    for (;;) {
      const batch = await jobs.find({ datasetId }, WITHOUT_BODY).limit(JOBS_AT_ONCE).toArray();
      if (batch.length === 0) break;
      await purgeJobs(batch);
    }
    await answers.deleteMany({ datasetId });
    await groups.deleteMany({ datasetId });
    await quarantine.deleteMany({ datasetId });
    await designs.deleteMany({ datasetId });
    // Those that were created while the dataset was being deleted.
    await pushUrls.deleteMany({ datasetId });
    await generations.updateMany({ datasetId }, { $set: { state: 'RETIRED', since: LONG_AGO } });
    await datasets.deleteOne({ _id: datasetId });
  }

  return {
    async deletedDatasets(before) {
      const since = { deletedAt: { $type: 'date' as const, $lt: before } };
      const gone = await datasets.find(since, { projection: { _id: 1 } }).toArray();
      for (const { _id } of gone) await purgeDataset(_id);
    },

    async orphanedPayloads(before) {
      const end = firstIdAt(before);
      let through = (await upkeep.findOne({ _id: 'payloads' }))?.through ?? '';
      for (;;) {
        const next = payloads.find({ _id: { $gt: through, $lt: end } }, { projection: { _id: 1 } });
        const parts = await next.sort({ _id: 1 }).limit(PARTS_AT_ONCE).toArray();
        const last = parts.at(-1);
        if (!last) break;
        const accepted = await acceptedOf([...new Set(parts.map(({ _id }) => jobIdOf(_id)))]);
        const orphans = parts.flatMap(({ _id }) => (accepted.has(jobIdOf(_id)) ? [] : [_id]));
        if (orphans.length > 0) await payloads.deleteMany({ _id: { $in: orphans } });
        through = last._id;
        await upkeep.updateOne({ _id: 'payloads' }, { $max: { through } }, { upsert: true });
      }
    },
  };
}

/** The ids of a payload's parts begin with the id of its job. */
function jobIdOf(partId: string): string {
  return partId.slice(0, partId.indexOf('/'));
}
