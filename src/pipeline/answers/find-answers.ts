import { MAX_FOUND_BYTES, sizeOfAnswer } from '../../domain/lookups/answer-size.js';
import type { Lookups } from '../../domain/lookups/wanted-columns.js';
import type { Answer, Answers, Need } from '../../domain/transform/answers.js';
import { LOOKUPS_AT_ONCE } from '../../ports/lookup-source.js';
import type { GroupRun } from '../group-run.js';

/** Finds outside data in a few requests for many needs, and waits for the record store as for any other trouble with it. The same need is never asked for twice. */
export class AnswerFinder {
  readonly #found = new Map<string, Answer>();
  #room = MAX_FOUND_BYTES;

  constructor(
    private readonly run: GroupRun,
    private readonly lookups: Lookups,
  ) {}

  get found(): Answers {
    return this.#found;
  }

  /** Finds what `found` does not have yet. */
  async find(needs: Iterable<Need>): Promise<void> {
    const byDataset = new Map<string, Need[]>();
    for (const need of new Map([...needs].map((one) => [one.key, one])).values()) {
      if (this.#found.has(need.key)) continue;
      const known = byDataset.get(need.datasetId);
      if (known) known.push(need);
      else byDataset.set(need.datasetId, [need]);
    }
    for (const [datasetId, some] of byDataset) {
      for (let start = 0; start < some.length; start += LOOKUPS_AT_ONCE)
        await this.#findIn(datasetId, some.slice(start, start + LOOKUPS_AT_ONCE));
    }
  }

  async #findIn(datasetId: string, needs: readonly Need[]): Promise<void> {
    const { run } = this;
    const wanted = this.lookups.get(datasetId);
    if (!wanted) throw new Error(`no step of the design looks up dataset ${datasetId}`);
    const ids = needs.map(({ recordId }) => recordId);
    const answers = await run.storeStep(() => run.deps.lookups.find(datasetId, wanted, ids, this.#room));
    for (const { key, recordId } of needs) {
      const answer = answers.get(recordId) ?? { values: null };
      this.#found.set(key, answer);
      this.#room -= sizeOfAnswer(answer);
    }
  }
}
