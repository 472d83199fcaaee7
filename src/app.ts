import { extname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MongoClientClosedError } from 'mongodb';
import { LaneAgenda } from './adapters/agenda/lane-agenda.js';
import { jwtViewerTokens } from './adapters/jwt/viewer-tokens.js';
import { keyFile } from './adapters/key-file.js';
import { memoryBudget } from './adapters/memory/memory-budget.js';
import { memoryRateLimits } from './adapters/memory/rate-limits.js';
import { memoryStatusNudges } from './adapters/memory/status-nudges.js';
import { mongoAnswerLog } from './adapters/mongodb/answer-log.js';
import { keepAuditFor } from './adapters/mongodb/audit-retention.js';
import { collectionsOf } from './adapters/mongodb/collections.js';
import { createIndexes } from './adapters/mongodb/indexes.js';
import { mongoPurge } from './adapters/mongodb/purge.js';
import { mongoUseExchange } from './adapters/mongodb/use-exchange.js';
import { newId } from './adapters/new-id.js';
import { systemClock } from './adapters/system-clock.js';
import { examinationThreads } from './adapters/threads/examination-threads.js';
import type { Config } from './config.js';
import type { Database } from './database.js';
import type { LanePlace } from './domain/dataset.js';
import { LatestEntries } from './domain/latest-entries.js';
import { clientAddress } from './edge/client-address.js';
import { createServer } from './edge/server.js';
import { outOfSupport } from './node-support.js';
import { type OpenRecordStore, openRecordStore } from './open-record-store.js';
import { CompiledDesigns } from './pipeline/compiled-designs.js';
import { groupRoom } from './pipeline/group-room.js';
import { LanePool } from './pipeline/lane-pool.js';
import { type LaneSweepDeps, startLaneSweep } from './pipeline/lane-sweep.js';
import { LaneWorker } from './pipeline/lane-worker.js';
import { startUpkeep, type UpkeepDeps } from './pipeline/upkeep.js';
import { startWorkerBeat } from './pipeline/worker-beat.js';
import { plainHttpNotices } from './plain-http.js';
import type { ViewerTokens } from './ports/viewer-tokens.js';
import { readinessOf } from './readiness.js';
import { storedPorts } from './stored-ports.js';
import { errorReporter } from './telemetry/error-reporter.js';
import type { Logger } from './telemetry/logger.js';
import type { Deps } from './usecases/deps.js';
import { ensureFirstKey, type FirstKey } from './usecases/first-key.js';
import { RefusalCounter } from './usecases/refusal-counter.js';
import { createUseCases } from './usecases/use-cases.js';

/** A running service. */
export interface App {
  /** The URL at which clients reach it. */
  readonly url: string;
  /** Null when the database has keys that only their owners know. */
  readonly firstKey: FirstKey | null;
  readonly databaseSource: string;
  /** Null if the rows are in the database too. */
  readonly recordStoreSource: string | null;
  /** Messages for the operator. */
  readonly notices: readonly string[];
  /** Resolves, with the reason, if the service cannot continue because its database has ended for good. */
  readonly lost: Promise<string>;
  /** Finishes running requests, stops the work on lanes at a safe point, and stops everything that was started. */
  close(): Promise<void>;
}

/** Most of the time of a small group is waiting for the database. Where rows are there too, many lanes share commands. */
const LANES_AT_ONCE = { rowsInDatabase: 64, rowsElsewhere: 16 };
const LARGE_GROUPS_AT_ONCE = 4;
/** Those that were loaded last. Takes about 2 MB. */
const LANES_REMEMBERED = 10_000;
const GRACE_MS = 10_000;
/** After this time, running requests to the record store are aborted, so that the lanes can still be handed over. */
const STORE_GRACE_MS = 8_000;
const CLIENT_GRACE_MS = 5_000;
const LEASE_MS = 8_000;
/** Beside this file: compiled, or a source. */
const THREAD_PROGRAM = new URL(`./examination-program${extname(import.meta.url)}`, import.meta.url);

/** Starts the service on a database. The caller closes the database if this throws. */
export async function startService(database: Database, config: Config, logger: Logger): Promise<App> {
  const store = await openRecordStore(config, database.db, database.storage);
  try {
    return await startOnStore(store, database, config, logger);
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function startOnStore(store: OpenRecordStore, database: Database, config: Config, logger: Logger): Promise<App> {
  const { db } = database;
  const collections = collectionsOf(db);
  await createIndexes(collections);
  await keepAuditFor(config.auditRetentionDays, db, collections);

  const stopping = new AbortController();
  const reportError = reporterOf(database, logger, stopping.signal);
  const memory = memoryBudget(config.maxInFlightBytes);
  const lanesAtOnce = LANES_AT_ONCE[store.source === null ? 'rowsInDatabase' : 'rowsElsewhere'];
  const pool: LanePool = new LanePool(lanesAtOnce, { loadLane: (...args) => worker.run(...args), reportError });
  // A lost wake only costs time: the sweep makes up for it.
  const reportLoss = (error: unknown, doing: string) => logger.warn({ err: error }, doing);
  const laneQueue = new LaneAgenda(db, { pool: config.role === 'api' ? null : pool, reportError: reportLoss });
  const ports = storedPorts(database, store, config, collections);
  const deps = {
    ...ports.forService,
    laneQueue,
    nudges: memoryStatusNudges(),
    settled: new LatestEntries<LanePlace>(LANES_REMEMBERED),
    viewerTokens: viewerTokensOf(config, logger),
    clock: systemClock,
    newId,
    stopping: stopping.signal,
    reportError,
  } satisfies Deps;
  const threads = threadsFor(store, config, reportError);
  const worker = new LaneWorker({
    ...deps,
    room: groupRoom(memory, memoryBudget(LARGE_GROUPS_AT_ONCE)),
    leaseMs: LEASE_MS,
    maxQuarantineRecords: config.maxQuarantineRecords,
    designs: new CompiledDesigns(deps.catalog, config.geocoder ? null : deps.geocoder),
    answerLog: mongoAnswerLog(collections),
    threads,
  });

  let url = config.publicUrl ?? '';
  const { maxPayloadBytes, rateLimit } = config;
  const options = { publicUrl: () => url, backlog: config, maxPayloadBytes, rateLimit };
  const rates = memoryRateLimits();
  const refusals = new RefusalCounter(deps);
  const server = await createServer({
    useCases: createUseCases({ ...deps, ...ports.forClients, rows: store.records }, options),
    ...edgeOptions(config),
    noteRefusals: refusals.note,
    memory,
    rates,
    liveness: () => database.liveness(),
    readiness: () => readinessOf(database, store, ports.forClients),
    storage: database.storage,
    logger,
  });
  const firstKey = await ensureFirstKey(deps, config.apiKey, keyFile(config.dataDir));
  // The data directory is locked, so every process that had a lane on it was killed.
  if (database.exclusive) await deps.lanes.freeAll();
  await laneQueue.start();
  const ends =
    config.role === 'api'
      ? []
      : startInBackground({ ...deps, isWaiting: pool.isWaiting, purge: mongoPurge(collections) });
  if (config.mongodbUrl !== undefined) ends.push(rates.share(mongoUseExchange(collections), reportLoss));
  const endBeat = config.role === 'api' ? null : await startWorkerBeat(deps.newId(), deps);
  const port = await server.listen(config.host, config.port);
  const endCounting = refusals.start();
  url = config.publicUrl ?? urlOf(config.host, port);

  return {
    url,
    firstKey,
    databaseSource: database.source,
    recordStoreSource: store.source,
    notices: noticesOf(database, store, config),
    lost: database.lost,
    async close() {
      for (const end of ends) end();
      stopping.abort();
      worker.stop();
      // Before the requests finish: this process must not take wakes that are meant for others.
      const givingUp = setTimeout(() => void store.close(), STORE_GRACE_MS);
      await laneQueue.stop();
      const closing = server.close();
      // Lanes and requests that end leave wakes for other processes.
      await within(GRACE_MS, Promise.all([pool.idle(), closing]).then(laneQueue.written));
      await closing;
      await threads.end();
      await endCounting();
      await endBeat?.();
      clearTimeout(givingUp);
      await store.close();
      await database.close();
    },
  };
}

/** Threads that examine pushes, and encode their rows for the store. */
function threadsFor(
  { source, records }: OpenRecordStore,
  config: Config,
  reportError: Deps['reportError'],
): ReturnType<typeof examinationThreads> {
  const data = {
    store: source === null ? 'MONGODB' : 'ELASTICSEARCH',
    maxRowBytes: records.limits.maxRowBytes,
  } as const;
  return examinationThreads(config.threads, { program: THREAD_PROGRAM, data, reportError });
}

/** Returns functions that end what goes on beside requests and loads. */
function startInBackground(deps: LaneSweepDeps & UpkeepDeps): (() => void)[] {
  return [startLaneSweep(deps), startUpkeep(deps)];
}

/** What the operator has configured of the edge. */
function edgeOptions(config: Config) {
  const { maxPayloadBytes, maxInFlightBytes, role, corsOrigins, publicUrl, introspection, trustedProxies } = config;
  const addressOf = clientAddress(trustedProxies);
  const servesApi = role !== 'worker';
  const closeGraceMs = CLIENT_GRACE_MS;
  const answerMemory = memoryBudget(maxInFlightBytes);
  return { maxPayloadBytes, answerMemory, servesApi, addressOf, corsOrigins, publicUrl, introspection, closeGraceMs };
}

/** The tokens that the operator has configured; null if the service accepts none. */
function viewerTokensOf({ viewerTokens: tokens }: Config, logger: Logger): ViewerTokens | null {
  const reportFault = (message: string) => logger.warn(message);
  return tokens ? jwtViewerTokens(tokens, { clock: systemClock, reportFault }) : null;
}

const TOKENS_FOR_ALL =
  'SLUICE_JWT_AUDIENCE is not set, so every token with permissions that the issuer in SLUICE_JWKS_URL signs is accepted, also one for another application';

function noticesOf(database: Database, store: OpenRecordStore, config: Config): string[] {
  const { viewerTokens: tokens } = config;
  const oldNode = outOfSupport(process.versions.node, systemClock.now());
  const forAll = tokens?.key.kind === 'JWKS' && tokens.audience === undefined ? [TOKENS_FOR_ALL] : [];
  return [
    ...(oldNode === null ? [] : [oldNode]),
    ...forAll,
    ...plainHttpNotices(config),
    ...database.notices,
    ...store.notices,
  ];
}

/** During an outage, work fails all the time and would fill the log. And what the end of the service aborts is not an error. */
function reporterOf({ storage }: Database, logger: Logger, stopping: AbortSignal): Deps['reportError'] {
  const isCutOff = (error: unknown) => stopping.aborted && error instanceof MongoClientClosedError;
  return errorReporter(logger, storage, (error) => storage.outage() !== null || isCutOff(error));
}

/** Resolves when the work is done, or after this time. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  const timeOver = new AbortController();
  await Promise.race([work, sleep(ms, undefined, { signal: timeOver.signal }).catch(() => undefined)]);
  timeOver.abort();
}

function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
