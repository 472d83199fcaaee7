import { JOB_KINDS } from '../../domain/job/job.js';
import type { Collections } from './collections.js';

/** How few jobs end, and many are walked past for; the others are found soon by the order of ids, and pay for no index. */
const RARE_STATUS = { status: { $in: ['ERROR_EXIT', 'TERMINATED_EXIT'] } };

/** Pushes are the many: they pay for no index by kind. MongoDB takes such an index only for a query that repeats this condition. */
export const NO_PUSH = { kind: { $in: JOB_KINDS.filter((kind) => kind !== 'PUSH') } };

/** Of open jobs alone. */
export const OPEN_JOBS = { open: 1, datasetId: 1, position: 1 } as const;

/** Groups in work, of which each lane has one at most. */
const IN_WORK = { closedAt: null };
const IS_WAITING = { 'waiting.since': { $type: 'date' } };

/** For so long it is told since when no worker runs. */
const REMEMBERED_SECONDS = 86_400;

/** Makes the indexes; doing it again changes nothing. */
export async function createIndexes({
  connections,
  datasets,
  designs,
  jobs,
  groups,
  generations,
  quarantine,
  apiKeys,
  workers,
}: Collections): Promise<void> {
  await Promise.all([
    connections.createIndex({ searchName: 1 }),
    datasets.createIndex({ connectionId: 1, _id: -1 }),
    datasets.createIndex({ rowsLost: 1, _id: -1 }, { partialFilterExpression: { rowsLost: true } }),
    datasets.createIndex({ appliedRevision: 1, _id: -1 }, { partialFilterExpression: { appliedRevision: null } }),
    datasets.createIndex({ deletedAt: 1 }, { partialFilterExpression: { deletedAt: { $type: 'date' } } }),
    datasets.createIndex({ generation: 1 }),
    designs.createIndex({ datasetId: 1 }),
    jobs.createIndex({ datasetId: 1, position: 1 }, { unique: true, name: 'lane_position' }),
    jobs.createIndex(
      { 'idempotency.keyId': 1, datasetId: 1, 'idempotency.key': 1 },
      { unique: true, name: 'idempotency_key', partialFilterExpression: { 'idempotency.key': { $exists: true } } },
    ),
    jobs.createIndex({ datasetId: 1, _id: -1 }),
    jobs.createIndex(OPEN_JOBS, { partialFilterExpression: { open: true } }),
    jobs.createIndex({ status: 1, _id: -1 }, { partialFilterExpression: RARE_STATUS }),
    jobs.createIndex({ datasetId: 1, status: 1, _id: -1 }, { partialFilterExpression: RARE_STATUS }),
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
    workers.createIndex({ seenAt: 1 }, { expireAfterSeconds: REMEMBERED_SECONDS }),
  ]);
}
