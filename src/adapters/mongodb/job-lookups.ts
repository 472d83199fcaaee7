import type { Filter } from 'mongodb';
import { isFinal, type JobStatus } from '../../domain/job/status.js';
import type { JobListQuery } from '../../ports/job-ledger.js';
import type { Collections } from './collections.js';
import type { GroupDocument, JobDocument } from './documents.js';
import { placesOf } from './group-places.js';
import { LANE_POSITION, NO_PUSH } from './indexes.js';
import { endedWith, IS_OPEN } from './job-end.js';
import { anyOf } from './lists.js';
import { LANES_OF_QUERY, lanesInUse } from './waiting-lanes.js';

/** Which jobs to find, and the name of the index to use if MongoDB should not choose. */
export interface JobLookup {
  readonly filter: Filter<JobDocument>;
  readonly hint?: string;
}

/** So many waiting jobs are read whole, to sort them. Of more, the newest ones are soon found among all jobs. */
const FEW_WAITING = 1_000;
const ALL_IDS = '_id_';

/** Which jobs are asked for. */
export type JobQuery = Omit<JobListQuery, 'first' | 'after'>;
type Places = Filter<JobDocument>;

/** Where jobs are that have not ended, and perhaps others. `elsewhere`: where those are that were not asked for. */
interface OpenPlaces {
  readonly places: readonly Places[];
  readonly elsewhere: readonly Places[];
}

/**
 * Finds out where the jobs of a query are, in one or several lookups. Jobs that have not ended are found by their places, and come first: one that ends before the next lookup may be found twice, and is not missed.
 * The others are found by the order of their ids, or by an index of their status if it is rare.
 */
export function jobLookups(collections: Pick<Collections, 'jobs' | 'groups' | 'datasets'>) {
  return {
    /** For a list, newest first. */
    async ofList(query: JobQuery): Promise<JobLookup[]> {
      const open = await openPlaces(query);
      const others = lookupsOfEnded(query);
      const byPlace = lookupsByPlace(query, open);
      if (!query.status?.includes('INITIALIZING')) return [...byPlace, ...others];
      // Many jobs may be waiting, the newest of which are soon found in the order of ids. Of one lane, MongoDB finds out which is better.
      const [only, ...more] = byPlace;
      if (query.datasetId !== undefined && only && more.length === 0) return [{ filter: only.filter }, ...others];
      if (query.datasetId === undefined && (await areMany(open))) return [lookupById(query, open), ...others];
      return [...byPlace, ...others];
    },

    async ofCount(query: JobQuery): Promise<JobLookup[]> {
      // Most jobs are COMPLETE: they are counted by the index of all lanes' places, the others by that of their status.
      const areMost = query.status === undefined || query.status.includes('COMPLETE');
      const ofAll = query.datasetId === undefined && areMost ? { datasetId: { $gt: '' } } : {};
      const ended = lookupsOfEnded(query).map(({ filter }) => ({ filter: { ...ofAll, ...filter } }));
      return [...lookupsByPlace(query, await openPlaces(query)), ...ended];
    },
  };

  /** Until a job ends, its group has its status. */
  async function openPlaces({ datasetId, status = [] }: JobQuery): Promise<OpenPlaces> {
    const asked = new Set<JobStatus>(status.filter((one) => !isFinal(one)));
    if (asked.size === 0) return { places: [], elsewhere: [] };
    const inWork = { closedAt: null, ...(datasetId !== undefined && { datasetId }) };
    const groups = await collections.groups.find(inWork, { projection: { loaded: 0 } }).toArray();
    const [places, elsewhere]: [Places[], Places[]] = [[], []];
    for (const group of groups) (isIn(group, asked) ? places : elsewhere).push(placesOf(group));
    if (!asked.has('INITIALIZING')) return { places, elsewhere };
    // A lane has several groups if one was split.
    const takenThrough = new Map<string, number>();
    for (const { datasetId: lane, last } of groups) takenThrough.set(lane, Math.max(last, takenThrough.get(lane) ?? 0));
    const waiting = (await lanesInUse(collections, datasetId)).map(({ datasetId: lane, finalThrough }) => ({
      datasetId: lane,
      position: { $gt: Math.max(finalThrough, takenThrough.get(lane) ?? 0) },
    }));
    return { places: [...places, ...waiting], elsewhere };
  }

  async function areMany({ places }: OpenPlaces): Promise<boolean> {
    if (places.length === 0) return false;
    if (places.length > LANES_OF_QUERY) return true;
    const few = { hint: LANE_POSITION, limit: FEW_WAITING };
    return (await collections.jobs.countDocuments(anyOf([...places]), few)) === FEW_WAITING;
  }
}

function ofKinds({ kind }: JobQuery): Filter<JobDocument>[] {
  if (!kind) return [];
  return [{ kind: { $in: [...kind] } }, ...(kind.includes('PUSH') ? [] : [NO_PUSH])];
}

/** Jobs that have not ended: one lookup for some hundred places. */
function lookupsByPlace(query: JobQuery, { places }: OpenPlaces): JobLookup[] {
  const lookups: JobLookup[] = [];
  for (let start = 0; start < places.length; start += LANES_OF_QUERY) {
    const some = anyOf(places.slice(start, start + LANES_OF_QUERY));
    lookups.push({ filter: { ...IS_OPEN, $and: [...ofKinds(query), some] }, hint: LANE_POSITION });
  }
  return lookups;
}

/** The same jobs, of all lanes, in the order of their ids. */
function lookupById(query: JobQuery, { elsewhere }: OpenPlaces): JobLookup {
  const others = elsewhere.length > 0 ? [{ $nor: [...elsewhere] }] : [];
  return { filter: { ...IS_OPEN, $and: [...ofKinds(query), { position: { $gt: 0 } }, ...others] }, hint: ALL_IDS };
}

/** Jobs that have ended with the statuses of a query, or all jobs if it names none. */
function lookupsOfEnded(query: JobQuery): JobLookup[] {
  const { datasetId, status } = query;
  const final = status?.filter(isFinal);
  if (final?.length === 0) return [];
  const ofLanes: Filter<JobDocument> = datasetId === undefined ? { position: { $gt: 0 } } : { datasetId };
  const conditions = final ? [...ofKinds(query), endedWith(final)] : ofKinds(query);
  return [{ filter: conditions.length > 0 ? { ...ofLanes, $and: conditions } : ofLanes }];
}

/** Whether the jobs of a group that is under way have one of these statuses. */
function isIn({ transitions }: GroupDocument, statuses: ReadonlySet<JobStatus>): boolean {
  const current = transitions.at(-1)?.status;
  return current !== undefined && statuses.has(current);
}
