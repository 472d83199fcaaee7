import { type ClientSession, type Db, type MongoClient, MongoServerError } from 'mongodb';
import type { JobOutcome } from '../../domain/job/job.js';
import type { Lease, TakenGroup } from '../../ports/lane.js';
import type { HiddenRecord, Row } from '../../ports/record-store.js';
import type { SmallGroups } from '../../ports/small-groups.js';
import type { StorageHealth } from '../../ports/storage-health.js';
import type { Collections } from './collections.js';
import { closeLoaded } from './job-closing.js';
import { toLoadedDocument } from './job-view.js';
import { laneChange, leaseAfter } from './lane-change.js';
import { groupDocument } from './lane-groups.js';
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

  async function write({ lease, taken, outcomes, rows, at }: SmallLoad, session: ClientSession): Promise<Lease | null> {
    const { group, isStored } = taken;
    const loaded = { ...group, loaded: outcomes };
    const after = leaseAfter(lease, loaded, {});
    const change = laneChange(after, {}, rows.length > 0);
    const passed = { 'lane.committedThrough': group.last, 'lane.takenThrough': group.last };
    if (!(await owned.undisturbedLane(lease, { ...change, $set: { ...change.$set, ...passed } }, session))) return null;
    const { transitions } = group;
    const committed = { committedAt: at, committedBy: lease.runToken, loaded: outcomes.map(toLoadedDocument) };
    const end = { ...committed, closedAt: at, transitions };
    if (isStored) await owned.group(lease, group, { $set: end }, session);
    else await collections.groups.insertOne({ ...groupDocument(lease, group), ...end }, { session });
    const documents = rows.map(toDocument);
    const options = { session, ignoreUndefined: true };
    if (documents.length > 0) await db.collection<RowDocument>(lease.generation).insertMany(documents, options);
    await closeLoaded(collections, group, after.appliedRevision, at, session);
    return after;
  }

  return {
    hasRoom: () => storage.shortage() === null,

    async load(lease, taken, outcomes, rows, at) {
      const load = { lease, taken, outcomes, rows, at };
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
  readonly taken: Pick<TakenGroup, 'group' | 'isStored'>;
  readonly outcomes: readonly JobOutcome[];
  readonly rows: readonly (Row | HiddenRecord)[];
  readonly at: Date;
}

/** Whether the server has refused a write, and so the transaction. Otherwise it may be unknown whether it was committed: then the next attempt reads it. */
function isRefused(error: unknown): boolean {
  if (!(error instanceof MongoServerError)) return false;
  return !error.hasErrorLabel('TransientTransactionError') && !error.hasErrorLabel('UnknownTransactionCommitResult');
}
