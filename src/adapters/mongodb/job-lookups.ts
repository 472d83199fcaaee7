import type { Filter } from 'mongodb';
import { isFinal, type JobStatus } from '../../domain/job/status.js';
import type { JobListQuery } from '../../ports/job-ledger.js';
import type { Collections } from './collections.js';
import type { GroupDocument, JobDocument } from './documents.js';
import { LANE_POSITION, NO_PUSH } from './indexes.js';
import { endedWith, IS_OPEN } from './job-end.js';
import type { LaneEnd } from './job-marks.js';
import { anyOf } from './lists.js';
import { lanesInUse } from './waiting-lanes.js';

/** Which jobs to find, and the name of the index to use if MongoDB should not choose. */
export interface JobLookup {
  readonly filter: Filter<JobDocument>;
  readonly hint?: string;
}

/** So many waiting jobs are read whole, to sort them. Of more, the newest ones are soon found among all jobs. */
const FEW_WAITING = 1_000;
const ALL_IDS = '_id_';

type Query = Omit<JobListQuery, 'first' | 'after'>;

/**
 * Finds out where the jobs of a query are. Those that have not ended are found by their places, and the others by the order of their ids, or by an index of a status that is rare. The two are read one after the other, in the order in which they
 * are returned: a job that ends meanwhile may be found twice, and is not missed.
 */
export function jobLookups(collections: Pick<Collections, 'jobs' | 'groups' | 'datasets'>) {
  return {
    /** For a list, newest first. */
    async ofList(query: Query): Promise<JobLookup[]> {
      const open = await openPlaces(query);
      const lookups = lookupsOf(query, open);
      if (!query.status?.includes('INITIALIZING')) return lookups;
      // Many jobs may be waiting, the newest of which are soon found in the order of ids. Of one lane, MongoDB finds out which is better.
      if (query.datasetId !== undefined) return lookups.map(({ filter }) => ({ filter }));
      if (!(await areMany(open))) return lookups;
      return lookups.map(({ filter, hint }) => (hint === undefined ? { filter } : { filter, hint: ALL_IDS }));
    },

    async ofCount(query: Query): Promise<JobLookup[]> {
      const lookups = lookupsOf(query, await openPlaces(query));
      // Most jobs are COMPLETE: they are counted by the index of all lanes' places, the others by that of their status.
      const areMost = query.status === undefined || query.status.includes('COMPLETE');
      const ofAll = query.datasetId === undefined && areMost ? { datasetId: { $gt: '' } } : {};
      return lookups.map((lookup) => (lookup.hint === undefined ? { filter: { ...ofAll, ...lookup.filter } } : lookup));
    },
  };

  /** Where the jobs are that have not ended, and perhaps others. Until a job ends, its group has its status. */
  async function openPlaces({ datasetId, status = [] }: Query): Promise<Filter<JobDocument>[]> {
    const asked = new Set<JobStatus>(status.filter((one) => !isFinal(one)));
    if (asked.size === 0) return [];
    const inWork = { closedAt: null, ...(datasetId !== undefined && { datasetId }) };
    const underWay = await collections.groups.find(inWork, { projection: { loaded: 0 } }).toArray();
    if (!asked.has('INITIALIZING')) return underWay.filter((group) => isIn(group, asked)).map(placesOf);
    const groupOf = new Map(underWay.map((group) => [group.datasetId, group]));
    const lanes = await lanesInUse(collections, datasetId);
    return lanes.map((lane) => waitingPlaces(lane, groupOf.get(lane.datasetId), asked));
  }

  async function areMany(places: readonly Filter<JobDocument>[]): Promise<boolean> {
    if (places.length === 0) return false;
    const counted = await collections.jobs.countDocuments(anyOf([...places]), {
      hint: LANE_POSITION,
      limit: FEW_WAITING,
    });
    return counted === FEW_WAITING;
  }
}

function lookupsOf({ datasetId, kind, status }: Query, open: readonly Filter<JobDocument>[]): JobLookup[] {
  const ofKinds: Filter<JobDocument>[] = kind ? [{ kind: { $in: [...kind] } }] : [];
  if (kind?.includes('PUSH') === false) ofKinds.push(NO_PUSH);
  const ofLanes: Filter<JobDocument> = datasetId === undefined ? { position: { $gt: 0 } } : { datasetId };
  const final = status?.filter(isFinal);
  const lookups: JobLookup[] = [];
  if (open.length > 0)
    lookups.push({ filter: { ...IS_OPEN, $and: [...ofKinds, anyOf([...open])] }, hint: LANE_POSITION });
  if (final?.length === 0) return lookups;
  const conditions = final ? [...ofKinds, endedWith(final)] : ofKinds;
  return [...lookups, { filter: conditions.length > 0 ? { ...ofLanes, $and: conditions } : ofLanes }];
}

/** Whether the jobs of a group that is under way have one of these statuses. */
function isIn({ transitions }: GroupDocument, statuses: ReadonlySet<JobStatus>): boolean {
  const current = transitions.at(-1)?.status;
  return current !== undefined && statuses.has(current);
}

function placesOf({ datasetId, first, last }: GroupDocument) {
  return { datasetId, position: { $gte: first, $lte: last } };
}

/** The places of the jobs of a lane that wait, and of the group before them if its jobs have one of these statuses. */
function waitingPlaces(
  { datasetId, finalThrough }: LaneEnd,
  group: GroupDocument | undefined,
  statuses: ReadonlySet<JobStatus>,
) {
  const before = group && !isIn(group, statuses) ? group.last : 0;
  return { datasetId, position: { $gt: Math.max(finalThrough, before) } };
}
