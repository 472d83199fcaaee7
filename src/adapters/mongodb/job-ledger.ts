import type { Filter } from 'mongodb';
import type { Job, JobErrors } from '../../domain/job/job.js';
import { joined } from '../../event-loop/joined-calls.js';
import type { ListPage } from '../../ports/catalog.js';
import type { JobLedger } from '../../ports/job-ledger.js';
import type { WorkerAbsence, Workers } from '../../ports/workers.js';
import type { Collections } from './collections.js';
import type { GroupDocument, JobDocument } from './documents.js';
import { IS_OPEN, isOpen } from './job-end.js';
import { type JobQuery, jobLookups } from './job-lookups.js';
import { HAS_MARK } from './job-marks.js';
import { toJob } from './job-view.js';
import { listPage } from './lists.js';
import { WITHOUT_BODY } from './log-documents.js';
import { MANY_LANES } from './many-lanes.js';
import { RecentEnds } from './recent-ends.js';
import { existAt } from './waiting-lanes.js';

/** The ledger on MongoDB: jobs as users see them, read from the jobs of the push log and their groups. `recentEnds`: what this process has just ended. */
export function mongoJobLedger(
  collections: Collections,
  workers: Pick<Workers, 'absence'>,
  recentEnds = new RecentEnds(),
): JobLedger {
  const { datasets, jobs, jobErrors, groups } = collections;
  const reader = new JobReader(collections, workers);
  const lookups = jobLookups(collections);

  const areThere = joined(
    (places: readonly { datasetId: string; position: number }[]) => existAt(collections, places),
    MANY_LANES,
  );

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
      const nodes: Job[] = [];
      for (let page = await pageOf(query, first, after); ; ) {
        const found = await reader.toJobs(page.nodes);
        // Some may have another status by now.
        nodes.push(...found.filter(({ status }) => query.status?.includes(status) !== false));
        const last = page.nodes.at(-1);
        if (!last || !page.hasNextPage || nodes.length >= first) return { nodes, hasNextPage: page.hasNextPage };
        page = await pageOf(query, first - nodes.length, last._id);
      }
    },

    async countJobs(query) {
      let count = 0;
      for (const { filter, hint } of await lookups.ofCount(query))
        count += await jobs.countDocuments(filter, { ...(hint && { hint }) });
      return count;
    },

    async jobsAfter(datasetId, position, limit) {
      const later = jobs.find({ datasetId, position: { $gt: position } }, WITHOUT_BODY);
      return reader.toJobs(await later.sort({ position: 1 }).limit(limit).toArray());
    },

    async openJob(datasetId, kind) {
      const document = await jobs.findOne({ ...HAS_MARK, ...IS_OPEN, datasetId, kind }, WITHOUT_BODY);
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
    hasJobsAfter: (datasetId, position) => areThere({ datasetId, position: position + 1 }),

    async firstOpenPosition(datasetId) {
      const dataset = await datasets.findOne({ _id: datasetId }, { projection: { 'lane.finalThrough': 1 } });
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

  /** The newest of the jobs that a query's lookups find. */
  async function pageOf(query: JobQuery, first: number, after: string | undefined): Promise<ListPage<JobDocument>> {
    const found = new Map<string, JobDocument>();
    let hasMore = false;
    for (const { filter, hint } of await lookups.ofList(query)) {
      const page = await listPage(jobs, filter, first, after, { ...WITHOUT_BODY, ...(hint && { hint }) });
      for (const job of page.nodes) found.set(job._id, job);
      hasMore ||= page.hasNextPage;
    }
    const newestFirst = [...found.values()].sort((one, other) => (one._id < other._id ? 1 : -1));
    return { nodes: newestFirst.slice(0, first), hasNextPage: hasMore || newestFirst.length > first };
  }

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
