import type { JobLedger } from '../ports/job-ledger.js';

/**
 * The ledger for many watchers. Those that ask the same while it is being answered share one look, which begins when that answer is there: what they get is
 * never older than their question, and a thousand of them cost no more than two.
 */
export function sharedLooks(ledger: JobLedger): JobLedger {
  return {
    ...ledger,
    findJob: shared((id) => ledger.findJob(id)),
    jobsBehind: shared((...args) => ledger.jobsBehind(...args)),
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
