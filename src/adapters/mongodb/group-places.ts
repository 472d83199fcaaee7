import type { Group } from '../../ports/lane.js';

/** Matches what has a place in a lane, such as jobs and quarantined records, in the places of a group. */
export function placesOf({ datasetId, first, last }: Pick<Group, 'datasetId' | 'first' | 'last'>) {
  return { datasetId, position: { $gte: first, $lte: last } };
}
