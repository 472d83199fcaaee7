import { type ClientSession, type Db, type MongoClient, MongoServerError } from 'mongodb';
import type { JobOutcome } from '../../domain/job/job.js';
import { joined } from '../../event-loop/joined-calls.js';
import type { Lease, TakenGroup } from '../../ports/lane.js';
import type { HiddenRecord, Row } from '../../ports/record-store.js';
import type { SmallGroups } from '../../ports/small-groups.js';
import type { StorageHealth } from '../../ports/storage-health.js';
import type { Collections } from './collections.js';
import { closingOf } from './job-closing.js';
import { toLoadedDocument } from './job-view.js';
import { laneChange, leaseAfter } from './lane-change.js';
import { groupDocument } from './lane-groups.js';
import { undisturbed } from './owned-updates.js';
import { type RowDocument, toDocument } from './rows/row-document.js';

/** What one transaction loads. Until it ends, other writers of these lanes wait. */
const LANES_OF_TRANSACTION = 16;

/** Thrown to abort a transaction. */
class DisturbedError extends Error {
  override readonly name = 'DisturbedError';
}

interface SmallLoad {
  readonly lease: Lease;
  readonly taken: Pick<TakenGroup, 'group' | 'isStored'>;
  readonly outcomes: readonly JobOutcome[];
  readonly rows: readonly (Row | HiddenRecord)[];
  readonly at: Date;
}

/** Loads of small groups whose rows are collections of `db`, where the ledger is too. Groups of many lanes share transactions; if one of them is refused, each gets its own. */
export function mongoSmallGroups(
  client: MongoClient,
  db: Db,
  collections: Collections,
  storage: Pick<StorageHealth, 'shortage'>,
): SmallGroups {
  /** Throws {@link DisturbedError}. */
  async function write(loads: readonly SmallLoad[], session: ClientSession): Promise<Lease[]> {
    const changes = loads.map(changeOf);
    const moves = changes.map(({ move }) => ({ updateOne: move }));
    const { matchedCount } = await collections.datasets.bulkWrite(moves, { session });
    if (matchedCount < loads.length) throw new DisturbedError();
    const groups = await collections.groups.bulkWrite(changes.map(groupWrite), { session });
    if (groups.matchedCount + groups.insertedCount < loads.length) throw new DisturbedError();
    for (const { lease, rows } of loads) {
      const options = { session, ignoreUndefined: true };
      if (rows.length > 0) await db.collection<RowDocument>(lease.generation).insertMany(rows.map(toDocument), options);
    }
    const closings = changes.map(({ closing }) => ({ updateMany: closing }));
    const closed = await collections.jobs.bulkWrite(closings, { session });
    // One was terminated before the lease was granted, and is remembered as it was before.
    const jobs = loads.reduce((sum, { outcomes }) => sum + outcomes.length, 0);
    if (closed.matchedCount < jobs) throw new DisturbedError();
    return changes.map(({ after }) => after);
  }

  /** Null if the transaction was refused; then nothing has changed. */
  async function writeTogether(loads: readonly SmallLoad[]): Promise<readonly Lease[] | null> {
    try {
      return await client.withSession((session) => session.withTransaction(() => write(loads, session)));
    } catch (error) {
      if (error instanceof DisturbedError || isRefused(error)) return null;
      throw error;
    }
  }

  const load = joined(
    async (loads: readonly SmallLoad[]): Promise<readonly (Lease | null)[]> => {
      const together = await writeTogether(loads);
      if (together || loads.length === 1) return together ?? [null];
      const alone: (Lease | null)[] = [];
      for (const one of loads) alone.push((await writeTogether([one]))?.[0] ?? null);
      return alone;
    },
    { maxCalls: LANES_OF_TRANSACTION },
  );

  return {
    hasRoom: () => storage.shortage() === null,
    load: (lease, taken, outcomes, rows, at) => load({ lease, taken, outcomes, rows, at }),
  };
}

/** What a load changes: its lane's document, the end of its group, and its jobs. */
function changeOf(load: SmallLoad) {
  const { lease, taken, outcomes, rows, at } = load;
  const { group } = taken;
  const after = leaseAfter(lease, { ...group, loaded: outcomes }, {});
  const { $set, ...others } = laneChange(after, {}, rows.length > 0);
  const passed = { 'lane.committedThrough': group.last, 'lane.takenThrough': group.last };
  const move = { filter: undisturbed(lease), update: { ...others, $set: { ...$set, ...passed } } };
  const committed = { committedAt: at, committedBy: lease.runToken, loaded: outcomes.map(toLoadedDocument) };
  const end = { ...committed, closedAt: at, transitions: group.transitions };
  return { load, after, move, end, closing: closingOf(group, after.appliedRevision, at) };
}

/** Ends a group that is stored, or stores it with its end. */
function groupWrite({ load: { lease, taken }, end }: ReturnType<typeof changeOf>) {
  const { group, isStored } = taken;
  if (!isStored) return { insertOne: { document: { ...groupDocument(lease, group), ...end } } };
  return { updateOne: { filter: { _id: group.id, runToken: lease.runToken }, update: { $set: end } } };
}

/** Whether the server has refused a write, and so the transaction. Otherwise it may be unknown whether it was committed: then the next attempt reads it. */
function isRefused(error: unknown): boolean {
  if (!(error instanceof MongoServerError)) return false;
  return !error.hasErrorLabel('TransientTransactionError') && !error.hasErrorLabel('UnknownTransactionCommitResult');
}
