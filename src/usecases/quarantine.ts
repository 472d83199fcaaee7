import { SluiceError } from '../domain/errors.js';
import type { Job } from '../domain/job/job.js';
import type { QuarantinedRecord } from '../ports/quarantine.js';
import { type BacklogLimits, backlogFull, boundOf } from './backlog.js';
import { checkedFirst, notFound } from './checks.js';
import type { Caller, Deps } from './deps.js';
import type { CountedPage } from './read-catalog.js';

/** A replay is one job, as large as a push may be. */
const MAX_REPLAYED = 1_000;

type QuarantineDeps = Pick<
  Deps,
  'catalog' | 'quarantine' | 'pushLog' | 'laneQueue' | 'nudges' | 'clock' | 'newId' | 'reportError'
>;

/** What can be done with records in quarantine. */
export function quarantineOf(deps: QuarantineDeps, limits: BacklogLimits) {
  const { catalog, quarantine, pushLog, laneQueue, nudges, clock, newId, reportError } = deps;

  async function existingDataset(id: string) {
    const dataset = await catalog.findDataset(id);
    if (!dataset) throw notFound('dataset', id);
    return dataset;
  }

  return {
    /** In the order of their jobs and their places there. */
    async list(datasetId: string, first: number, after: string | undefined): Promise<CountedPage<QuarantinedRecord>> {
      const page = await quarantine.list(datasetId, checkedFirst(first), after);
      return { ...page, totalCount: () => quarantine.count(datasetId) };
    },

    /**
     * Loads records again under the applied design, by a job in the lane: those that fit leave the quarantine, the others stay. Without ids the first
     * 1,000. Throws NOT_FOUND, BAD_REQUEST when there is nothing to replay, BACK_PRESSURE.
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
      const result = await pushLog.append({
        id: newId(),
        datasetId,
        kind: 'REPLAY',
        method: 'REPLACE',
        form: 'RECORDS',
        payload: Buffer.from(`[${chosen.map(({ record }) => record).join()}]`),
        recordCount: chosen.length,
        acceptedAt: clock.now(),
        requestedBy: caller.keyName,
        idempotency: null,
        bound: boundOf(dataset, limits),
        replayOf: chosen.map(({ id }) => id),
      });
      if (result.kind !== 'APPENDED') throw backlogFull(datasetId);
      nudges.nudge(datasetId);
      laneQueue
        .wake(datasetId)
        .catch((error: unknown) => reportError(error, `waking the lane of dataset ${datasetId}`));
      return result.job;
    },

    /** Removes records, all without ids; answers how many. Throws NOT_FOUND. */
    async discard(datasetId: string, ids: readonly string[] | undefined): Promise<number> {
      await existingDataset(datasetId);
      return quarantine.discard(datasetId, ids);
    },
  };
}
