import type { JobLedger } from '../ports/job-ledger.js';

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
