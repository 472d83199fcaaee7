import { SluiceError } from '../domain/errors.js';
import type { Job } from '../domain/job/job.js';
import type { Caller } from '../domain/security/caller.js';
import type { AcceptJob } from './accept-job.js';
import { existingDataset } from './checks.js';
import type { Deps } from './deps.js';

/** The most records of one replay, and of ids that a request names. A replay is one job, so its records together may be as large as one payload. */
const MAX_REPLAYED = 1_000;

/** Replays and discards records in quarantine. At most `maxPayloadBytes` of records are read at a time, or a single larger record. */
export function quarantineOf(
  { catalog, quarantine }: Pick<Deps, 'catalog' | 'quarantine'>,
  accept: AcceptJob,
  maxPayloadBytes: number,
) {
  return {
    /**
     * Accepts a job that loads records again under the applied design. Records that fit leave the quarantine; the others stay. A record whose unique identifiers a
     * later job has written or deleted stays too, marked as superseded. Without ids, the oldest records are loaded, as many as one job takes: 1,000, and the bytes of
     * one payload. Throws NOT_FOUND, BAD_REQUEST if there is nothing to replay or the ids are more than that, BACK_PRESSURE.
     */
    async replay(datasetId: string, ids: readonly string[] | undefined, caller: Caller): Promise<Job> {
      refuseTooManyIds(ids);
      const dataset = await existingDataset(catalog, datasetId);
      const query = { ids, first: MAX_REPLAYED, maxBytes: maxPayloadBytes };
      const { nodes: chosen, hasNextPage } = await quarantine.list(datasetId, query);
      if (chosen.length === 0) {
        const message = 'there is nothing to replay; give the ids of records that are in quarantine';
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

    /** Removes records from quarantine, all of them without ids, and returns how many. Throws NOT_FOUND, and BAD_REQUEST for more than 1,000 ids. */
    async discard(datasetId: string, ids: readonly string[] | undefined): Promise<number> {
      refuseTooManyIds(ids);
      await existingDataset(catalog, datasetId);
      return quarantine.discard(datasetId, ids);
    },
  };
}

function refuseTooManyIds(ids: readonly string[] | undefined): void {
  if (ids === undefined || ids.length <= MAX_REPLAYED) return;
  const [expected, actual] = [`at most ${MAX_REPLAYED} ids`, `${ids.length} ids`];
  const message = `ids has ${actual}; give ${expected} at a time`;
  throw new SluiceError('BAD_REQUEST', message, { field: 'ids', expected, actual });
}

function tooManyToReplay(asked: number, fitting: number, maxBytes: number): SluiceError {
  const message = `ids has ${asked} records, but one replay takes at most ${MAX_REPLAYED} records and ${maxBytes} bytes: the first ${fitting} of these; replay fewer at a time`;
  const expected = `at most ${MAX_REPLAYED} records of ${maxBytes} bytes together`;
  return new SluiceError('BAD_REQUEST', message, { field: 'ids', expected, actual: `${asked} records` });
}
