import type { AddressAnswer, AddressNeed } from '../domain/transform/answers.js';

/** What asking for the addresses of jobs that are loaded together may take, all pages of a reload included. The source counts it down. */
export interface AskingBudget {
  /** Milliseconds that may still be spent with asking. */
  ms: number;
  /** Requests that may still fail. */
  failures: number;
}

/** A geocoder that is asked over the network. It may answer otherwise tomorrow, so what it answers is recorded. */
export interface AddressSource {
  /** A full budget, for jobs that are loaded together. */
  budget(): AskingBudget;
  /**
   * The answer to each address, by key. It ends at about the time that the budget gives, whatever the geocoder does: addresses without an answer then have a fault. What is cached is
   * answered whatever is left. Throws the signal's reason.
   */
  find(
    needs: readonly AddressNeed[],
    budget: AskingBudget,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, AddressAnswer>>;
}
