import { v7 as uuidV7 } from 'uuid';
import { offlineGeocoder } from '../../src/adapters/geocoding/offline-geocoder.js';
import { storedLookups } from '../../src/adapters/lookups/stored-lookups.js';
import { memoryBudget } from '../../src/adapters/memory/memory-budget.js';
import { memoryStatusNudges } from '../../src/adapters/memory/status-nudges.js';
import { mongoAnswerLog } from '../../src/adapters/mongodb/answer-log.js';
import { mongoApiKeys } from '../../src/adapters/mongodb/api-keys.js';
import { mongoAuditLog } from '../../src/adapters/mongodb/audit-log.js';
import { collectionsOf } from '../../src/adapters/mongodb/collections.js';
import { mongoConnections } from '../../src/adapters/mongodb/connections.js';
import { mongoDatasets } from '../../src/adapters/mongodb/datasets.js';
import { mongoGenerations } from '../../src/adapters/mongodb/generations.js';
import { createIndexes } from '../../src/adapters/mongodb/indexes.js';
import { mongoJobLedger } from '../../src/adapters/mongodb/job-ledger.js';
import { mongoLanes } from '../../src/adapters/mongodb/lanes.js';
import { mongoPushLog } from '../../src/adapters/mongodb/push-log.js';
import { mongoPushUrls } from '../../src/adapters/mongodb/push-urls.js';
import { mongoQuarantine } from '../../src/adapters/mongodb/quarantine.js';
import { RecentEnds } from '../../src/adapters/mongodb/recent-ends.js';
import { RecentJobs } from '../../src/adapters/mongodb/recent-jobs.js';
import { RecentPayloads } from '../../src/adapters/mongodb/recent-payloads.js';
import { mongoRefusalLog } from '../../src/adapters/mongodb/refusal-log.js';
import { mongoSmallGroups } from '../../src/adapters/mongodb/small-groups.js';
import { mongoTerminations } from '../../src/adapters/mongodb/terminations.js';
import { systemClock } from '../../src/adapters/system-clock.js';
import type { LanePlace } from '../../src/domain/dataset.js';
import type { DesignRules } from '../../src/domain/design/design.js';
import type { DocumentUpdateMethod } from '../../src/domain/job/job.js';
import type { JsonValue } from '../../src/domain/json/json-value.js';
import { LatestEntries } from '../../src/domain/latest-entries.js';
import { EVERYTHING } from '../../src/domain/query/record-query.js';
import { type Caller, FULL_ACCESS } from '../../src/domain/security/caller.js';
import { UNLIMITED } from '../../src/domain/security/rate-limit.js';
import { CompiledDesigns } from '../../src/pipeline/compiled-designs.js';
import { LaneWorker, type LaneWorkerDeps } from '../../src/pipeline/lane-worker.js';
import type { Lanes } from '../../src/ports/lane.js';
import type { LaneQueue } from '../../src/ports/lane-queue.js';
import type { RecordStore } from '../../src/ports/record-store.js';
import { FOREIGN_STORAGE } from '../../src/ports/storage-health.js';
import { createUseCases } from '../../src/usecases/use-cases.js';
import { type TestDatabase, testDatabase } from './mongod.js';
import { sentRecords } from './sent-records.js';
import { until } from './until.js';

/** Long enough for a machine that has other things to do. */
const LEASE_MS = 15_000;

/** Who asks, in these tests. */
export const CALLER: Caller = {
  id: 'k',
  kind: 'API_KEY',
  name: 'test',
  access: FULL_ACCESS,
  credential: '',
  rateLimit: UNLIMITED,
  expiresAt: null,
  address: '127.0.0.1',
};

/** What is to fail of a worker's. */
export interface Faults {
  readonly lanes?: Partial<Lanes>;
  readonly records?: Partial<RecordStore>;
}

function isOfLongWay({ lanes = {}, records = {} }: Faults): boolean {
  return [...Object.keys(lanes), ...Object.keys(records)].some((step) => LONG_WAY.has(step));
}

const LONG_WAY: ReadonlySet<string> = new Set([
  'commit',
  'complete',
  'recordTransitions',
  'writeRows',
  'refresh',
  'limits',
]);

export type LaneBench = Awaited<ReturnType<typeof laneBench>>;

/** A bench on a database of its own, to be closed with it. */
export async function openLaneBench() {
  const database = await testDatabase();
  return { ...(await laneBench(database)), database, close: () => database.close() };
}

export type OpenLaneBench = Awaited<ReturnType<typeof openLaneBench>>;

/** Datasets and pushes on a real database, with lanes that nobody works on until a test does. */
export async function laneBench({ client, db, records }: Pick<TestDatabase, 'client' | 'db' | 'records'>) {
  const backlog = { maxBacklogJobs: 100_000, maxBacklogBytes: 1_000_000_000 };
  const collections = collectionsOf(db);
  await createIndexes(collections);
  const catalog = { ...mongoConnections(client, collections), ...mongoDatasets(client, collections) };
  const [recentJobs, recentEnds] = [new RecentJobs(), new RecentEnds()];
  const lanes = mongoLanes(client, collections, recentJobs);
  const errors: unknown[] = [];
  const woken: string[] = [];
  const noteWake = async (datasetId: string) => void woken.push(datasetId);
  const laneQueue: LaneQueue = { wake: noteWake, wakeAfter: noteWake, handOver: noteWake, takeAhead: () => false };
  const deps = {
    catalog,
    records,
    rows: records,
    generations: mongoGenerations(collections),
    apiKeys: mongoApiKeys(collections),
    pushUrls: mongoPushUrls(collections),
    viewerTokens: null,
    auditLog: mongoAuditLog(collections),
    refusals: mongoRefusalLog(collections),
    storage: FOREIGN_STORAGE,
    lookups: storedLookups({ catalog, records }),
    geocoder: offlineGeocoder(undefined),
    addresses: null,
    answerLog: mongoAnswerLog(collections),
    pushLog: mongoPushLog(collections, new RecentPayloads(), recentJobs),
    ledger: mongoJobLedger(collections, { absence: async () => null }, recentEnds),
    laneQueue,
    terminations: mongoTerminations(client, collections),
    quarantine: mongoQuarantine(collections),
    nudges: memoryStatusNudges(),
    settled: new LatestEntries<LanePlace>(100),
    clock: systemClock,
    newId: () => uuidV7(),
    stopping: new AbortController().signal,
    reportError: (error: unknown) => void errors.push(error),
  };
  const useCases = createUseCases(deps, {
    publicUrl: () => 'http://localhost',
    backlog,
    maxPayloadBytes: 10_000_000,
    rateLimit: UNLIMITED,
  });
  const reader = useCases.readerFor(CALLER);
  const memory = memoryBudget(1_000_000_000);
  const healthy: LaneWorkerDeps = {
    ...deps,
    lanes,
    smallGroups:
      process.env.ELASTICSEARCH_URL === undefined
        ? mongoSmallGroups(client, db, collections, FOREIGN_STORAGE, { recentJobs, recentEnds })
        : null,
    room: memory,
    leaseMs: LEASE_MS,
    maxQuarantineRecords: 100,
    designs: new CompiledDesigns(catalog, deps.geocoder),
    threads: null,
  };
  /** What a worker needs, with some of it made to fail. */
  const workerDeps = (faults: Faults = {}): LaneWorkerDeps => ({
    ...healthy,
    // What is to fail is a step of the long way.
    ...(isOfLongWay(faults) && { smallGroups: null }),
    lanes: { ...lanes, ...faults.lanes },
    records: { ...records, ...faults.records },
  });
  return {
    ...deps,
    collections,
    lanes,
    errors,
    woken,
    workerDeps,
    /** Loads the lane until its worker leaves nothing, or lets it rest: a turn is over after two seconds, which is little on a slow machine. */
    async load(datasetId: string, faults?: Faults, others: Partial<LaneWorkerDeps> = {}): Promise<void> {
      let isLeft = true;
      const wake = async (id: string) => {
        isLeft = true;
        await noteWake(id);
      };
      const worker = new LaneWorker({ ...workerDeps(faults), ...others, laneQueue: { ...laneQueue, wake } });
      while (isLeft) {
        isLeft = false;
        await worker.run(datasetId);
      }
    },
    /** Runs a worker with these dependencies until all jobs of the lane are final. */
    async loadAll(datasetId: string, withDeps: LaneWorkerDeps): Promise<void> {
      const worker = new LaneWorker(withDeps);
      await until('the lane to be loaded', async () => {
        await worker.run(datasetId);
        return (await deps.ledger.firstOpenPosition(datasetId)) === null;
      });
    },
    historyOf: async (job: string) => (await deps.ledger.findJob(job))?.history.map(({ status }) => status),
    useCases,
    /** Reads as {@link CALLER}, who sees all. */
    reader,
    async dataset(sample: JsonValue, rules: Partial<DesignRules> = {}): Promise<string> {
      return (await useCases.createDataset({ name: 'test', sample, apply: true, rules }, CALLER)).id;
    },
    /** What users see of a dataset: its records' values, how many rows it has, and what is in quarantine. */
    async contents(datasetId: string) {
      const dataset = await reader.catalog.existingDataset(datasetId);
      const records: Record<string, unknown>[] = [];
      let page = await reader.records.page(dataset, { first: 1000 });
      for (;;) {
        records.push(...page.nodes.map(({ valuesById }) => valuesById));
        if (!page.hasNextPage || page.endCursor === null) break;
        page = await reader.records.page(dataset, { first: 1000, after: page.endCursor });
      }
      const quarantine = await reader.quarantine.list(datasetId, 1000, undefined);
      return {
        records,
        rows: await page.totalCount(),
        quarantined: quarantine.nodes.map(({ id, superseded }) => ({ id, superseded })),
      };
    },
    async push(
      datasetId: string,
      data: JsonValue,
      documentUpdateMethod: DocumentUpdateMethod = 'REPLACE',
    ): Promise<string> {
      const request = { datasetId, documentUpdateMethod, ...sentRecords(data) };
      return (await useCases.pushData(request, CALLER)).id;
    },
    async rows(datasetId: string) {
      const dataset = await catalog.findDataset(datasetId);
      const page = { filter: EVERYTHING, order: [], limit: 1000 };
      return (await deps.records.readPage(dataset?.generation ?? '', page)).rows;
    },
  };
}
