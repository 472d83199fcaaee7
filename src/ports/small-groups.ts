import type { JobOutcome } from '../domain/job/job.js';
import type { Lease, TakenGroup } from './lane.js';
import type { HiddenRecord, Row } from './row-writes.js';

/** Only where rows are stored in the same database as the ledger: loads of small groups in one step. */
export interface SmallGroups {
  /** Whether there is room for rows. If not, the record store says so to who writes them. */
  hasRoom(): boolean;
  /**
   * Loads a group in one transaction: stores it if it is not stored, commits the outcomes of all its jobs, stores its new rows in the lane's generation, and ends it. Returns the updated lease.
   * Returns null, with nothing changed, if the lane has another owner, if one of its jobs was terminated since the lease was granted, if a row's id is taken, or if the database refuses a row. Then
   * commit, rows and end must follow one after the other; the commit throws LeaseLostError if the lane is lost.
   */
  load(
    lease: Lease,
    taken: Pick<TakenGroup, 'group' | 'isStored'>,
    outcomes: readonly JobOutcome[],
    rows: readonly (Row | HiddenRecord)[],
    at: Date,
  ): Promise<Lease | null>;
}
