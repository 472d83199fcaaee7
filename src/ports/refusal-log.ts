import type { Refusal, RefusalReason } from '../domain/security/refusal.js';
import type { ListPage } from './catalog.js';

/** How often a caller was refused for a reason in a minute. */
export interface RefusalCount extends Refusal {
  readonly minute: Date;
  /** Where it came from. Null: from others than those of this minute that are counted apart. */
  readonly address: string | null;
  readonly count: number;
}

export interface StoredRefusalCount extends RefusalCount {
  readonly id: string;
}

/** Which counts to list. What is left out does not limit them. */
export interface RefusalFilter {
  readonly reasons?: readonly RefusalReason[] | undefined;
  readonly callerId?: string | undefined;
  readonly address?: string | undefined;
  /** Minutes that begin at this time or later. */
  readonly from?: Date | undefined;
  /** Minutes that begin before this time. */
  readonly to?: Date | undefined;
}

export interface RefusalQuery extends RefusalFilter {
  readonly first: number;
  /** The id of the last count of the previous page. */
  readonly after?: string | undefined;
}

/** Counts of refusals, which all processes add to. They are kept for 30 days. */
export interface RefusalLog {
  /** Adds these counts to those that are stored. */
  add(counts: readonly RefusalCount[]): Promise<void>;
  /** Newest minute first. */
  list(query: RefusalQuery): Promise<ListPage<StoredRefusalCount>>;
  count(filter: RefusalFilter): Promise<number>;
}
