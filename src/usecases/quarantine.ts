import { SluiceError } from '../domain/errors.js';
import type { Job } from '../domain/job/job.js';
import type { QuarantinedRecord, QuarantinePlace } from '../ports/quarantine.js';
import type { AcceptJob } from './accept-job.js';
import { checkedFirst, existingDataset } from './checks.js';
import type { Caller, Deps } from './deps.js';
import type { CountedPage } from './read-catalog.js';

/** A replay is one job; its records together are as large as a push may be. */
const MAX_REPLAYED = 1_000;

/** What can be done with records in quarantine. As many as `maxPayloadBytes` are read at once, or a single one. */
export function quarantineOf(
  { catalog, quarantine }: Pick<Deps, 'catalog' | 'quarantine'>,
  accept: AcceptJob,
  maxPayloadBytes: number,
) {
  return {
    /** In the order of their jobs and their places there. A page of large records ends before it has `first`, with more after it. */
    async list(
      datasetId: string,
      first: number,
      after: QuarantinePlace | undefined,
    ): Promise<CountedPage<QuarantinedRecord>> {
      const query = { first: checkedFirst(first), maxBytes: maxPayloadBytes, after };
      const page = await quarantine.list(datasetId, query);
      return { ...page, totalCount: () => quarantine.count(datasetId) };
    },

    /**
     * Loads records again under the applied design, by a job in the lane: those that fit leave the quarantine, the others stay, and so do those whose
     * identifier a later job has written, marked as superseded. Without ids the oldest, as many as one job takes: 1,000, and the bytes of a payload. Throws
     * NOT_FOUND, BAD_REQUEST when there is nothing to replay or the ids name more than that, BACK_PRESSURE.
     */
    async replay(datasetId: string, ids: readonly string[] | undefined, caller: Caller): Promise<Job> {
      const dataset = await existingDataset(catalog, datasetId);
      const query = { ids, first: MAX_REPLAYED, maxBytes: maxPayloadBytes };
      const { nodes: chosen, hasNextPage } = await quarantine.list(datasetId, query);
      if (chosen.length === 0) {
        const message = 'there is nothing to replay; name records that are in quarantine';
        throw new SluiceError('BAD_REQUEST', message, {
          field: 'ids',
          expected: 'records in quarantine',
          actual: 'none',
        });
      }
      if (ids && hasNextPage) throw tooManyToReplay(ids.length, chosen.length, maxPayloadBytes);
      const payload = Buffer.from(`[${chosen.map(({ record }) => record).join()}]`);
      const replayOf = chosen.map(({ id, position, method }) => ({ id, position, method }));
      const records = { form: 'RECORDS', payload, recordCount: chosen.length, replayOf } as const;
      return accept(dataset, { kind: 'REPLAY', method: 'REPLACE', ...records }, caller);
    },

    /** Removes records, all without ids; returns how many. Throws NOT_FOUND. */
    async discard(datasetId: string, ids: readonly string[] | undefined): Promise<number> {
      await existingDataset(catalog, datasetId);
      return quarantine.discard(datasetId, ids);
    },
  };
}

function tooManyToReplay(asked: number, fitting: number, maxBytes: number): SluiceError {
  const message = `ids names ${asked} records, of which the first ${fitting} fit into one replay: at most ${MAX_REPLAYED} records and ${maxBytes} bytes; replay fewer at a time`;
  const expected = `at most ${MAX_REPLAYED} records of ${maxBytes} bytes together`;
  return new SluiceError('BAD_REQUEST', message, { field: 'ids', expected, actual: `${asked} records` });
}
