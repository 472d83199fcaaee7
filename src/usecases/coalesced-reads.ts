import type { ApiKeys } from '../ports/api-keys.js';
import type { Catalog } from '../ports/catalog.js';
import type { JobLedger } from '../ports/job-ledger.js';

/** What every request of many clients asks for. */
type Asked = {
  readonly catalog: Pick<Catalog, 'findDataset' | 'findDesign'>;
  readonly apiKeys: Pick<ApiKeys, 'findByHash'>;
};

/** Shares the reads that requests begin with, in the same way as {@link sharedLooks}. */
export function withSharedLooks<T extends Asked>(ports: T): T {
  const { catalog, apiKeys } = ports;
  const findByHash = shared((hash: string) => apiKeys.findByHash(Buffer.from(hash, 'hex')));
  return {
    ...ports,
    catalog: {
      ...catalog,
      findDataset: shared((id) => catalog.findDataset(id)),
      findDesign: shared((datasetId, revision) => catalog.findDesign(datasetId, revision)),
    },
    apiKeys: { ...apiKeys, findByHash: (hash: Buffer) => findByHash(hash.toString('hex')) },
  };
}

/**
 * Wraps the ledger for many watchers. Calls with the same arguments that arrive during a read share the next read, which starts when the current one ends. So no
 * result is older than the call for it, and a thousand simultaneous calls cost no more than two reads.
 */
export function sharedLooks(ledger: JobLedger): JobLedger {
  return {
    ...ledger,
    findJob: shared((id) => ledger.findJob(id)),
    jobsAfter: shared((...args) => ledger.jobsAfter(...args)),
    lastPosition: shared((datasetId) => ledger.lastPosition(datasetId)),
    isLaneClosed: shared((datasetId) => ledger.isLaneClosed(datasetId)),
    firstOpenPosition: shared((datasetId) => ledger.firstOpenPosition(datasetId)),
  };
}

interface Look<T> {
  begun: boolean;
  readonly answer: Promise<T>;
}

function shared<A extends readonly unknown[], T>(look: (...args: A) => Promise<T>): (...args: A) => Promise<T> {
  const newest = new Map<string, Look<T>>();
  return (...args) => {
    const key = JSON.stringify(args);
    const last = newest.get(key);
    if (last && !last.begun) return last.answer;
    const begin = () => {
      mine.begun = true;
      return look(...args);
    };
    const forget = () => {
      if (newest.get(key) === mine) newest.delete(key);
    };
    const answer = (last?.answer ?? Promise.resolve()).then(begin, begin).finally(forget);
    const mine: Look<T> = { begun: false, answer };
    newest.set(key, mine);
    return answer;
  };
}
