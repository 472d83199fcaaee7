import type { Lanes } from '../../ports/lane.js';
import type { OwnedUpdates } from './owned-updates.js';

/** What a run records about its group while it works on it. */
export function groupRecords(
  owned: OwnedUpdates,
): Pick<Lanes, 'recordWaiting' | 'recordProgress' | 'recordTransitions' | 'recordAlone' | 'giveBack'> {
  return {
    async recordWaiting(lease, group, waiting) {
      await owned.group(lease, group, { $set: { waiting, waitedIn: waiting && lease.runToken } });
    },

    async recordProgress(lease, group, progress) {
      await owned.group(lease, group, { $max: { progress } });
    },

    async recordTransitions(lease, group) {
      await owned.group(lease, group, { $set: { transitions: group.transitions } });
    },

    async recordAlone(lease, group) {
      await owned.group(lease, group, { $set: { aloneIn: lease.runToken } });
    },

    async giveBack(lease, group) {
      // If it is unknown whether the group was closed, the stored ones may be more.
      const given = { $literal: group.transitions };
      const isMore = { $gt: [{ $size: '$transitions' }, group.transitions.length] };
      const transitions = { $cond: [isMore, '$transitions', given] };
      await owned.group(lease, group, [{ $set: { givenBack: true, transitions } }]);
    },
  };
}
