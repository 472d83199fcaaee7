import type { Collections } from './collections.js';

/** How few jobs end, and many are walked past for; the others are found soon by the order of ids, and pay for no index. */
const RARE_STATUS = { status: { $in: ['ERROR_EXIT', 'TERMINATED_EXIT'] } };

/** Trials are few among many jobs; the others pay for no index. */
const TRIAL = { kind: 'TRIAL' };

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
    datasets.createIndex({ connectionId: 1 }),
    datasets.createIndex({ deletedAt: 1 }, { partialFilterExpression: { deletedAt: { $type: 'date' } } }),
    datasets.createIndex({ generation: 1 }),
    designs.createIndex({ datasetId: 1 }),
    jobs.createIndex({ datasetId: 1, position: 1 }, { unique: true, name: 'lane_position' }),
    jobs.createIndex(
      { 'idempotency.keyId': 1, datasetId: 1, 'idempotency.key': 1 },
      { unique: true, name: 'idempotency_key', partialFilterExpression: { idempotency: { $exists: true } } },
    ),
    jobs.createIndex({ datasetId: 1, _id: -1 }),
    jobs.createIndex({ open: 1, datasetId: 1, position: 1 }, { partialFilterExpression: { open: true } }),
    jobs.createIndex({ datasetId: 1, finishedAt: 1 }),
    jobs.createIndex({ status: 1, _id: -1 }, { partialFilterExpression: RARE_STATUS }),
    jobs.createIndex({ datasetId: 1, status: 1, _id: -1 }, { partialFilterExpression: RARE_STATUS }),
    jobs.createIndex({ datasetId: 1, kind: 1, position: -1 }, { partialFilterExpression: TRIAL }),
    groups.createIndex({ datasetId: 1, last: 1 }),
    groups.createIndex({ closedAt: 1 }, { partialFilterExpression: { closedAt: null } }),
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
