import { hashesOf } from '../domain/security/api-key.js';
import type { ApiKeys } from '../ports/api-keys.js';
import type { Catalog } from '../ports/catalog.js';
import type { JobLedger } from '../ports/job-ledger.js';
import { batched } from './batched-reads.js';

/** What requests begin with. */
type Ports = {
  readonly catalog: Pick<Catalog, 'findDataset' | 'findDatasets'>;
  readonly apiKeys: Pick<ApiKeys, 'findByHash' | 'findByHashes'>;
};

/** Batches the reads with which every request begins: of its key and its dataset. Designs never change, so the catalog shares reads of them itself. */
export function withBatchedReads<T extends Ports>(ports: T): T {
  const { catalog, apiKeys } = ports;
  const findByHash = batched(async (hashes) => {
    const keys = await apiKeys.findByHashes(hashes.map((hash) => Buffer.from(hash, 'hex')));
    return new Map(keys.flatMap((key) => hashesOf(key).map((hash) => [hash.toString('hex'), key])));
  });
  const findDataset = batched((ids) => catalog.findDatasets(ids));
  return {
    ...ports,
    catalog: { ...catalog, findDataset },
    apiKeys: { ...apiKeys, findByHash: (hash: Buffer) => findByHash(hash.toString('hex')) },
  };
}

/** Coalesces the reads of many watchers of the ledger. */
export function coalescedLedger(ledger: JobLedger): JobLedger {
  return {
    ...ledger,
    findJob: coalesced((id) => ledger.findJob(id)),
    jobsAfter: coalesced((...args) => ledger.jobsAfter(...args)),
    lastPosition: coalesced((datasetId) => ledger.lastPosition(datasetId)),
    isLaneClosed: coalesced((datasetId) => ledger.isLaneClosed(datasetId)),
    firstOpenPosition: coalesced((datasetId) => ledger.firstOpenPosition(datasetId)),
  };
}

interface Read<T> {
  isStarted: boolean;
  readonly result: Promise<T>;
}

/**
 * Calls with the same arguments that arrive during a read share the next read, which starts when the current one ends. So no result is older than the call for it, and a
 * thousand simultaneous calls cost no more than two reads.
 *
 * ```
 * calls   a     b  c  d
 * reads   |--a----||--b, c, d--|
 * ```
 */
function coalesced<A extends readonly unknown[], T>(read: (...args: A) => Promise<T>): (...args: A) => Promise<T> {
  const latest = new Map<string, Read<T>>();
  return (...args) => {
    const key = JSON.stringify(args);
    const last = latest.get(key);
    if (last && !last.isStarted) return last.result;
    const start = () => {
      next.isStarted = true;
      return read(...args);
    };
    const forget = () => {
      if (latest.get(key) === next) latest.delete(key);
    };
    const result = (last?.result ?? Promise.resolve()).then(start, start).finally(forget);
    const next: Read<T> = { isStarted: false, result };
    latest.set(key, next);
    return result;
  };
}
