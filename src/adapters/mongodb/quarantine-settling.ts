import type { ClientSession } from 'mongodb';
import type { JobOutcome, LeftInQuarantine } from '../../domain/job/job.js';
import type { Group, GroupEnd, Lease } from '../../ports/lane.js';
import type { Collections } from './collections.js';
import { placesOf } from './group-places.js';

type QuarantineOnly = Pick<Collections, 'quarantine'>;

/** Removes what a run stored in quarantine for a group whose outcomes must be computed again. */
export async function forgetQuarantined(
  { quarantine }: QuarantineOnly,
  group: Group,
  { runToken }: Lease,
  session: ClientSession,
): Promise<void> {
  await quarantine.deleteMany({ ...placesOf(group), visible: false, runToken }, { session });
}

/**
 * The part of the commit point's transaction for the quarantine: it makes visible the records of the jobs that it ends, since a final job must show all of them, and
 * gives records that replays leave in quarantine the reasons of those replays.
 */
export async function settleAtCommit(
  collections: QuarantineOnly,
  group: Group,
  { runToken }: Lease,
  outcomes: readonly JobOutcome[],
  session: ClientSession,
): Promise<void> {
  const ended = outcomes.filter(({ kind, faults }) => kind === 'REFUSED' && faults.quarantined > 0);
  if (ended.length > 0) {
    const position = { $in: ended.map((outcome) => outcome.position) };
    const keptByRun = { datasetId: group.datasetId, position, visible: false, runToken };
    await collections.quarantine.updateMany(keptByRun, { $set: { visible: true } }, { session });
  }
  const left = outcomes.flatMap((outcome) => outcome.left ?? []);
  await recordLeft(collections, group, left, session);
}

/**
 * Makes visible what the loaded jobs of a group put into quarantine, except what was stored by runs that did not reach the commit point, and removes what its replays
 * have loaded.
 */
export async function settleQuarantine(
  collections: QuarantineOnly,
  group: Group,
  committedBy: number,
  { released = [], takenBack }: GroupEnd,
  session: ClientSession,
): Promise<void> {
  const { quarantine } = collections;
  await recordLeft(collections, group, takenBack?.left ?? [], session);
  if (mayHaveKept(group, takenBack)) {
    const ofGroup = { ...placesOf(group), visible: false };
    await quarantine.updateMany(
      { ...ofGroup, runToken: { $gte: committedBy } },
      { $set: { visible: true } },
      { session },
    );
    await quarantine.deleteMany(ofGroup, { session });
  }
  if (released.length > 0)
    await quarantine.deleteMany({ datasetId: group.datasetId, _id: { $in: [...released] } }, { session });
}

/**
 * Whether any run of a group can have left records in quarantine that are not visible yet. The only run of a group counted them in its outcomes: those of refused jobs are
 * visible since the commit point, and what it kept for outcomes that were not committed is removed. An earlier run may have ended before it could count or remove them.
 */
function mayHaveKept({ attempts, loaded }: Group, takenBack: GroupEnd['takenBack']): boolean {
  return attempts > 1 || takenBack !== undefined || loaded?.some(({ faults }) => faults.quarantined > 0) !== false;
}

/** Gives records that replays leave in quarantine the reasons of those replays. A record that was discarded meanwhile does not come back. */
async function recordLeft(
  { quarantine }: QuarantineOnly,
  { datasetId }: Group,
  left: readonly LeftInQuarantine[],
  session: ClientSession,
): Promise<void> {
  if (left.length === 0) return;
  const updates = left.map(({ id, errors, superseded }) => ({
    updateOne: {
      filter: { _id: id, datasetId },
      update: { $set: { errors, ...(superseded && { superseded }) } },
    },
  }));
  await quarantine.bulkWrite(updates, { session, ordered: false });
}
