import type { StoredValues } from '../design/stored-value.js';

/** Outside data that rows depend on. The same question always has the same key. */
export interface Need {
  readonly key: string;
}

/** The outside data, by the keys of {@link Need}; null where there is none. */
export type Answers = ReadonlyMap<string, StoredValues | null>;

export const NO_ANSWERS: Answers = new Map();

/** The result of a step that needs outside data which the answers do not have yet. */
export class Needed {
  constructor(readonly need: Need) {}
}
