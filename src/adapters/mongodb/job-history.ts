import type { LoadedJob } from '../../ports/lane.js';
import type { Collections } from './collections.js';
import type { JobDocument } from './documents.js';
import { IS_COMPLETE } from './job-end.js';
import { toLoadedJob } from './job-view.js';
import { WITHOUT_BODY } from './log-documents.js';

const POSITIONS_AT_ONCE = 1_000;

/** Loaded jobs in lane order, and by position what the commit points recorded for them. */
interface LoadedJobs {
  readonly jobs: readonly JobDocument[];
  readonly loaded: ReadonlyMap<number, LoadedJob>;
}

/** Reads the loaded jobs of a lane, up to a position and since the last DELETE_ALL among them. */
export async function* loadedJobsOf(
  { jobs, groups }: Pick<Collections, 'jobs' | 'groups'>,
  datasetId: string,
  through: number,
): AsyncGenerator<LoadedJobs> {
  const clearing = { datasetId, kind: 'DELETE_ALL' as const, ...IS_COMPLETE, position: { $lte: through } };
  const cleared = await jobs.findOne(clearing, { sort: { position: -1 }, projection: { position: 1 } });
  for (let after = cleared?.position ?? 0; after < through; after += POSITIONS_AT_ONCE) {
    const last = Math.min(after + POSITIONS_AT_ONCE, through);
    const position = { $gt: after, $lte: last };
    const found = await jobs
      .find({ datasetId, position, ...IS_COMPLETE }, WITHOUT_BODY)
      .sort({ position: 1 })
      .toArray();
    // A group covers at most so many positions.
    const range = { datasetId, last: { $gt: after, $lte: last + POSITIONS_AT_ONCE }, first: { $lte: last } };
    const loaded = new Map<number, LoadedJob>();
    for await (const group of groups.find(range)) {
      for (const document of group.loaded ?? []) loaded.set(document.p, toLoadedJob(document));
    }
    yield { jobs: found, loaded };
  }
}
