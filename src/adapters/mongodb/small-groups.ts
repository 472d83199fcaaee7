import { type ClientSession, type Db, type MongoClient, MongoServerError } from 'mongodb';
import type { JobOutcome } from '../../domain/job/job.js';
import type { Group, Lease } from '../../ports/lane.js';
import type { HiddenRecord, Row } from '../../ports/record-store.js';
import type { SmallGroups } from '../../ports/small-groups.js';
import type { StorageHealth } from '../../ports/storage-health.js';
import type { Collections } from './collections.js';
import { closeLoaded } from './job-closing.js';
import { toLoadedDocument } from './job-view.js';
import { laneChange, leaseAfter } from './lane-change.js';
import { ownedUpdates } from './owned-updates.js';
import { type RowDocument, toDocument } from './rows/row-document.js';

/** Loads of small groups whose rows are collections of `db`, where the ledger is too. */
export function mongoSmallGroups(
  client: MongoClient,
  db: Db,
  collections: Collections,
  storage: Pick<StorageHealth, 'shortage'>,
): SmallGroups {
  const owned = ownedUpdates(collections);

  async function write({ lease, group, outcomes, rows, at }: SmallLoad, session: ClientSession): Promise<Lease | null> {
    const loaded = { ...group, loaded: outcomes };
    const after = leaseAfter(lease, loaded, {});
    const change = laneChange(after, {}, rows.length > 0);
    const passed = { ...change, $set: { ...change.$set, 'lane.committedThrough': group.last } };
    if (!(await owned.undisturbedLane(lease, passed, session))) return null;
    const { transitions } = group;
    const end = { committedAt: at, committedBy: lease.runToken, closedAt: at, transitions };
    await owned.group(lease, group, { $set: { ...end, loaded: outcomes.map(toLoadedDocument) } }, session);
    const documents = rows.map(toDocument);
    const options = { session, ignoreUndefined: true };
    if (documents.length > 0) await db.collection<RowDocument>(lease.generation).insertMany(documents, options);
    await closeLoaded(collections, group, after.appliedRevision, at, session);
    return after;
  }

  return {
    hasRoom: () => storage.shortage() === null,

    async load(lease, group, outcomes, rows, at) {
      const load = { lease, group, outcomes, rows, at };
      try {
        return await client.withSession((session) => session.withTransaction(() => write(load, session)));
      } catch (error) {
        if (isRefused(error)) return null;
        throw error;
      }
    },
  };
}

interface SmallLoad {
  readonly lease: Lease;
  readonly group: Group;
  readonly outcomes: readonly JobOutcome[];
  readonly rows: readonly (Row | HiddenRecord)[];
  readonly at: Date;
}

/** Whether the server has refused a write, and so the transaction. Otherwise it may be unknown whether it was committed: then the next attempt reads it. */
function isRefused(error: unknown): boolean {
  if (!(error instanceof MongoServerError)) return false;
  return !error.hasErrorLabel('TransientTransactionError') && !error.hasErrorLabel('UnknownTransactionCommitResult');
}
