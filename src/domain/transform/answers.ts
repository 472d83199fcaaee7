import type { StoredValues } from '../design/stored-value.js';

/** Outside data that rows depend on: a record of another dataset. The same question always has the same key. */
export interface Need {
  readonly key: string;
  readonly datasetId: string;
  readonly recordId: string;
}

/** What was found for a {@link Need}. */
export interface Answer {
  /** The values by the stored keys of the other dataset; null if it has no such record. */
  readonly values: StoredValues | null;
  /** By stored key, why there is no value although one may exist. */
  readonly faults?: Readonly<Record<string, string>>;
}

/** The outside data, by the keys of {@link Need}. */
export type Answers = ReadonlyMap<string, Answer>;

export const NO_ANSWERS: Answers = new Map();

/** The result of a step that needs outside data which the answers do not have yet. */
export class Needed {
  constructor(readonly need: Need) {}
}
