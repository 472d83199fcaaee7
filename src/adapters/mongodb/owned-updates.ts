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
  /** Updates the group's document. Returns which run had committed it before. */
  group(
    lease: Lease,
    group: Group,
    update: UpdateFilter<GroupDocument>,
    session?: ClientSession,
  ): Promise<Pick<GroupDocument, 'committedBy'>>;
}

export function ownedUpdates({ datasets, groups }: Pick<Collections, 'datasets' | 'groups'>): OwnedUpdates {
  return {
    async lane(lease, update, session, appliedRevision) {
      const token = { _id: lease.datasetId, 'lane.runToken': lease.runToken };
      const owned = appliedRevision === undefined ? token : { ...token, appliedRevision };
      const { matchedCount } = await datasets.updateOne(owned, update, session && { session });
      if (matchedCount === 0) throw leaseLost(lease);
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
