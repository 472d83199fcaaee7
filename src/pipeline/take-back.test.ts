import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { CALLER, type OpenLaneBench, openLaneBench } from '../../test/support/lane.js';
import { refusingStore } from '../../test/support/refusing-store.js';
import { LOADED } from '../../test/support/statuses.js';
import type { JsonObject, JsonValue } from '../domain/json/json-value.js';
import type { RecordStore } from '../ports/record-store.js';
import { LaneWorker } from './lane-worker.js';

const fine = (k: string) => ({ k, t: 'fine', u: '' });
const bad = (k: string, which = '') => ({ k, t: `bad${which}`, u: '' });

describe('rows that the record store rejects after the commit point', () => {
  let bench: OpenLaneBench;
  let store: ReturnType<typeof refusingStore>;
  beforeAll(async () => {
    bench = await openLaneBench();
    store = refusingStore(bench);
  });
  afterAll(() => bench.close());
  afterEach(() => {
    bench.errors.length = 0;
  });

  async function loaded(id: string, data: JsonValue): Promise<string> {
    const job = await bench.push(id, data);
    await bench.load(id);
    return job;
  }

  const reasons = async (job: string) =>
    (await bench.ledger.errorsOf(job)).map(({ recordIndex, message }) => [recordIndex, message.split(': ').at(-1)]);

  it('are all rows of a job: it keeps its history and ends in ERROR_EXIT, and the other jobs load', async () => {
    const id = await store.identified();
    const lost = await bench.push(id, [bad('a', ' 1'), bad('b', ' 2')]);
    const good = await bench.push(id, [fine('c')]);
    const partly = await bench.push(id, [fine('d'), bad('e', ' 3')]);
    await bench.load(id, store.refusing());
    expect(await bench.ledger.findJob(lost)).toMatchObject({
      status: 'ERROR_EXIT',
      counts: { read: 2, added: 0, updated: 0, unchanged: 0, deleted: 0, failed: 2, rows: 0 },
      faults: { errorCount: 2, mismatchedRecords: 2, quarantined: 2, quarantineCut: 0 },
      waitingFor: null,
    });
    expect(await bench.historyOf(lost)).toEqual([...LOADED.slice(0, -1), 'ERROR_EXIT']);
    expect(await reasons(lost)).toEqual([
      [0, 'no bad 1'],
      [1, 'no bad 2'],
    ]);
    expect(await bench.ledger.findJob(good)).toMatchObject({ status: 'COMPLETE', counts: { added: 1, failed: 0 } });
    expect(await bench.ledger.findJob(partly)).toMatchObject({
      status: 'COMPLETE',
      counts: { read: 2, added: 1, failed: 1, rows: 1 },
      faults: { errorCount: 1, mismatchedRecords: 1, quarantined: 1 },
    });
    expect(await store.quarantined(id)).toEqual([`${lost}:0`, `${lost}:1`, `${partly}:1`]);
    const listed = await bench.ledger.listJobs({ datasetId: id, status: ['ERROR_EXIT'], first: 10 });
    expect(listed.nodes.map((job) => job.id)).toEqual([lost]);
    await store.expectStored(id, [
      ['c', 'fine', ''],
      ['d', 'fine', ''],
    ]);
  });

  it('are reported once for each job, with its own first reason', async () => {
    const id = await store.identified();
    await bench.push(id, [bad('a', ' 1')]);
    await bench.push(id, [bad('b', ' 2')]);
    await bench.load(id, store.refusing());
    const messages = bench.errors.map((error) => (error as Error).message);
    expect(messages).toEqual([expect.stringMatching(/: no bad 1$/), expect.stringMatching(/: no bad 2$/)]);
  });

  it('go to quarantine until it is full, after the records that were refused before the commit point', async () => {
    const id = await store.identified({ mismatchPolicy: 'QUARANTINE' });
    const wrong = { k: 1 };
    const earlier = await loaded(id, [fine('a'), wrong]);
    const refused = await bench.push(id, [wrong]);
    const job = await bench.push(id, [wrong, fine('b'), bad('c'), bad('d')]);
    const last = await bench.push(id, [bad('e'), fine('f')]);
    await new LaneWorker({ ...bench.workerDeps(store.refusing()), maxQuarantineRecords: 4 }).run(id);
    expect(await store.quarantined(id)).toEqual([`${earlier}:1`, `${refused}:0`, `${job}:0`, `${job}:2`]);
    expect((await bench.ledger.findJob(job))?.faults).toMatchObject({
      mismatchedRecords: 3,
      quarantined: 2,
      quarantineCut: 1,
    });
    const summary = await bench.ledger.errorSummaryOf(job);
    expect(summary.map(({ pointer, code, records, firstIndexes }) => [pointer, code, records, firstIndexes])).toEqual([
      ['', 'ROW_REFUSED', 2, [2, 3]],
      ['/t', 'MISSING_KEY', 1, [0]],
      ['/u', 'MISSING_KEY', 1, [0]],
      ['/k', 'WRONG_TYPE', 1, [0]],
    ]);
    expect((await bench.ledger.errorsOf(job)).map(({ recordIndex, code }) => [recordIndex, code])).toEqual([
      [0, 'MISSING_KEY'],
      [0, 'MISSING_KEY'],
      [0, 'WRONG_TYPE'],
      [2, 'ROW_REFUSED'],
      [3, 'ROW_REFUSED'],
    ]);
    expect((await bench.ledger.findJob(last))?.faults).toMatchObject({ quarantined: 0, quarantineCut: 1 });
    await store.expectStored(id, [
      ['a', 'fine', ''],
      ['b', 'fine', ''],
      ['f', 'fine', ''],
    ]);
  });

  it('are upserts into stored records: these stay as they were, and can be upserted again', async () => {
    const id = await store.identified();
    await loaded(id, [
      { k: 'a', t: 'first', u: '1' },
      { k: 'b', t: 'first', u: '1' },
    ]);
    const upserts: JsonObject[] = [
      { k: 'a', t: 'bad' },
      { k: 'b', u: '2' },
      { k: 'new', t: 'bad' },
    ];
    const job = await bench.push(id, upserts, 'UPSERT');
    await bench.load(id, store.refusing());
    expect(await bench.ledger.findJob(job)).toMatchObject({
      status: 'COMPLETE',
      counts: { read: 3, added: 0, updated: 1, failed: 2, rows: 1 },
    });
    await store.expectStored(id, [
      ['a', 'first', '1'],
      ['b', 'first', '2'],
    ]);
    await bench.push(id, [{ k: 'a', u: '3' }], 'UPSERT');
    await bench.load(id, store.refusing());
    await store.expectStored(id, [
      ['a', 'first', '3'],
      ['b', 'first', '2'],
    ]);
  });

  it('are tombstones: their records stay, and the delete counts only the deleted ones', async () => {
    const id = await store.identified();
    await loaded(id, ['a', 'b', 'c'].map(fine));
    const rowOf = new Map((await bench.rows(id)).map((row) => [row.values.c1, row.id]));
    const partly = await store.remove(id, [{ k: 'a' }, { k: 'b' }, { k: 'unknown' }]);
    const wholly = await store.remove(id, [{ k: 'c' }]);
    await bench.load(id, store.refusing([rowOf.get('a') ?? '', rowOf.get('c') ?? '']));
    expect(await bench.ledger.findJob(partly)).toMatchObject({
      status: 'COMPLETE',
      counts: { read: 3, deleted: 1, unchanged: 1, failed: 1 },
      faults: { quarantined: 0, quarantineCut: 0 },
    });
    expect(await bench.ledger.findJob(wholly)).toMatchObject({ status: 'ERROR_EXIT', counts: { read: 1, failed: 1 } });
    expect(await store.quarantined(id)).toEqual([]);
    await store.expectStored(id, [
      ['a', 'fine', ''],
      ['c', 'fine', ''],
    ]);
  });

  it('are of a record that several jobs of a group changed: each of them counts it as failed', async () => {
    const id = await store.identified();
    await loaded(id, [{ k: 'a', t: 'first', u: '1' }]);
    const replaced = await bench.push(id, [{ k: 'a', t: 'fine', u: '2' }, fine('b'), { k: 'a', t: 'fine', u: '3' }]);
    const removed = await store.remove(id, [{ k: 'a' }]);
    const added = await bench.push(id, [{ k: 'a', t: 'fine', u: '4' }]);
    const merged = await bench.push(
      id,
      [
        { k: 'a', t: 'bad' },
        { k: 'c', t: 'fine' },
      ],
      'UPSERT',
    );
    await bench.load(id, store.refusing());
    const jobs = await Promise.all([replaced, removed, added, merged].map((job) => bench.ledger.findJob(job)));
    expect(jobs.map((job) => job?.status)).toEqual(['COMPLETE', 'ERROR_EXIT', 'ERROR_EXIT', 'COMPLETE']);
    expect(jobs[0]?.counts).toMatchObject({ read: 3, added: 1, updated: 0, failed: 2, rows: 1 });
    expect(jobs[3]?.counts).toMatchObject({ read: 2, added: 1, updated: 0, failed: 1, rows: 1 });
    expect(await store.quarantined(id)).toEqual([`${replaced}:0`, `${replaced}:2`, `${added}:0`, `${merged}:0`]);
    await store.expectStored(id, [
      ['a', 'first', '1'],
      ['b', 'fine', ''],
      ['c', 'fine', null],
    ]);
  });

  it('are of replayed records: these stay in quarantine, and the others leave it', async () => {
    const id = await store.identified();
    const job = await bench.push(id, [bad('a', ' 1'), bad('b', ' 2')]);
    await bench.load(id, store.refusing());
    const { id: whole } = await bench.useCases.quarantine.replay(id, undefined, CALLER);
    await bench.load(id, store.refusing());
    expect(await bench.ledger.findJob(whole)).toMatchObject({
      status: 'ERROR_EXIT',
      counts: { read: 2, added: 0, failed: 2 },
      faults: { quarantined: 0, quarantineCut: 0 },
    });
    expect(await store.quarantined(id)).toEqual([`${job}:0`, `${job}:1`]);

    const { id: replay } = await bench.useCases.quarantine.replay(id, undefined, CALLER);
    const writeRows: RecordStore['writeRows'] = async (generation, writes, stillOwned) => {
      const [first, ...others] = writes;
      await bench.records.writeRows(generation, others, stillOwned);
      return first ? [{ id: first.id, reason: 'not the first' }] : [];
    };
    await bench.load(id, { records: { writeRows } });
    expect(await bench.ledger.findJob(replay)).toMatchObject({ status: 'COMPLETE', counts: { added: 1, failed: 1 } });
    expect(await store.quarantined(id)).toEqual([`${job}:0`]);
    await store.expectStored(id, [['b', 'bad 2', '']]);
    await bench.useCases.quarantine.replay(id, undefined, CALLER);
    await bench.load(id);
    expect(await store.quarantined(id)).toEqual([]);
    await store.expectStored(id, [
      ['a', 'bad 1', ''],
      ['b', 'bad 2', ''],
    ]);
  });

  it('are found again by the next attempt after a failed one, and are taken back only once', async () => {
    const id = await store.identified();
    await loaded(id, [{ k: 'a', t: 'first', u: '1' }]);
    const records = [bad('a'), bad('b'), fine('c')];
    const job = await bench.push(id, records);
    const lost = await bench.push(id, [bad('b')]);
    const complete = async () => {
      throw new Error('made to fail');
    };
    await bench.load(id, { ...store.refusing(), lanes: { complete } });
    await bench.lanes.freeAll();
    await bench.load(id, store.refusing());
    expect(await bench.ledger.findJob(job)).toMatchObject({
      status: 'COMPLETE',
      attempts: 2,
      counts: { read: 3, added: 1, updated: 0, failed: 2, rows: 1 },
      faults: { errorCount: 2, mismatchedRecords: 2, quarantined: 2, quarantineCut: 0 },
    });
    expect(await bench.historyOf(lost)).toEqual([...LOADED.slice(0, -1), 'ERROR_EXIT']);
    expect(await store.quarantined(id)).toEqual([`${job}:0`, `${job}:1`, `${lost}:0`]);
    await store.expectStored(id, [
      ['a', 'first', '1'],
      ['c', 'fine', ''],
    ]);
  });

  it('are of records without an identifier: a rebuild makes exactly the other records', async () => {
    const id = await bench.dataset({ k: 'a', t: 'x', u: 'x' }, { mismatchPolicy: 'QUARANTINE' });
    const texts = ['fine', 'bad', 'too large'.repeat(1_000), 'fine', 'bad'];
    const job = await bench.push(
      id,
      texts.map((t, n) => ({ k: `${n}`, t, u: '' })),
    );
    await bench.load(id, { records: { ...store.refusing().records, limits: { maxRowBytes: 5_000 } } });
    expect((await bench.ledger.findJob(job))?.counts).toMatchObject({ read: 5, added: 2, failed: 3, rows: 2 });
    await store.expectStored(id, [
      ['0', 'fine', ''],
      ['3', 'fine', ''],
    ]);
  });
});
