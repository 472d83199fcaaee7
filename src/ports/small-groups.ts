import type { JobOutcome } from '../domain/job/job.js';
import type { Lease, TakenGroup } from './lane.js';
import type { HiddenRecord, Row } from './record-store.js';

/** Only where rows are stored in the same database as the ledger: loads of small groups in one step. */
export interface SmallGroups {
  /** Whether there is room for rows. If not, the record store says so to who writes them. */
  hasRoom(): boolean;
  /**
   * Commits the outcomes of a group, which loads all of its jobs, stores its new rows in the lane's generation and ends it, in one transaction, which also stores the group unless it is stored. Returns the updated lease. Returns null, and
   * nothing has changed, if a job of the lane was terminated since the lease was granted, if a row's id is taken, or if the database refuses a row: then commit, rows and end must
   * follow one after the other. Throws LeaseLostError once the lane has another run token.
   */
  load(
    lease: Lease,
    taken: Pick<TakenGroup, 'group' | 'isStored'>,
    outcomes: readonly JobOutcome[],
    rows: readonly (Row | HiddenRecord)[],
    at: Date,
  ): Promise<Lease | null>;
}
