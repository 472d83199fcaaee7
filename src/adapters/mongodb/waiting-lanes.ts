import type { Collections } from './collections.js';
import { LANE_POSITION } from './indexes.js';
import { HAS_MARK, type LaneEnd, unmarkEnded } from './job-marks.js';

/** How many lanes one query asks for. */
export const LANES_OF_QUERY = 500;

/** Lanes that may have jobs that have not ended: all those with marks, or the one of a dataset. */
export async function lanesInUse(
  { jobs, datasets }: Pick<Collections, 'jobs' | 'datasets'>,
  datasetId: string | undefined,
): Promise<LaneEnd[]> {
  return datasetId === undefined ? markedLanes({ jobs, datasets }) : laneEnds({ datasets }, { _id: datasetId });
}

/**
 * The datasets whose lanes have jobs after `finalThrough` and no owner. Takes away the marks of lanes without such jobs, which a crash, or an update that failed, has left. A mark that was written for more jobs than
 * were appended then stays until the lane has had as many.
 */
export async function orphanedLanes({
  jobs,
  datasets,
}: Pick<Collections, 'jobs' | 'datasets'>): Promise<readonly string[]> {
  const isFree = { deletedAt: null, $expr: { $lt: ['$lane.leaseUntil', '$$NOW'] } };
  const free = await markedLanes({ jobs, datasets }, isFree);
  const waiting: string[] = [];
  for (let start = 0; start < free.length; start += LANES_OF_QUERY) {
    const lanes = free.slice(start, start + LANES_OF_QUERY);
    const existing = await existAt({ jobs }, lanes.map(nextPlace));
    waiting.push(...lanes.flatMap(({ datasetId }, index) => (existing[index] ? [datasetId] : [])));
    const idle = lanes.flatMap(({ datasetId }, index) => (existing[index] ? [] : [datasetId]));
    // What fails here is done by a later sweep: no lane that waits may depend on it.
    if (idle.length > 0) await unmarkIdle({ jobs, datasets }, idle).catch(() => undefined);
  }
  return waiting;
}

/** What a primary that is lost may take with it must not end a mark. */
async function unmarkIdle(
  { jobs, datasets }: Pick<Collections, 'jobs' | 'datasets'>,
  ids: readonly string[],
): Promise<void> {
  await unmarkEnded({ jobs }, await laneEnds({ datasets }, { _id: { $in: ids } }, 'majority'));
}

/** For each place in a lane, whether there is a job. Reads only the index of places. */
export async function existAt(
  { jobs }: Pick<Collections, 'jobs'>,
  places: readonly { readonly datasetId: string; readonly position: number }[],
): Promise<boolean[]> {
  const found = await jobs
    .find({ $or: [...places] }, { projection: { _id: 0, datasetId: 1, position: 1 }, hint: LANE_POSITION })
    .toArray();
  const keys = new Set(found.map(({ datasetId, position }) => `${position} ${datasetId}`));
  return places.map(({ datasetId, position }) => keys.has(`${position} ${datasetId}`));
}

/** Invariant: positions have no gaps. */
function nextPlace({ datasetId, finalThrough }: LaneEnd) {
  return { datasetId, position: finalThrough + 1 };
}

async function markedLanes(
  { jobs, datasets }: Pick<Collections, 'jobs' | 'datasets'>,
  which: object = {},
): Promise<LaneEnd[]> {
  const marked = await jobs.distinct('datasetId', HAS_MARK);
  return laneEnds({ datasets }, { _id: { $in: marked }, ...which });
}

async function laneEnds(
  { datasets }: Pick<Collections, 'datasets'>,
  filter: object,
  readConcern: 'local' | 'majority' = 'local',
): Promise<LaneEnd[]> {
  const found = await datasets.find(filter, { projection: { 'lane.finalThrough': 1 }, readConcern }).toArray();
  return found.map(({ _id, lane }) => ({ datasetId: _id, finalThrough: lane.finalThrough }));
}
