import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { mongoPurge } from '../../src/adapters/mongodb/purge.js';
import { NO_COUNTS, NO_ERRORS, NO_FAULTS } from '../../src/domain/job/job.js';
import { EVERYTHING } from '../../src/domain/query/record-query.js';
import type { ApiKeys } from '../../src/ports/api-keys.js';
import type { Catalog } from '../../src/ports/catalog.js';
import type { Generations } from '../../src/ports/generations.js';
import type { JobLedger } from '../../src/ports/job-ledger.js';
import type { Group, Lanes, Lease } from '../../src/ports/lane.js';
import type { Purge } from '../../src/ports/purge.js';
import type { PushLog } from '../../src/ports/push-log.js';
import type { Quarantine } from '../../src/ports/quarantine.js';
import type { RecordStore, RowWrite } from '../../src/ports/record-store.js';
import type { Terminations } from '../../src/ports/terminations.js';
import { type FilledDatabase, fillDatabase } from '../support/filled-database.js';
import { CALLER } from '../support/lane.js';
import { type NotedOperation, operationsOf } from '../support/query-plans.js';
import { COLUMNS, row, tombstone } from './record-store.rows.js';

/** What an operation may examine, in documents and in keys, for each document that it returns, changes, removes or counts. */
const A_RESULT = 2;
/** And beside that, whatever it returns: what it looks for and does not find, and the ends of ranges. */
const SPARE = 5;

/** A call of every method of a port, and of some with other arguments: a method that is added later has to be added here. */
type Calls<P> = { readonly [M in keyof P as P[M] extends (...args: never[]) => unknown ? M : never]: Call };
type Call = () => Promise<unknown>;

describe('the queries that the service makes of MongoDB', () => {
  let filled: FilledDatabase;
  let id: string;
  let lease: Lease;
  let group: Group;
  let generation: string;
  beforeAll(async () => {
    filled = await fillDatabase();
    id = filled.datasetId;
    generation = (await bench().useCases.readCatalog.existingDataset(id)).generation ?? '';
  });
  afterAll(() => filled.close());

  const bench = () => filled.bench;
  const other = (n: number) => filled.others.at(n) ?? '';
  const inTurn = async (...calls: Call[]) => {
    for (const call of calls) await call();
  };

  const catalog: Calls<Catalog> = {
    findConnection: () => bench().catalog.findConnection(filled.connectionId),
    findSample: () => bench().catalog.findSample(filled.connectionId, 1),
    listConnections: async () => {
      const { nodes } = await bench().catalog.listConnections({ first: 5 });
      await bench().catalog.listConnections({ first: 5, after: nodes.at(-1)?.id ?? '' });
    },
    countConnections: () => bench().catalog.countConnections(),
    insertConnection: async () => {
      const connection = await bench().catalog.findConnection(filled.connectionId);
      if (connection) await bench().catalog.insertConnection({ ...connection, id: uuidV7() });
    },
    updateConnection: () => bench().catalog.updateConnection(filled.connectionId, { name: 'b', updatedAt: new Date() }),
    deleteConnection: async () => {
      const { id: connectionId } = await bench().useCases.createConnection({ name: 'c', sample: { a: 1 } });
      await bench().catalog.deleteConnection(filled.connectionId);
      await bench().catalog.deleteConnection(connectionId);
    },
    insertDataset: () => bench().dataset({ n: 1 }),
    findDataset: () => bench().catalog.findDataset(id),
    findDatasetOfJob: () => bench().catalog.findDatasetOfJob(id),
    listDatasets: async () => {
      const { nodes } = await bench().catalog.listDatasets({ first: 5 });
      await bench().catalog.listDatasets({ first: 5, after: nodes.at(-1)?.id ?? '' });
      await bench().catalog.listDatasets({ first: 5, connectionId: filled.connectionId });
      await bench().catalog.listDatasets({ first: 5, status: ['ACTIVE'] });
      await bench().catalog.listDatasets({ first: 5, status: ['FAILED', 'DRAFT'] });
    },
    countDatasets: () =>
      inTurn(
        () => bench().catalog.countDatasets({}),
        () => bench().catalog.countDatasets({ connectionId: filled.connectionId }),
        () => bench().catalog.countDatasets({ status: ['FAILED'] }),
      ),
    findDesign: () => bench().catalog.findDesign(id, 1),
    replaceDraft: async () => {
      const design = await bench().catalog.findDesign(other(1), 1);
      const { draftRevision } = await bench().useCases.readCatalog.existingDataset(other(1));
      if (design) await bench().catalog.replaceDraft({ ...design, revision: draftRevision + 1 });
    },
    applyFirst: async () => {
      const { id: fresh } = await bench().useCases.createDataset({ name: 'd', sample: { a: 1 }, apply: false }, CALLER);
      await bench().useCases.applyChanges(fresh, CALLER);
    },
    applyInPlace: async () => {
      const { appliedRevision, draftRevision } = await bench().useCases.readCatalog.existingDataset(other(2));
      const design = await bench().catalog.findDesign(other(2), draftRevision);
      const next = design && { ...design, revision: draftRevision + 1 };
      if (next) await bench().catalog.applyInPlace(next, appliedRevision ?? 0);
    },
    recordLostRows: () => bench().catalog.recordLostRows(id, generation),
    recordFoundRows: () => bench().catalog.recordFoundRows(id, generation),
    deleteDataset: () => bench().catalog.deleteDataset(other(3), new Date(0)),
  };

  const ledger: Calls<JobLedger> = {
    findJob: async () => {
      const { nodes } = await bench().ledger.listJobs({ datasetId: id, first: 40 });
      for (const job of [nodes[0], nodes.at(-1)]) await bench().ledger.findJob(job?.id ?? '');
    },
    listJobs: async () => {
      for (const query of JOB_LISTS(id)) {
        const { nodes } = await bench().ledger.listJobs({ ...query, first: 5 });
        await bench().ledger.listJobs({ ...query, first: 5, after: nodes.at(-1)?.id ?? '' });
      }
      const { nodes } = await bench().ledger.listJobs({ datasetId: id, first: 100 });
      await bench().ledger.listJobs({ datasetId: id, first: 5, after: nodes.at(-1)?.id ?? '' });
    },
    countJobs: async () => {
      for (const query of JOB_LISTS(id)) await bench().ledger.countJobs(query);
    },
    jobsBehind: async () => {
      const last = await bench().ledger.lastPosition(id);
      for (const position of [0, Math.floor(last / 2), last - 2, last])
        await bench().ledger.jobsBehind(id, position, 5);
    },
    openJob: () =>
      inTurn(
        () => bench().ledger.openJob(id, 'REBUILD'),
        () => bench().ledger.openJob(id, 'PUSH'),
      ),
    isLaneClosed: () => bench().ledger.isLaneClosed(id),
    lastTrial: () => bench().ledger.lastTrial(id),
    lastPosition: () => bench().ledger.lastPosition(id),
    firstOpenPosition: () => bench().ledger.firstOpenPosition(id),
    heldUp: () => bench().ledger.heldUp(3),
    errorsOf: async () => {
      const [job] = (await bench().ledger.listJobs({ datasetId: id, status: ['ERROR_EXIT'], first: 1 })).nodes;
      await bench().ledger.errorsOf(job?.id ?? '');
    },
    errorSummaryOf: async () => {
      const [job] = (await bench().ledger.listJobs({ datasetId: id, status: ['ERROR_EXIT'], first: 1 })).nodes;
      await bench().ledger.errorSummaryOf(job?.id ?? '');
    },
  };

  const pushLog: Calls<PushLog> = {
    append: () => bench().push(id, [{ k: 'appended', n: 1 }]),
    findByKey: () => bench().pushLog.findByKey(id, { keyId: 'k', key: 'none', fingerprint: '' }),
    readPayloads: async () => bench().pushLog.readPayloads(await bench().lanes.jobsOf(group)),
    readLoaded: () => all(bench().pushLog.readLoaded(id, [4, 60, 61])),
    history: async () => all(bench().pushLog.history(id, lease.finalThrough)),
    keepResolved: () => bench().pushLog.keepResolved(lease, 'none', 0, []),
    readResolved: () => bench().pushLog.readResolved('none', 0),
  };

  const lanes: Calls<Lanes> = {
    orphans: () => bench().lanes.orphans(),
    acquire: async () => {
      const taken = await bench().lanes.acquire(id, 'test', 600_000);
      if (!taken) throw new Error('the lane cannot be taken');
      lease = taken;
    },
    renew: () => bench().lanes.renew(lease, 600_000),
    nextGroup: async () => {
      const taken = await bench().lanes.nextGroup(lease, { maxJobs: 2, maxBytes: 1_000, splitAfter: 10 }, new Date());
      if (!taken) throw new Error('there is no group');
      group = taken;
    },
    jobsOf: () => bench().lanes.jobsOf(group),
    recordWaiting: () => bench().lanes.recordWaiting(lease, group, null),
    recordProgress: () => bench().lanes.recordProgress(lease, group, 0.5),
    giveBack: () => bench().lanes.giveBack(lease, group),
    recordTransitions: () => bench().lanes.recordTransitions(lease, group),
    commit: async () => {
      const [loaded, refused] = await bench().lanes.jobsOf(group);
      const outcome = {
        counts: { ...NO_COUNTS, deleted: 1 },
        netRows: 0,
        skipped: null,
        faults: NO_FAULTS,
        errors: NO_ERRORS,
      };
      const committed = await bench().lanes.commit(
        lease,
        group,
        [
          { kind: 'LOADED', jobId: loaded?.id ?? '', position: loaded?.position ?? 0, ...outcome },
          { kind: 'REFUSED', jobId: refused?.id ?? '', position: refused?.position ?? 0, ...outcome },
        ],
        new Date(),
      );
      if (!committed) throw new Error('the group cannot be committed');
      group = committed;
    },
    complete: async () => {
      lease = await bench().lanes.complete(lease, group, { deletedRows: true, released: ['none'] }, new Date());
    },
    replaceGeneration: async () => {
      lease = await bench().lanes.replaceGeneration(lease, generation, false);
    },
    release: () => bench().lanes.release(lease),
    freeAll: () => bench().lanes.freeAll(),
  };

  const quarantine: Pick<Calls<Quarantine>, Exclude<keyof Calls<Quarantine>, 'maxRecordBytes'>> = {
    countBefore: () => bench().quarantine.countBefore(id, 100),
    countKept: () => bench().quarantine.countKept(id, [5, 6, 7]),
    list: async () => {
      const page = { first: 5, maxBytes: 1_000_000 };
      const whole = (await bench().quarantine.list(id, { ...page, first: 1_000 })).nodes;
      for (const after of [whole[4], whole.at(-7), whole.at(-1)]) await bench().quarantine.list(id, { ...page, after });
      const ids = whole.slice(10, 13).map((one) => one.id);
      await bench().quarantine.list(id, { ...page, ids });
      await bench().quarantine.list(id, { ...page, ids, after: whole[11] });
    },
    count: () => bench().quarantine.count(id),
    idsThere: async () => {
      const { nodes } = await bench().quarantine.list(id, { first: 3, maxBytes: 1_000_000 });
      await bench().quarantine.idsThere(id, [...nodes.map((one) => one.id), 'none']);
    },
    keep: async () => {
      const { nodes } = await bench().quarantine.list(id, { first: 3, maxBytes: 1_000_000 });
      await bench().quarantine.keep(lease, nodes);
    },
    discard: async () => {
      const { nodes } = await bench().quarantine.list(id, { first: 3, maxBytes: 1_000_000 });
      await bench().quarantine.discard(
        id,
        nodes.map((one) => one.id),
      );
      await bench().quarantine.discard(id, undefined);
    },
  };

  const generations: Calls<Generations> = {
    begin: () => bench().generations.begin(`rows_${id}_0_9`, id, 1, 1),
    retired: () => bench().generations.retired(id),
    isReadable: () => bench().generations.isReadable(generation),
    expired: () => bench().generations.expired(),
    forget: () => bench().generations.forget(`rows_${id}_0_9`),
    unknown: () => bench().generations.unknown([generation, 'none']),
    withOldTombstones: () => bench().generations.withOldTombstones(60 * 60_000),
    swept: () => bench().generations.swept(generation, new Date()),
  };

  const terminations: Calls<Terminations> = {
    terminate: async () => bench().terminations.terminate(await bench().push(id, [{ k: 'a', n: 1 }]), new Date()),
  };

  const apiKeys: Calls<ApiKeys> = {
    insert: () =>
      bench().apiKeys.insert({ id: uuidV7(), name: 'a', secretHash: Buffer.alloc(32, 1), createdAt: new Date() }),
    findByHash: () => bench().apiKeys.findByHash(Buffer.alloc(32, 1)),
    count: () => bench().apiKeys.count(),
  };

  const purge: Calls<Purge> = {
    deletedDatasets: () => mongoPurge(bench().collections).deletedDatasets(new Date()),
    orphanedPayloads: () => mongoPurge(bench().collections).orphanedPayloads(new Date(Date.now() + 1_000)),
  };

  const ROWS = 'rows_queries_1';
  const id5 = (n: number) => `r${String(n).padStart(5, '0')}`;
  const stored = (n: number, version = 1) => ({ ...row(id5(n), { c1: 'x', c2: n }, version), source: '{}' });
  const records: Omit<Calls<RecordStore>, 'sizeOf' | 'silence'> = {
    createGeneration: () => bench().records.createGeneration(ROWS, COLUMNS),
    writeRows: async () => {
      const write = (writes: readonly RowWrite[]) => bench().records.writeRows(ROWS, writes, () => undefined);
      await write(Array.from({ length: 1_000 }, (_, n) => stored(n)));
      await write([stored(1, 2), stored(2, 0), stored(1_001), tombstone(id5(500), 2), tombstone(id5(990), 2)]);
    },
    refresh: () => bench().records.refresh(ROWS),
    readPage: async () => {
      const page = { filter: EVERYTHING, order: [], limit: 50 };
      for (const n of [49, 480, 940]) {
        await bench().records.readPage(ROWS, page);
        await bench().records.readPage(ROWS, { ...page, after: { rowId: id5(n), values: [] } });
      }
    },
    readRows: () => bench().records.readRows(ROWS, [id5(3), id5(990), 'none']),
    readValues: () => bench().records.readValues(ROWS, id5(3)),
    readSources: () => bench().records.readSources(ROWS, [id5(3), id5(990), 'none']),
    scan: async () => {
      const bounds = { maxRows: 50, maxBytes: 1_000_000 };
      for (const after of ['', id5(480)]) await bench().records.scan(ROWS, EVERYTHING, after, bounds);
    },
    scanTombstones: async () => {
      for (const after of ['', id5(500), id5(990)]) await bench().records.scanTombstones(ROWS, after, 1);
    },
    sweepTombstones: () => bench().records.sweepTombstones(ROWS, -60_000),
    count: () => bench().records.count(ROWS, EVERYTHING),
    ownGenerations: () => bench().records.ownGenerations(),
    dropGeneration: () => bench().records.dropGeneration(ROWS),
  };

  const ports = { catalog, ledger, lanes, pushLog, quarantine, generations, terminations, apiKeys, purge, records };
  const calls = Object.entries(ports).flatMap(([port, methods]) =>
    Object.entries(methods).map(([method, call]): [string, Call] => [`${port}.${method}`, call]),
  );

  it.each(calls)('examine no more than twice what they return: %s', async (name, call) => {
    const operations = await operationsOf(bench().database.db, call);
    const excessive = operations.filter((one) => examinesTooMuch(one) || (isScan(one) && !OF_ALL.includes(name)));
    expect(excessive.map((one) => JSON.stringify(one))).toEqual([]);
  });

  it.each([{}, { ofOne: true }])(
    'walk past the jobs alone that are not loaded to list those that are: %j',
    async ({ ofOne }) => {
      const query = { status: ['COMPLETE'] as const, first: 5, ...(ofOne && { datasetId: id }) };
      const operations = await operationsOf(bench().database.db, () => bench().ledger.listJobs(query));
      const others = await bench().collections.jobs.countDocuments({
        status: { $ne: 'COMPLETE' },
        ...(ofOne && { datasetId: id }),
      });
      expect(operations.filter((one) => isScan(one) || examinesTooMuch(one, others + SPARE))).toEqual([]);
    },
  );
});

const JOB_LISTS = (datasetId: string) => [
  {},
  { datasetId },
  ...[{}, { datasetId }].flatMap((of) => [
    { ...of, kind: ['PUSH'] as const },
    { ...of, kind: ['RELOAD', 'DELETE_ALL'] as const },
    { ...of, kind: ['REPLAY'] as const },
    { ...of, status: ['ERROR_EXIT', 'TERMINATED_EXIT'] as const },
    { ...of, status: ['INITIALIZING', 'QUERYING_DATASOURCES'] as const },
    { ...of, status: ['JOINING'] as const },
  ]),
];

/** They change or count all documents of a collection, or all except a few. */
const OF_ALL = ['catalog.countDatasets', 'lanes.freeAll', 'records.count'];

const isScan = ({ plan }: NotedOperation) => plan.includes('COLLSCAN');

function examinesTooMuch({ documentsExamined, keysExamined, returned }: NotedOperation, spare = SPARE): boolean {
  return Math.max(documentsExamined, keysExamined) > A_RESULT * returned + spare;
}

async function all(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of items);
}
