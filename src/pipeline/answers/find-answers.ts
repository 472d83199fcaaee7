import { LookupResults } from '../../domain/lookups/lookup-results.js';
import type { Lookups } from '../../domain/lookups/wanted-columns.js';
import type { Answers, Need } from '../../domain/transform/answers.js';
import type { GroupRun } from '../group-run.js';

/** Finds outside data in a few requests for many needs, and waits for the record store as for any other trouble with it. */
export class AnswerFinder {
  readonly #found: LookupResults;

  constructor(
    private readonly run: GroupRun,
    lookups: Lookups,
  ) {
    this.#found = new LookupResults(lookups);
  }

  get found(): Answers {
    return this.#found.answers;
  }

  /** Finds what `found` does not have yet. */
  async find(needs: Iterable<Need>): Promise<void> {
    const { run } = this;
    for (const question of this.#found.questions(needs)) {
      const { datasetId, wanted, recordIds } = question;
      const { room } = this.#found;
      const found = await run.storeStep(() => run.deps.lookups.find(datasetId, wanted, recordIds, room));
      this.#found.take(question, found);
    }
  }
}
