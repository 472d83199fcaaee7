import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LaneAgenda } from '../../src/adapters/agenda/lane-agenda.js';
import { IS_COMPLETE } from '../../src/adapters/mongodb/job-end.js';
import { type FilledDatabase, fillDatabase } from '../support/filled-database.js';
import { namedCalls } from '../support/port-calls.js';
import { type NotedOperation, operationsOf } from '../support/query-plans.js';
import { until } from '../support/until.js';
import { catalogCalls } from './catalog.calls.js';
import { jobCalls } from './job.calls.js';
import { recordStoreCalls } from './record-store.calls.js';
import { upkeepCalls } from './upkeep.calls.js';

/** How many documents and keys an operation may examine for each document that it returns, changes, removes or counts. */
const A_RESULT = 2;
/** What an operation may examine in addition, whatever it returns: for what it does not find. */
const SPARE = 5;

describe('the queries that the service sends to MongoDB', () => {
  let filled: FilledDatabase;
  beforeAll(async () => {
    filled = await fillDatabase();
  });
  afterAll(() => filled.close());

  const bench = () => filled.bench;
  const given = () => filled;
  const { catalog, apiKeys, pushUrls } = catalogCalls(given);
  const { ledger, lanes, pushLog, answerLog, quarantine, terminations } = jobCalls(given);
  const { generations, purge, upkeep } = upkeepCalls(given);
  const records = recordStoreCalls(() => bench().records);
  const ports = {
    catalog,
    ledger,
    lanes,
    pushLog,
    answerLog,
    quarantine,
    generations,
    terminations,
    apiKeys,
    pushUrls,
    records,
    purge,
    upkeep,
  };
  const calls = namedCalls(ports);

  it.each(calls)('examine at most twice as much as they return: %s', async (name, call) => {
    const operations = await operationsOf(bench().database.db, call);
    const excessive = operations.filter((one) => examinesTooMuch(one) || (isScan(one) && !OF_ALL.includes(name)));
    expect(excessive.map((one) => JSON.stringify(one))).toEqual([]);
    const withBodies = operations.filter(readsBodies).map(({ command }) => command.projection);
    expect(withBodies.filter((projection) => !PAYLOADS.has(name) || projection?.body !== 1)).toEqual([]);
  });

  it('find due wakes by their index, whatever other wakes exist', async () => {
    const { db } = bench().database;
    const woken: string[] = [];
    const failed: unknown[] = [];
    const agenda = new LaneAgenda(db, {
      pool: { nudge: (lane) => void woken.push(lane), isWaiting: () => false, takeAhead: () => false },
      reportError: (error) => void failed.push(error),
    });
    await agenda.wakeAfter('later', 3_600_000);
    const wakes = db.collection('agenda_jobs');
    const [{ _id, ...wake } = { _id: null }] = await wakes.find().toArray();
    const dueLater = (n: number) => ({ ...wake, nextRunAt: new Date(Date.now() + 3_600_000 + n) });
    await wakes.insertMany(Array.from({ length: 500 }, (_, n) => dueLater(n)));
    const operations = await operationsOf(db, async () => {
      await agenda.start();
      await agenda.handOver('now');
      await until('the wake', () => woken.includes('now'));
      await until('its removal', async () => (await wakes.countDocuments({ 'data.datasetId': 'now' })) === 0);
      await agenda.stop();
    });
    expect(failed).toEqual([]);
    const ofAgenda = operations.filter((one) => one.collection === 'agenda_jobs' && !one.command.aggregate);
    expect(ofAgenda.filter((one) => isScan(one) || examinesTooMuch(one)).map((one) => JSON.stringify(one))).toEqual([]);
  });

  it.each([{}, { ofOne: true }])(
    'skip only jobs that are not loaded when they list loaded ones: %j',
    async ({ ofOne }) => {
      const query = { status: ['COMPLETE'] as const, first: 5, ...(ofOne && { datasetId: filled.datasetId }) };
      const operations = await operationsOf(bench().database.db, () => bench().ledger.listJobs(query));
      const others = await bench().collections.jobs.countDocuments({
        $nor: [IS_COMPLETE],
        ...(ofOne && { datasetId: filled.datasetId }),
      });
      expect(operations.filter((one) => isScan(one) || examinesTooMuch(one, others + SPARE))).toEqual([]);
    },
  );
});

/** Operations that change or count all documents of a collection, or almost all. */
const OF_ALL = ['catalog.countDatasets', 'lanes.freeAll', 'records.count'];

/** The calls that read payloads. */
const PAYLOADS = new Set(['pushLog.readPayloads', 'pushLog.readLoaded', 'pushLog.history']);

/** Whether a read of jobs returns the payloads that are stored with them. */
function readsBodies({ collection, command: { find, projection = {} } }: NotedOperation): boolean {
  const isChosen = Object.values(projection).some((shown) => shown === 1)
    ? projection.body === 1
    : projection.body !== 0;
  return collection === 'jobs' && find !== undefined && isChosen;
}

const isScan = ({ plan }: NotedOperation) => plan.includes('COLLSCAN');

/** Each range of an index needs one more key for its end. */
function examinesTooMuch({ documentsExamined, keysExamined, plan, returned }: NotedOperation, spare = SPARE): boolean {
  const ends = plan.split('IXSCAN').length - 1;
  return Math.max(documentsExamined, keysExamined - ends) > A_RESULT * returned + spare;
}
