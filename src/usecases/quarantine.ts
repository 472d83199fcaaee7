import { SluiceError } from '../domain/errors.js';
import type { Job } from '../domain/job/job.js';
import type { QuarantinedRecord, QuarantinePlace } from '../ports/quarantine.js';
import type { AcceptJob } from './accept-job.js';
import { checkedFirst, notFound } from './checks.js';
import type { Caller, Deps } from './deps.js';
import type { CountedPage } from './read-catalog.js';

/** A replay is one job, as large as a push may be. */
const MAX_REPLAYED = 1_000;

/** What can be done with records in quarantine. */
export function quarantineOf({ catalog, quarantine }: Pick<Deps, 'catalog' | 'quarantine'>, accept: AcceptJob) {
  async function existingDataset(id: string) {
    const dataset = await catalog.findDataset(id);
    if (!dataset) throw notFound('dataset', id);
    return dataset;
  }

  return {
    /** In the order of their jobs and their places there. */
    async list(
      datasetId: string,
      first: number,
      after: QuarantinePlace | undefined,
    ): Promise<CountedPage<QuarantinedRecord>> {
      const page = await quarantine.list(datasetId, checkedFirst(first), after);
      return { ...page, totalCount: () => quarantine.count(datasetId) };
    },

    /**
     * Loads records again under the applied design, by a job in the lane: those that fit leave the quarantine, the others stay, and so do those whose
     * identifier a later job has written, marked as superseded. Without ids the first 1,000. Throws NOT_FOUND, BAD_REQUEST when there is nothing to replay, BACK_PRESSURE.
     */
    async replay(datasetId: string, ids: readonly string[] | undefined, caller: Caller): Promise<Job> {
      const dataset = await existingDataset(datasetId);
      const chosen = ids
        ? await quarantine.find(datasetId, ids)
        : (await quarantine.list(datasetId, MAX_REPLAYED, undefined)).nodes;
      if (chosen.length === 0 || chosen.length > MAX_REPLAYED) {
        const message = `${chosen.length} records to replay; name 1 to ${MAX_REPLAYED} that are in quarantine`;
        throw new SluiceError('BAD_REQUEST', message, { field: 'ids' });
      }
      const payload = Buffer.from(`[${chosen.map(({ record }) => record).join()}]`);
      const replayOf = chosen.map(({ id, position, method }) => ({ id, position, method }));
      const records = { form: 'RECORDS', payload, recordCount: chosen.length, replayOf } as const;
      return accept(dataset, { kind: 'REPLAY', method: 'REPLACE', ...records }, caller);
    },

    /** Removes records, all without ids; answers how many. Throws NOT_FOUND. */
    async discard(datasetId: string, ids: readonly string[] | undefined): Promise<number> {
      await existingDataset(datasetId);
      return quarantine.discard(datasetId, ids);
    },
  };
}
