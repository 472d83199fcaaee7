import Sequencer from '@jest/test-sequencer';

/** The suites that take longest, mostly because they wait, in the order of their times. One that came last would run alone. */
const LONGEST = [
  'test/fault/services',
  'test/contract/elasticsearch-record-store',
  'test/fault/elasticsearch-trouble',
  'test/e2e/start',
  'test/fault/fairness',
  'test/e2e/npm-start',
  'test/fault/model',
  'test/fault/own-mongod',
  'test/fault/workers',
  'test/fault/kills',
  'test/fault/elasticsearch-index-trouble',
  'test/e2e/elasticsearch-security',
  'test/e2e/identifiers',
];

/** What failed comes first, as Jest has it, then the longest suites, which a fresh clone knows no times of, then the others in Jest's order. */
export default class LongSuitesFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).sort((one, other) => this.#rank(one) - this.#rank(other));
  }

  #rank(test) {
    if (this.hasFailed(test)) return -1;
    const rank = LONGEST.findIndex((suite) => test.path.endsWith(`/${suite}.test.ts`));
    return rank < 0 ? LONGEST.length : rank;
  }
}
