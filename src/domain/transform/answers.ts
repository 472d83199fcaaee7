import type { StoredValues } from '../design/stored-value.js';
import type { GeoPoint } from '../geo-point.js';
import type { Address } from '../geolocation/address.js';

/** A record of another dataset that rows depend on. */
export interface LookupNeed {
  readonly kind: 'LOOKUP';
  readonly key: string;
  readonly datasetId: string;
  readonly recordId: string;
}

/** An address that rows depend on, and that the geocoder of the operator is asked for. */
export interface AddressNeed {
  readonly kind: 'ADDRESS';
  readonly key: string;
  readonly address: Address;
}

/** Outside data that rows depend on. The same question always has the same key. */
export type Need = LookupNeed | AddressNeed;

/** What was found for a {@link LookupNeed}. */
export interface LookupAnswer {
  /** The values by the stored keys of the other dataset; null if it has no such record. */
  readonly values: StoredValues | null;
  /** By stored key, why there is no value although one may exist. */
  readonly faults?: Readonly<Record<string, string>>;
}

/** What was found for an {@link AddressNeed}. */
export interface AddressAnswer {
  /** Null if the address is nowhere, or if there is a fault. */
  readonly point: GeoPoint | null;
  /** Why there is no point although one may exist. */
  readonly fault?: string;
}

export type Answer = LookupAnswer | AddressAnswer;

/** The outside data, by the keys of {@link Need}. */
export type Answers = ReadonlyMap<string, Answer>;

export const NO_ANSWERS: Answers = new Map();

/** Whether an answer is one to an address. */
export function isOfAddress(answer: Answer): answer is AddressAnswer {
  return 'point' in answer;
}

/** Whether addresses are among the questions that were answered. */
export function hasAddresses(answers: Answers): boolean {
  for (const answer of answers.values()) if (isOfAddress(answer)) return true;
  return false;
}

/** What was found for a lookup; undefined if the answers do not have it. */
export function lookupAnswer(answers: Answers, key: string): LookupAnswer | undefined {
  const answer = answers.get(key);
  return answer && !isOfAddress(answer) ? answer : undefined;
}

/** What was found for an address; undefined if the answers do not have it. */
export function addressAnswer(answers: Answers, key: string): AddressAnswer | undefined {
  const answer = answers.get(key);
  return answer && isOfAddress(answer) ? answer : undefined;
}

/** The result of a step that needs outside data which the answers do not have yet. */
export class Needed {
  constructor(readonly need: Need) {}
}
