import type { Db } from 'mongodb';
import { collectionsOf } from '../../src/adapters/mongodb/collections.js';
import { encodeListCursor } from '../../src/domain/query/list-cursor.js';
import { fillLanes, finishedJobs } from '../copied-jobs.js';
import { idleCpu } from '../idle-cpu.js';
import { inFlight, medianTime, timed } from '../measure.js';
import { bodyOf, RECORDS_IN_1_MB, recordOf, recordsFrom } from '../records.js';
import { alternate } from '../rounds.js';
import type { SluiceClient } from '../sluice-client.js';
import type { Bench, Workload } from '../workload.js';

const CLIENTS = 100;
/** A payload of this size is stored beside its job. */
const RECORDS_IN_20_KB = 75;
const TIMES = 20;
const WITHOUT = 'without_past_jobs';

/**
 * A ledger with a million past jobs of a few hundred datasets, half of them of one dataset: what they cost bulk pushes, single pushes and lists of jobs, compared with a second service whose database, on
 * the same mongod, has only the jobs that are pushed here; how long the service takes to start; and what it uses while nothing happens. A few past jobs are pushed; the others are copies of those, written directly into the database (`copied-jobs.ts`).
 */
export const pastJobs: Workload = {
  name: 'past-jobs',
  stores: ['mongodb'],
  quick: false,
  alone: true,
  async run(bench) {
    const { service } = bench;
    const datasets: string[] = [];
    await inFlight(bench.size(20, 300), 10, async () => datasets.push(await service.client.dataset(recordOf(0))));
    const [largest = '', ...others] = datasets;
    const finished = await finishedJobs(bench.mongodb.database(), await variedJobs(service.client));
    const half = bench.size(5_000, 500_000);
    const lanes = others.map((datasetId) => ({ datasetId, count: Math.ceil(half / others.length) }));
    const startMs = await service.restart(async () => {
      await fillLanes(bench.mongodb.database(), [{ datasetId: largest, count: half }, ...lanes], finished);
      bench.note('the past jobs are stored');
    });
    const without = await service.beside(WITHOUT);
    try {
      const few = await without.client.dataset(recordOf(0));
      const own = { client: service.client, datasetId: largest, database: bench.mongodb.database() };
      const raw = { client: without.client, datasetId: few, database: bench.mongodb.database(WITHOUT) };
      await load(raw, 4);
      await load(own, 4);
      const both = (measure: (on: Lane) => Promise<number>) => ({ raw: () => measure(raw), own: () => measure(own) });
      const bulk = await alternate(
        bench,
        'past-jobs-bulk',
        'ms',
        both((on) => load(on, bench.size(5, 50))),
      );
      const singles = await alternate(
        bench,
        'past-jobs-singles',
        'ms',
        both((on) => pushSingles(on, bench.size(300, 5_000))),
      );
      const idle = await alternate(
        bench,
        'past-jobs-idle',
        'ms',
        both((on) => pushAlone(on)),
      );
      const [lists, fewLists] = [await slowestList(bench, own), await slowestList(bench, raw)];
      await without.stop();
      const [cpu, mongod] = await idleCpu(bench, bench.size(6, 35));
      return [
        { row: 'past-jobs-start', values: [startMs] },
        bulk,
        singles,
        idle,
        { row: 'past-jobs-lists', values: [lists], own: [lists], raw: [fewLists], of: 'ms' },
        { row: 'past-jobs-cpu-service', values: [cpu] },
        { row: 'past-jobs-cpu-mongod', values: [mongod] },
      ];
    } finally {
      await without.stop();
    }
  },
};

interface Lane {
  readonly client: SluiceClient;
  readonly datasetId: string;
  readonly database: Db;
}

/** Jobs as they are in a ledger: the first one is what most are like. */
async function variedJobs(client: SluiceClient): Promise<string[]> {
  const datasetId = await client.dataset(recordOf(0));
  const push = async (records: unknown, key?: string) => {
    const id = await client.push(datasetId, bodyOf(records), 'replace', key);
    await client.untilFinal(id);
    return id;
  };
  const small = await push(recordOf(0));
  const withKey: string[] = [];
  for (let n = 0; n < 10; n += 1) withKey.push(await push(recordOf(n), `key ${n}`));
  const large = [await push(recordsFrom(0, RECORDS_IN_20_KB)), await push(recordsFrom(0, RECORDS_IN_20_KB))];
  const refused = await push({ ...recordOf(0), qty: 'not a number' });
  return [
    small,
    ...withKey,
    ...large,
    refused,
    await client.deletion(datasetId, { column: 'rid', op: 'EQ', value: 'x' }),
  ];
}

function load({ client, datasetId }: Lane, count: number): Promise<number> {
  const body = bodyOf(recordsFrom(0, RECORDS_IN_1_MB));
  return timed(() => client.pushAll(datasetId, { count, body: () => body, end: bodyOf(recordOf(0)) }));
}

function pushSingles({ client, datasetId }: Lane, count: number): Promise<number> {
  return timed(async () => {
    await inFlight(count, CLIENTS, (n) => client.push(datasetId, bodyOf(recordOf(n))));
    await client.pushToComplete(datasetId, bodyOf(recordOf(0)));
  });
}

function pushAlone({ client, datasetId }: Lane): Promise<number> {
  return medianTime(TIMES, () => client.pushToComplete(datasetId, bodyOf(recordOf(0))));
}

/** The longest median time of these pages of jobs, in milliseconds. */
async function slowestList(bench: Bench, { client, datasetId, database }: Lane): Promise<number> {
  const nodes = 'nodes { id status counts { read } createdAt } pageInfo { endCursor }';
  const ofDataset = `datasetId: "${datasetId}"`;
  const after = await cursorInTheMiddle(database, datasetId);
  const lists = [
    '',
    ofDataset,
    `after: "${after}"`,
    `${ofDataset}, after: "${after}"`,
    'status: [COMPLETE]',
    'status: [ERROR_EXIT]',
    'status: [TERMINATED_EXIT]',
    'status: [INITIALIZING, FILLING_ES]',
    `${ofDataset}, status: [ERROR_EXIT]`,
    `${ofDataset}, status: [TERMINATED_EXIT, INITIALIZING]`,
    `${ofDataset}, status: [ERROR_EXIT], after: "${after}"`,
    'kind: [DELETE]',
    'kind: [PUSH]',
    `${ofDataset}, kind: [DELETE, RELOAD]`,
    `${ofDataset}, kind: [TRIAL]`,
    `${ofDataset}, kind: [DELETE], status: [ERROR_EXIT]`,
    `kind: [PUSH], status: [ERROR_EXIT], after: "${after}"`,
  ];
  let slowest = 0;
  for (const list of lists) {
    const ms = await medianTime(TIMES, () => client.query(`{ jobs(first: 50${list && `, ${list}`}) { ${nodes} } }`));
    bench.note(`jobs(${list}): ${ms.toFixed(1)} ms`);
    slowest = Math.max(slowest, ms);
  }
  return slowest;
}

/** The cursor of a job with half of its dataset's jobs before it. */
async function cursorInTheMiddle(database: Db, datasetId: string): Promise<string> {
  const { jobs } = collectionsOf(database);
  const last = await jobs.findOne({ datasetId }, { sort: { position: -1 }, projection: { position: 1 } });
  const position = Math.ceil((last?.position ?? 1) / 2);
  const middle = await jobs.findOne({ datasetId, position }, { projection: { _id: 1 } });
  return encodeListCursor('jobs', middle?._id ?? '');
}
