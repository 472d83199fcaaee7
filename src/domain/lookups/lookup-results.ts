import type {
  AddressAnswer,
  AddressNeed,
  Answer,
  Answers,
  LookupAnswer,
  LookupNeed,
  Need,
} from '../transform/answers.js';
import { MAX_FOUND_BYTES, sizeOfAnswer } from './answer-size.js';
import type { Lookups, WantedColumns } from './wanted-columns.js';

/** How many records are looked up in one go. */
const LOOKUPS_AT_ONCE = 1_000;

/** Records of one dataset that are looked up in one go. */
export interface Question {
  readonly datasetId: string;
  readonly wanted: WantedColumns;
  /** Different ones, at most {@link LOOKUPS_AT_ONCE}. */
  readonly recordIds: readonly string[];
  readonly needs: readonly LookupNeed[];
}

/** Where outside data is found. */
export interface AnswerSources {
  /** By record id; at most `room` bytes. */
  readonly lookUp: (question: Question, room: number) => Promise<ReadonlyMap<string, LookupAnswer>>;
  /** By key. Null if no geocoder is asked. */
  readonly locate: ((addresses: readonly AddressNeed[]) => Promise<ReadonlyMap<string, AddressAnswer>>) | null;
}

/** What was found for a design so far: by its lookups, bounded by {@link MAX_FOUND_BYTES}, and of addresses. Nothing is asked for twice. */
export class LookupResults {
  readonly #answers = new Map<string, Answer>();
  #room = MAX_FOUND_BYTES;

  constructor(private readonly lookups: Lookups | null) {}

  get answers(): Answers {
    return this.#answers;
  }

  /** How many bytes may still be found. */
  get room(): number {
    return this.#room;
  }

  /** Finds what these needs ask for and has no answer yet. */
  async find(needs: readonly Need[], { lookUp, locate }: AnswerSources): Promise<void> {
    for (const question of this.questions(needs)) this.take(question, await lookUp(question, this.#room));
    const addresses = this.addresses(needs);
    if (addresses.length === 0) return;
    if (!locate) throw new TypeError('addresses are to be asked for, but there is no geocoder to ask');
    this.takeAddresses(await locate(addresses));
  }

  /** What to look up so that these needs have answers. */
  *questions(needs: Iterable<Need>): Generator<Question> {
    const byDataset = new Map<string, Map<string, LookupNeed>>();
    for (const need of needs) {
      if (need.kind !== 'LOOKUP' || this.#answers.has(need.key)) continue;
      const known = byDataset.get(need.datasetId) ?? new Map<string, LookupNeed>();
      byDataset.set(need.datasetId, known.set(need.key, need));
    }
    for (const [datasetId, byKey] of byDataset) {
      const wanted = this.lookups?.get(datasetId);
      if (!wanted) throw new Error(`no step of the design looks up dataset ${datasetId}`);
      const ofDataset = [...byKey.values()];
      for (let start = 0; start < ofDataset.length; start += LOOKUPS_AT_ONCE) {
        const some = ofDataset.slice(start, start + LOOKUPS_AT_ONCE);
        yield { datasetId, wanted, needs: some, recordIds: some.map(({ recordId }) => recordId) };
      }
    }
  }

  /** Takes what was found for a question, by record id. */
  take({ needs }: Question, found: ReadonlyMap<string, LookupAnswer>): void {
    for (const { key, recordId } of needs) {
      const answer = found.get(recordId) ?? { values: null };
      this.#answers.set(key, answer);
      this.#room -= sizeOfAnswer(answer);
    }
  }

  /** Which addresses to ask for so that these needs have answers, each once. */
  addresses(needs: Iterable<Need>): AddressNeed[] {
    const byKey = new Map<string, AddressNeed>();
    for (const need of needs) if (need.kind === 'ADDRESS' && !this.#answers.has(need.key)) byKey.set(need.key, need);
    return [...byKey.values()];
  }

  /** Takes what was found for addresses, by key. */
  takeAddresses(found: ReadonlyMap<string, AddressAnswer>): void {
    for (const [key, answer] of found) this.#answers.set(key, answer);
  }
}
