import { v7 as uuidV7 } from 'uuid';
import { collectionsOf } from '../../src/adapters/mongodb/collections.js';
import { mongoConnections } from '../../src/adapters/mongodb/connections.js';
import { mongoDatasets } from '../../src/adapters/mongodb/datasets.js';
import { createIndexes } from '../../src/adapters/mongodb/indexes.js';
import { mongoJobLedger } from '../../src/adapters/mongodb/job-ledger.js';
import { mongoLanes } from '../../src/adapters/mongodb/lanes.js';
import { mongoPushLog } from '../../src/adapters/mongodb/push-log.js';
import { newDataset } from '../../src/domain/dataset.js';
import { DEFAULT_RULES } from '../../src/domain/design/design.js';
import type { JobOutcome } from '../../src/domain/job/job.js';
import type { Group, Lease } from '../../src/ports/lane.js';
import { acceptedPush, appended } from './accepted-push.js';
import { testDatabase } from './mongod.js';

/** Of groups, in these tests. */
export const BOUNDS = {
  maxJobs: 10,
  maxRecords: 100_000,
  maxBytes: 1_000,
  splitAfter: 2,
  setApart: { after: 3, restMs: 60_000 },
};
export const LEASE_MS = 60_000;

/** Lanes on a database of their own, and the steps of a worker on them one by one. */
export async function openMongoLanes() {
  const database = await testDatabase();
  const collections = collectionsOf(database.db);
  await createIndexes(collections);
  const lanes = mongoLanes(database.client, collections);
  const ledger = mongoJobLedger(collections, { absence: async () => null });

  async function newLane(): Promise<string> {
    const [connectionId, id] = [uuidV7(), uuidV7()];
    const createdAt = new Date();
    const name = 'lane';
    const sample = { sample: '{"a":1}', sampleVersion: 1, fields: [] };
    const connection = { id: connectionId, name, type: 'PUSH_API' as const, ...sample };
    await mongoConnections(database.client, collections).insertConnection({
      ...connection,
      createdAt,
      updatedAt: createdAt,
    });
    const datasets = mongoDatasets(database.client, collections);
    await datasets.insertDataset(newDataset({ id, name, connectionId, createdAt }), {
      datasetId: id,
      revision: 1,
      connectionId,
      sampleVersion: 1,
      columns: [],
      transformations: [],
      lastKey: 0,
      ...DEFAULT_RULES,
    });
    await datasets.applyFirst(id, 1, `rows_${id}_1`);
    return id;
  }

  async function push(datasetId: string, bytes = 10): Promise<string> {
    const { id } = await appended(mongoPushLog(collections), acceptedPush(datasetId, Buffer.alloc(bytes, ' ')));
    return id;
  }

  async function held(datasetId: string, owner = 'one'): Promise<Lease> {
    const lease = await lanes.acquire(datasetId, owner, LEASE_MS);
    if (!lease) throw new Error('the lane is taken');
    return lease;
  }

  async function nextGroup(lease: Lease): Promise<Group> {
    const taken = await lanes.nextGroup(lease, BOUNDS, new Date());
    if (!taken) throw new Error('no job waits');
    return taken.group;
  }

  async function commit(lease: Lease, group: Group, outcomes: readonly JobOutcome[] = []): Promise<Group> {
    const committed = await lanes.commit(lease, group, outcomes, new Date());
    if (committed.kind !== 'COMMITTED') throw new Error('a job has been terminated');
    return committed.group;
  }

  return {
    database,
    collections,
    lanes,
    ledger,
    newLane,
    push,
    held,
    nextGroup,
    commit,
    close: () => database.close(),
  };
}
