import { type ClientSession, type Db, type MongoClient, MongoServerError } from 'mongodb';
import type { JobOutcome } from '../../domain/job/job.js';
import { joined } from '../../event-loop/joined-calls.js';
import type { Lease, TakenGroup } from '../../ports/lane.js';
import type { HiddenRecord, Row } from '../../ports/row-writes.js';
import type { SmallGroups } from '../../ports/small-groups.js';
import type { StorageHealth } from '../../ports/storage-health.js';
import type { Collections } from './collections.js';
import { closingOf } from './job-closing.js';
import { toLoadedDocument } from './job-view.js';
import { laneChange, leaseAfter } from './lane-change.js';
import { groupDocument } from './lane-groups.js';
import { MANY_LANES } from './many-lanes.js';
import { undisturbed } from './owned-updates.js';
import { RecentEnds } from './recent-ends.js';
import { RecentJobs } from './recent-jobs.js';
import { type RowDocument, toDocument } from './rows/row-document.js';

/** What one transaction loads. Until it ends, other writers of these lanes wait. */
const LANES_OF_TRANSACTION = 32;

/** Thrown to abort a transaction. */
class DisturbedError extends Error {
  override readonly name = 'DisturbedError';
}

/** The jobs that this process has accepted, and where it leaves those that it has ended. */
export interface RecentGroups {
  readonly recentJobs: RecentJobs;
  readonly recentEnds: RecentEnds;
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
  { recentJobs, recentEnds }: RecentGroups = { recentJobs: new RecentJobs(), recentEnds: new RecentEnds() },
): SmallGroups {
  /** Throws {@link DisturbedError}. */
  async function write(changes: readonly Change[], session: ClientSession): Promise<void> {
    const moves = changes.map(({ move }) => ({ updateOne: move }));
    const { matchedCount } = await collections.datasets.bulkWrite(moves, { session });
    if (matchedCount < changes.length) throw new DisturbedError();
    const groups = await collections.groups.bulkWrite(changes.map(groupWrite), { session });
    if (groups.matchedCount + groups.insertedCount < changes.length) throw new DisturbedError();
    for (const { lease, rows } of changes.map(({ load }) => load)) {
      const options = { session, ignoreUndefined: true };
      if (rows.length > 0) await db.collection<RowDocument>(lease.generation).insertMany(rows.map(toDocument), options);
    }
    const closings = changes.map(({ closing }) => ({ updateMany: closing }));
    const closed = await collections.jobs.bulkWrite(closings, { session });
    // Otherwise one was terminated before the lease was granted, and is remembered as it was before.
    const jobs = changes.reduce((sum, { load }) => sum + load.outcomes.length, 0);
    if (closed.matchedCount < jobs) throw new DisturbedError();
  }

  /** Null if the transaction was refused; then nothing has changed. */
  async function writeTogether(loads: readonly SmallLoad[]): Promise<readonly Lease[] | null> {
    const changes = loads.map(changeOf);
    try {
      await client.withSession((session) => session.withTransaction(() => write(changes, session)));
      for (const change of changes) keepEnd(change);
      return changes.map(({ after }) => after);
    } catch (error) {
      if (error instanceof DisturbedError || isRefused(error)) return null;
      throw error;
    }
  }

  /** Keeps the end of a group for those who wait for it, as far as its jobs are remembered. */
  function keepEnd({ load: { lease, taken, outcomes }, end, closing }: Change): void {
    if (taken.isStored || !taken.group.isRemembered) return;
    const jobs = recentJobs.from(lease.datasetId, taken.group.first, outcomes.length);
    if (jobs.length < outcomes.length) return;
    recentEnds.put({ group: { ...groupDocument(lease, taken.group), ...end }, jobs }, closing.update.$set);
  }

  const load = joined(
    async (loads: readonly SmallLoad[]): Promise<readonly (Lease | null)[]> => {
      const together = await writeTogether(loads);
      if (together || loads.length === 1) return together ?? [null];
      const alone: (Lease | null)[] = [];
      for (const one of loads) alone.push((await writeTogether([one]))?.[0] ?? null);
      return alone;
    },
    { ...MANY_LANES, maxCalls: LANES_OF_TRANSACTION },
  );

  return {
    hasRoom: () => storage.shortage() === null,
    load: (lease, taken, outcomes, rows, at) => load({ lease, taken, outcomes, rows, at }),
  };
}

type Change = ReturnType<typeof changeOf>;

/** What a load changes: its lane's document, the end of its group, and its jobs. */
function changeOf(load: SmallLoad) {
  const { lease, taken, outcomes, rows, at } = load;
  const { group } = taken;
  const after = leaseAfter(lease, { ...group, loaded: outcomes }, {});
  const { $set, ...others } = laneChange(after, {}, rows.length > 0);
  const passed = { 'lane.committedThrough': group.last, 'lane.takenThrough': group.last };
  const move = { filter: undisturbed(lease), update: { $set: Object.assign({}, $set, passed), ...others } };
  const committed = { committedAt: at, committedBy: lease.runToken, loaded: outcomes.map(toLoadedDocument) };
  const end = { closedAt: at, transitions: group.transitions, ...committed };
  return { load, after, move, end, closing: closingOf(group, after.appliedRevision, at) };
}

/** Ends a group that is stored, or stores it with its end. */
function groupWrite({ load: { lease, taken }, end }: Change) {
  const { group, isStored } = taken;
  if (!isStored) return { insertOne: { document: { ...groupDocument(lease, group), ...end } } };
  return { updateOne: { filter: { _id: group.id, runToken: lease.runToken }, update: { $set: end } } };
}

/** Whether the server has refused a write, and so the transaction. Otherwise it may be unknown whether it was committed: then the next attempt reads it. */
function isRefused(error: unknown): boolean {
  if (!(error instanceof MongoServerError)) return false;
  return !error.hasErrorLabel('TransientTransactionError') && !error.hasErrorLabel('UnknownTransactionCommitResult');
}
