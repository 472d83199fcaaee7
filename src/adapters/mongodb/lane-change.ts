import type { Group, GroupEnd, Lease } from '../../ports/lane.js';

/** The lease once the group is closed. */
export function leaseAfter(lease: Lease, group: Group, { swap }: GroupEnd): Lease {
  const { last: finalThrough, totalBytes: finalBytes, loaded } = group;
  // A group that this run has ended cannot be the one that an earlier run was interrupted by.
  const moved = { ...lease, finalThrough, finalBytes, wasInterrupted: false };
  if (swap) {
    const { generation, revision: appliedRevision, records, rows } = swap;
    return { ...moved, generation, appliedRevision, records, rows };
  }
  let { records, rows } = lease;
  for (const { counts, netRows } of loaded ?? []) {
    records += counts.added - counts.deleted;
    rows += netRows;
  }
  return { ...moved, records, rows };
}

/** The change of the lane's document with which a group is closed. */
export function laneChange(
  { generation, appliedRevision, finalThrough, finalBytes, records, rows }: Lease,
  { swap }: GroupEnd,
  wroteRows: boolean,
) {
  const $set = {
    'lane.finalThrough': finalThrough,
    'lane.finalBytes': finalBytes,
    'lane.records': records,
    'lane.rows': rows,
    ...(swap && { generation, appliedRevision }),
  };
  return wroteRows ? { $set, $unset: { rowsLost: 1 as const } } : { $set };
}
