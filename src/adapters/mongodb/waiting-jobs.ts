import { joined } from '../../event-loop/joined-calls.js';
import type { GroupBounds } from '../../ports/lane.js';
import type { Collections } from './collections.js';
import type { JobDocument } from './documents.js';
import { LANE_POSITION } from './indexes.js';
import { WITHOUT_BODY } from './log-documents.js';
import { MANY_LANES } from './many-lanes.js';
import type { RecentJobs } from './recent-jobs.js';

/** How many jobs of a lane are read with those of other lanes. */
const FEW = 20;

/** From where on the jobs of a lane wait. */
interface Place {
  readonly datasetId: string;
  readonly first: number;
}

/** The first waiting jobs of a lane. */
export interface WaitingJobs {
  readonly jobs: readonly JobDocument[];
  readonly areRemembered: boolean;
}

/** Finds the first jobs of a lane from a position on, as many as a group can have: those that this process remembers, or else those in the log. */
export function waitingJobs(
  collections: Pick<Collections, 'jobs'>,
  recent: RecentJobs,
): (datasetId: string, first: number, bounds: Pick<GroupBounds, 'maxJobs'>) => Promise<WaitingJobs> {
  const readFew = joined((places: readonly Place[]) => fewWaiting(collections, places), MANY_LANES);

  async function readWaiting(datasetId: string, first: number, maxJobs: number): Promise<JobDocument[]> {
    // Most lanes have few, which are read for many lanes together.
    const few = await readFew({ datasetId, first });
    if (few.length < FEW) return few;
    const waiting = collections.jobs.find({ datasetId, position: { $gte: first } }, WITHOUT_BODY).sort({ position: 1 });
    return waiting.limit(maxJobs).toArray();
  }

  return async (datasetId, first, { maxJobs }) => {
    const remembered = recent.from(datasetId, first, maxJobs);
    // Others may take long before the commit point sees that they were terminated.
    const arePushes = remembered.every(({ kind }) => kind === 'PUSH');
    if (remembered.length > 0 && arePushes) return { jobs: remembered, areRemembered: true };
    return { jobs: await readWaiting(datasetId, first, maxJobs), areRemembered: false };
  };
}

/** The first jobs from these positions on; for each lane fewer than {@link FEW}, or exactly so many. */
async function fewWaiting({ jobs }: Pick<Collections, 'jobs'>, places: readonly Place[]): Promise<JobDocument[][]> {
  // Positions have no gaps.
  const ranges = places.map(({ datasetId, first }) => ({ datasetId, position: { $gte: first, $lt: first + FEW } }));
  const found = await jobs.find({ $or: ranges }, WITHOUT_BODY).hint(LANE_POSITION).toArray();
  found.sort((one, other) => one.position - other.position);
  return places.map(({ datasetId, first }) =>
    found.filter((job) => job.datasetId === datasetId && job.position >= first),
  );
}
