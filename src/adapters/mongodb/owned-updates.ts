import type { ClientSession, UpdateFilter } from 'mongodb';
import type { Group, Lease } from '../../ports/lane.js';
import type { Collections } from './collections.js';
import type { DatasetDocument, GroupDocument } from './documents.js';
import { leaseLost } from './lease-lost.js';

/** Updates that only the owner of a lane may make: each throws LeaseLostError, and changes nothing, once the lane has another run token. */
export interface OwnedUpdates {
  /** Updates the lane's document; with `appliedRevision` only while that is the applied design. */
  lane(
    lease: Lease,
    update: UpdateFilter<DatasetDocument> | object[],
    session?: ClientSession,
    appliedRevision?: number,
  ): Promise<void>;
  /** The same, but changes nothing and returns false if a job of the lane was terminated since the lease was granted; also if the lease is lost. */
  undisturbedLane(
    lease: Lease,
    update: UpdateFilter<DatasetDocument>,
    session: ClientSession,
    appliedRevision?: number,
  ): Promise<boolean>;
  /** Updates the group's document. Returns which run had committed it before. */
  group(
    lease: Lease,
    group: Group,
    update: UpdateFilter<GroupDocument> | object[],
    session?: ClientSession,
  ): Promise<Pick<GroupDocument, 'committedBy'>>;
}

/**
 * Matches the dataset while the lane is held under this lease. For what makes a run token durable: before that, a primary that takes over may give the same token to another
 * owner.
 */
export function heldBy({ datasetId, runToken, owner }: Lease) {
  return { _id: datasetId, 'lane.runToken': runToken, 'lane.owner': owner };
}

/** The same while no job of the lane was terminated since the lease was granted. */
export function undisturbed(lease: Lease) {
  const { terminations } = lease;
  return { 'lane.terminations': terminations === 0 ? { $in: [0, null] } : terminations, ...heldBy(lease) };
}

export function ownedUpdates({ datasets, groups }: Pick<Collections, 'datasets' | 'groups'>): OwnedUpdates {
  const held = ({ datasetId, runToken }: Lease, appliedRevision?: number) => ({
    _id: datasetId,
    'lane.runToken': runToken,
    ...(appliedRevision !== undefined && { appliedRevision }),
  });

  return {
    async lane(lease, update, session, appliedRevision) {
      const { matchedCount } = await datasets.updateOne(held(lease, appliedRevision), update, session && { session });
      if (matchedCount === 0) throw leaseLost(lease);
    },

    async undisturbedLane(lease, update, session, appliedRevision) {
      const matched = { ...undisturbed(lease), ...(appliedRevision !== undefined && { appliedRevision }) };
      return (await datasets.updateOne(matched, update, { session })).matchedCount > 0;
    },

    async group(lease, group, update, session) {
      const owned = { _id: group.id, runToken: lease.runToken };
      const options = { projection: { committedBy: 1 }, ...(session && { session }) };
      const before = await groups.findOneAndUpdate(owned, update, options);
      if (!before) throw leaseLost(lease);
      return before;
    },
  };
}
