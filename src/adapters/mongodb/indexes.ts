import { JOB_KINDS } from '../../domain/job/job.js';
import type { FinalStatus } from '../../domain/job/status.js';
import type { Collections } from './collections.js';

/** The final statuses that few jobs have, which a walk in the order of ids would find slowly. Jobs in other statuses are found quickly, so they cost no index. */
export const RARE_STATUSES = ['ERROR_EXIT', 'TERMINATED_EXIT'] as const satisfies readonly FinalStatus[];

const HAS_RARE_STATUS = { status: { $in: RARE_STATUSES } };

/** Most jobs are pushes, so they cost no index by kind. MongoDB uses such an index only for a query that repeats this condition. */
export const NO_PUSH = { kind: { $in: JOB_KINDS.filter((kind) => kind !== 'PUSH') } };

/** The index of jobs by their places. */
export const LANE_POSITION = 'lane_position';

/** Jobs with a mark. */
export const MARKED_JOBS = { open: 1, datasetId: 1, position: 1 } as const;

/** Groups that are being loaded; each lane has at most one, unless it was split. */
const IN_WORK = { closedAt: null };
const IS_WAITING = { 'waiting.since': { $type: 'date' } };

/** How long the time since which no worker runs is remembered. */
const REMEMBERED_SECONDS = 86_400;

/** A caller's minute, and time for it to be read. */
const USES_SECONDS = 120;

/** How long counts of refusals are kept. */
const REFUSALS_SECONDS = 30 * 86_400;

/** Creates the indexes; calling it again changes nothing. */
export async function createIndexes({
  connections,
  datasets,
  designs,
  answers,
  jobs,
  groups,
  generations,
  quarantine,
  apiKeys,
  pushUrls,
  addresses,
  workers,
  uses,
  audit,
  refusals,
}: Collections): Promise<void> {
  await Promise.all([
    connections.createIndex({ searchName: 1 }),
    datasets.createIndex({ connectionId: 1, _id: -1 }),
    datasets.createIndex({ rowsLost: 1, _id: -1 }, { partialFilterExpression: { rowsLost: true } }),
    datasets.createIndex({ appliedRevision: 1, _id: -1 }, { partialFilterExpression: { appliedRevision: null } }),
    datasets.createIndex({ deletedAt: 1 }, { partialFilterExpression: { deletedAt: { $type: 'date' } } }),
    datasets.createIndex({ generation: 1 }),
    designs.createIndex({ datasetId: 1 }),
    designs.createIndex({ lookedUp: 1 }, { partialFilterExpression: { lookedUp: { $exists: true } } }),
    answers.createIndex({ datasetId: 1 }),
    jobs.createIndex({ datasetId: 1, position: 1 }, { unique: true, name: LANE_POSITION }),
    jobs.createIndex(
      { 'idempotency.keyId': 1, datasetId: 1, 'idempotency.key': 1 },
      { unique: true, name: 'idempotency_key', partialFilterExpression: { 'idempotency.key': { $exists: true } } },
    ),
    jobs.createIndex({ datasetId: 1, _id: -1 }),
    jobs.createIndex(MARKED_JOBS, { partialFilterExpression: { open: true } }),
    jobs.createIndex({ status: 1, _id: -1 }, { partialFilterExpression: HAS_RARE_STATUS }),
    jobs.createIndex({ datasetId: 1, status: 1, _id: -1 }, { partialFilterExpression: HAS_RARE_STATUS }),
    jobs.createIndex({ datasetId: 1, kind: 1, position: -1 }, { partialFilterExpression: NO_PUSH }),
    jobs.createIndex({ datasetId: 1, kind: 1, _id: -1 }, { partialFilterExpression: NO_PUSH }),
    jobs.createIndex({ kind: 1, _id: -1 }, { partialFilterExpression: NO_PUSH }),
    jobs.createIndex({ open: 1, datasetId: 1, kind: 1 }, { partialFilterExpression: { open: true, ...NO_PUSH } }),
    groups.createIndex({ datasetId: 1, last: 1 }),
    groups.createIndex({ closedAt: 1, datasetId: 1 }, { partialFilterExpression: IN_WORK }),
    groups.createIndex({ 'waiting.since': 1 }, { partialFilterExpression: { ...IN_WORK, ...IS_WAITING } }),
    generations.createIndex({ datasetId: 1, state: 1 }),
    generations.createIndex({ state: 1, since: 1 }),
    generations.createIndex(
      { tombstonesAt: 1 },
      { partialFilterExpression: { state: 'CURRENT', tombstonesAt: { $exists: true } } },
    ),
    quarantine.createIndex({ datasetId: 1, position: 1, recordIndex: 1 }),
    apiKeys.createIndex({ secretHash: 1 }, { unique: true }),
    apiKeys.createIndex(
      { 'previous.secretHash': 1 },
      { unique: true, partialFilterExpression: { 'previous.secretHash': { $exists: true } } },
    ),
    pushUrls.createIndex({ tokenHash: 1 }, { unique: true }),
    pushUrls.createIndex({ datasetId: 1, _id: -1 }),
    addresses.createIndex({ expiresAt: 1 }, { expireAfterSeconds: 0 }),
    uses.createIndex({ at: 1 }, { expireAfterSeconds: USES_SECONDS }),
    workers.createIndex({ seenAt: 1 }, { expireAfterSeconds: REMEMBERED_SECONDS }),
    audit.createIndex({ action: 1, _id: -1 }),
    audit.createIndex({ 'caller.id': 1, _id: -1 }),
    audit.createIndex({ datasetId: 1, _id: -1 }),
    refusals.createIndex({ reason: 1, _id: -1 }),
    refusals.createIndex({ 'caller.id': 1, _id: -1 }),
    refusals.createIndex({ address: 1, _id: -1 }),
    refusals.createIndex({ minute: 1 }, { expireAfterSeconds: REFUSALS_SECONDS }),
  ]);
}
