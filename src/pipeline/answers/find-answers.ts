import type { CompiledDesign } from '../../domain/design/compiled-design.js';
import { answeredOffline } from '../../domain/geolocation/asked-address.js';
import { LookupResults } from '../../domain/lookups/lookup-results.js';
import type { Answer, Answers, Need } from '../../domain/transform/answers.js';
import type { AskingBudget } from '../../ports/address-source.js';
import type { GroupRun } from '../group-run.js';

/** Finds outside data in a few requests for many needs, and waits for the record store as for any other trouble with it. */
export class AnswerFinder {
  readonly #found: LookupResults;

  /** `budget`: for the geocoder of the operator, shared by all that is found for a group of jobs. */
  constructor(
    private readonly run: GroupRun,
    { lookups }: Pick<CompiledDesign, 'lookups'>,
    private readonly budget = askingBudget(run),
  ) {
    this.#found = new LookupResults(lookups);
  }

  get found(): Answers {
    return this.#found.answers;
  }

  /** Finds what `found` does not have yet. */
  async find(needs: Iterable<Need>): Promise<void> {
    const { run, budget } = this;
    const { lookups, addresses: source } = run.deps;
    await this.#found.find([...needs], {
      lookUp: ({ datasetId, wanted, recordIds }, room) =>
        run.storeStep(() => lookups.find(datasetId, wanted, recordIds, room)),
      locate:
        source && budget
          ? async (addresses) => {
              const found = await source.find(addresses, budget, run.signal);
              run.held.stillOwned();
              return found;
            }
          : null,
    });
  }
}

/** What asking for the addresses of a group of jobs may take; null if no geocoder is asked. */
export function askingBudget(run: GroupRun): AskingBudget | null {
  return run.deps.addresses?.budget() ?? null;
}

/** For jobs that were loaded offline, before the operator named a geocoder: places their addresses as it was done then. */
export class OfflineFinder {
  readonly #found = new Map<string, Answer>();

  constructor(private readonly run: GroupRun) {}

  get found(): Answers {
    return this.#found;
  }

  async find(needs: Iterable<Need>): Promise<void> {
    const places = await this.run.deps.geocoder.load();
    for (const need of needs) if (need.kind === 'ADDRESS') this.#found.set(need.key, answeredOffline(places, need));
  }
}
