import type { Filter } from 'mongodb';
import type { Job, JobErrors } from '../../domain/job/job.js';
import { isFinal, type JobStatus } from '../../domain/job/status.js';
import { joined } from '../../event-loop/joined-calls.js';
import type { JobLedger, JobListQuery } from '../../ports/job-ledger.js';
import type { WorkerAbsence, Workers } from '../../ports/workers.js';
import type { Collections } from './collections.js';
import type { GroupDocument, JobDocument } from './documents.js';
import { LANE_POSITION, NO_PUSH, OPEN_JOBS } from './indexes.js';
import { endedWith, IS_OPEN, isOpen } from './job-end.js';
import { toJob } from './job-view.js';
import { anyOf, type IndexKeys, listPage } from './lists.js';
import { WITHOUT_BODY } from './log-documents.js';
import { MANY_LANES } from './many-lanes.js';
import { RecentEnds } from './recent-ends.js';

/** The ledger on MongoDB: jobs as users see them, read from the jobs of the push log and their groups. `recentEnds`: what this process has just ended. */
export function mongoJobLedger(
  collections: Collections,
  workers: Pick<Workers, 'absence'>,
  recentEnds = new RecentEnds(),
): JobLedger {
  const { datasets, jobs, jobErrors, groups } = collections;
  const reader = new JobReader(collections, workers);

  const existAt = joined(async (places: readonly { datasetId: string; position: number }[]) => {
    const found = await jobs
      .find({ $or: [...places] }, { projection: { _id: 0, datasetId: 1, position: 1 }, hint: LANE_POSITION })
      .toArray();
    const keys = new Set(found.map(({ datasetId, position }) => `${position} ${datasetId}`));
    return places.map(({ datasetId, position }) => keys.has(`${position} ${datasetId}`));
  }, MANY_LANES);

  const ledger: JobLedger = {
    async findJob(id) {
      const document = await jobs.findOne({ _id: id, position: { $gt: 0 } }, WITHOUT_BODY);
      return document && ((await reader.toJobs([document]))[0] ?? null);
    },

    async findFinal({ id, datasetId }) {
      const ended = recentEnds.find(datasetId, id);
      if (ended) return ended;
      const document = await jobs.findOne({ _id: id, position: { $gt: 0 } }, WITHOUT_BODY);
      if (document && isOpen(document)) return 'OPEN';
      return document && ((await reader.toJobs([document]))[0] ?? null);
    },

    async listJobs({ first, after, ...query }) {
      const { filter, hint } = await reader.toLookup(query);
      const page = await listPage(jobs, filter, first, after, { ...WITHOUT_BODY, ...(hint && { hint }) });
      return { ...page, nodes: await reader.toJobs(page.nodes) };
    },

    async countJobs(query) {
      // Most jobs are COMPLETE: they are counted by the index of all lanes' positions, the others by that of their status.
      const areMost = query.status === undefined || query.status.includes('COMPLETE');
      const ofAll = query.datasetId === undefined && areMost ? { datasetId: { $gt: '' } } : {};
      const { filter, hint } = await reader.toLookup(query);
      return jobs.countDocuments({ ...ofAll, ...filter }, { ...(hint && { hint }) });
    },

    async jobsAfter(datasetId, position, limit) {
      const later = jobs.find({ datasetId, position: { $gt: position } }, WITHOUT_BODY);
      return reader.toJobs(await later.sort({ position: 1 }).limit(limit).toArray());
    },

    async openJob(datasetId, kind) {
      const document = await jobs.findOne({ ...IS_OPEN, datasetId, kind }, WITHOUT_BODY);
      return document && ((await reader.toJobs([document]))[0] ?? null);
    },

    async lastTrial(datasetId) {
      const document = await jobs.findOne({ datasetId, kind: 'TRIAL' }, { ...WITHOUT_BODY, sort: { position: -1 } });
      if (document?.triedRevision === undefined) return null;
      const [job] = await reader.toJobs([document]);
      return job ? { job, triedRevision: document.triedRevision } : null;
    },

    async lastPosition(datasetId) {
      const last = await jobs.findOne({ datasetId }, { sort: { position: -1 }, projection: { position: 1 } });
      return last?.position ?? 0;
    },

    // Invariant: positions have no gaps.
    hasJobsAfter: (datasetId, position) => existAt({ datasetId, position: position + 1 }),

    async firstOpenPosition(datasetId) {
      const dataset = await datasets.findOne({ _id: datasetId }, { projection: { 'lane.finalThrough': 1 } });
      // A busy lane has thousands of ended jobs that have kept their marks.
      const position = { $gt: dataset?.lane.finalThrough ?? 0 };
      const open = { ...IS_OPEN, datasetId, position };
      const first = await jobs.findOne(open, { sort: { position: 1 }, projection: { position: 1 } });
      return first?.position ?? null;
    },

    async isLaneClosed(datasetId) {
      return (await datasets.findOne({ _id: datasetId, deletedAt: null }, { projection: { _id: 1 } })) === null;
    },

    async heldUp(limit) {
      const waiting = { closedAt: null, 'waiting.since': { $type: 'date' as const } };
      const found = groups.find(waiting, {
        projection: { datasetId: 1, waiting: 1 },
        sort: { 'waiting.since': 1 },
        limit,
      });
      return (await found.toArray()).flatMap((group) =>
        group.waiting ? [{ datasetId: group.datasetId, since: group.waiting.since }] : [],
      );
    },

    errorsOf: async (jobId) => (await errorsDocument(jobId, 'kept'))?.kept ?? [],

    errorSummaryOf: async (jobId) => (await errorsDocument(jobId, 'summary'))?.summary ?? [],
  };
  return ledger;

  /** Every attempt writes errors before the commit point: they count only once the job has ended with errors. */
  async function errorsDocument(jobId: string, part: keyof JobErrors) {
    const job = await ledger.findJob(jobId);
    if (!job || job.faults.errorCount === 0) return null;
    return jobErrors.findOne({ _id: jobId }, { projection: { [part]: 1 } });
  }
}

/** The group of a job, and the group that its lane is loading: the job's own, or an earlier one. */
interface GroupsOfJob {
  readonly own?: GroupDocument | undefined;
  readonly inWork?: GroupDocument | undefined;
}

/** The group that comes first in its lane. */
function firstOf(groups: readonly GroupDocument[]): GroupDocument | undefined {
  return groups.reduce<GroupDocument | undefined>(
    (first, one) => (first && first.first < one.first ? first : one),
    undefined,
  );
}

/** Without a worker nothing continues, whatever else a job waits for. */
function toJobIn(document: JobDocument, { own, inWork }: GroupsOfJob = {}, absence: WorkerAbsence | null): Job {
  return toJob(document, own, absence ? { ...absence, reason: NO_WORKER } : inWork?.waiting);
}

const NO_WORKER = 'no worker is running; start a process with SLUICE_ROLE=worker or all';

/** Which jobs to find, and the index to use if MongoDB should not choose. */
interface JobLookup {
  readonly filter: Filter<JobDocument>;
  readonly hint?: IndexKeys;
}

class JobReader {
  constructor(
    private readonly collections: Pick<Collections, 'jobs' | 'groups'>,
    private readonly workers: Pick<Workers, 'absence'>,
  ) {}

  /**
   * Combines jobs with their groups. The two are read one after the other, so a job may be read before its group's commit point and the group after it. Then both are
   * read again in the same order, and now they fit together.
   */
  async toJobs(documents: readonly JobDocument[]): Promise<Job[]> {
    const groups = await this.#groupsOf(documents);
    const overtaken = documents.filter((document, index) => isOpen(document) && groups[index]?.own?.committedAt);
    const absence = documents.some(isOpen) ? await this.workers.absence() : null;
    if (overtaken.length === 0) return documents.map((document, index) => toJobIn(document, groups[index], absence));
    const ids = overtaken.map(({ _id }) => _id);
    const again = new Map(
      (await this.collections.jobs.find({ _id: { $in: ids } }, WITHOUT_BODY).toArray()).map((job) => [job._id, job]),
    );
    const current = documents.map((document) => again.get(document._id) ?? document);
    const currentGroups = await this.#groupsOf(current);
    return current.map((document, index) => toJobIn(document, currentGroups[index], absence));
  }

  async #groupsOf(documents: readonly JobDocument[]): Promise<GroupsOfJob[]> {
    const groupIds = new Set(documents.flatMap(({ groupId }) => groupId ?? []));
    const firstOpen = new Map<string, number>();
    for (const document of documents) {
      const { datasetId, position } = document;
      if (isOpen(document)) firstOpen.set(datasetId, Math.min(position, firstOpen.get(datasetId) ?? position));
    }
    const filters: Filter<GroupDocument>[] = [];
    if (groupIds.size > 0) filters.push({ _id: { $in: [...groupIds] } });
    for (const [datasetId, position] of firstOpen)
      filters.push({ datasetId, last: { $gte: position } }, { datasetId, closedAt: null });
    if (filters.length === 0) return documents.map(() => ({}));
    const found = await this.collections.groups.find({ $or: filters }, oneOutcome(documents)).toArray();
    return documents.map(({ groupId, datasetId, position }) => {
      const begun = found.filter((group) => group.datasetId === datasetId && group.first <= position);
      const own =
        groupId === undefined ? begun.find(({ last }) => last >= position) : found.find(({ _id }) => _id === groupId);
      return { own, inWork: firstOf(begun.filter(({ closedAt }) => closedAt === null)) };
    });
  }

  /** Until a job ends, its group has its status. */
  async toLookup({ datasetId, kind, status }: Omit<JobListQuery, 'first' | 'after'>): Promise<JobLookup> {
    const ofLanes: Filter<JobDocument> = datasetId === undefined ? { position: { $gt: 0 } } : { datasetId };
    const conditions: Filter<JobDocument>[] = [];
    if (kind) conditions.push({ kind: { $in: [...kind] } });
    if (kind?.includes('PUSH') === false) conditions.push(NO_PUSH);
    const ofStatuses = status ? await this.#statusFilters(status, datasetId) : [];
    if (status) conditions.push(anyOf(ofStatuses));
    const filter = conditions.length > 0 ? { ...ofLanes, $and: conditions } : ofLanes;
    // Few jobs are being loaded. If MongoDB chose, it might use the index of a lane's ids and read the whole lane.
    const areFew = ofStatuses.length > 0 && ofStatuses.every(({ open }) => open) && !status?.includes('INITIALIZING');
    return areFew ? { filter, hint: OPEN_JOBS } : { filter };
  }

  async #statusFilters(statuses: readonly JobStatus[], datasetId: string | undefined): Promise<Filter<JobDocument>[]> {
    const final = statuses.filter(isFinal);
    const filters: Filter<JobDocument>[] = final.length > 0 ? [endedWith(final)] : [];
    if (final.length === statuses.length) return filters;
    const inWork = { closedAt: null, ...(datasetId !== undefined && { datasetId }) };
    const underWay = await this.collections.groups.find(inWork, { projection: { loaded: 0 } }).toArray();
    const jobsOf = ({ datasetId, first, last }: GroupDocument) => ({
      datasetId,
      position: { $gte: first, $lte: last },
    });
    const matching = underWay.filter(({ transitions }) => {
      const current = transitions.at(-1)?.status;
      return current !== undefined && statuses.includes(current);
    });
    const open: Filter<JobDocument>[] = matching.map(jobsOf);
    if (statuses.includes('INITIALIZING')) open.push(underWay.length > 0 ? { $nor: underWay.map(jobsOf) } : {});
    // One condition for all of them: with a condition for each, MongoDB may choose an index for each, and not this one.
    if (open.length > 0) filters.push({ ...IS_OPEN, $or: open });
    return filters;
  }
}

/** A group has the counts of all its jobs; the reader of one job needs only one of them. */
function oneOutcome(documents: readonly JobDocument[]): { projection?: object } {
  const [only, ...others] = documents;
  return only && others.length === 0
    ? { projection: { loaded: { $elemMatch: { p: only.position } }, ...GROUP_FIELDS } }
    : {};
}

const GROUP_FIELDS = {
  datasetId: 1,
  first: 1,
  last: 1,
  runToken: 1,
  finalBefore: 1,
  attempts: 1,
  transitions: 1,
  waiting: 1,
  progress: 1,
  committedAt: 1,
  closedAt: 1,
};
