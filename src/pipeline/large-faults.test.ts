import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OpenLaneBench, openLaneBench } from '../../test/support/lane.js';
import { LaneWorker } from './lane-worker.js';

describe('very large faults of a push', () => {
  let bench: OpenLaneBench;
  beforeAll(async () => {
    bench = await openLaneBench();
  });
  afterAll(() => bench.close());

  it('cuts the pointers of errors below a key of 200,000 characters', async () => {
    const key = 'k'.repeat(200_000);
    const id = await bench.dataset({ [key]: { a: 1 } });
    const unknown = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`x${n}`, n]));
    const job = await bench.push(id, [{ [key]: { a: 1, ...unknown } }]);
    await bench.load(id);
    expect(bench.errors).toEqual([]);
    expect((await bench.ledger.findJob(job))?.status).toBe('ERROR_EXIT');
    const errors = await bench.ledger.errorsOf(job);
    expect(errors).toHaveLength(10);
    expect(errors[0]).toMatchObject({ code: 'UNKNOWN_KEY', pointer: `/${key.slice(0, 999)}...` });
    expect(await bench.ledger.errorSummaryOf(job)).toMatchObject([
      { code: 'UNKNOWN_KEY', pointer: `/${key.slice(0, 999)}...`, records: 1, firstIndexes: [0] },
    ]);
  });

  it('cuts a long column id, and the expected value', async () => {
    const key = 'k'.repeat(200_000);
    const id = await bench.dataset({ [key]: 1 });
    const job = await bench.push(id, [{ [key]: 'x' }]);
    await bench.load(id);
    const [error] = await bench.ledger.errorsOf(job);
    expect(error).toMatchObject({ code: 'WRONG_TYPE', column: `${key.slice(0, 1000)}...` });
    expect(JSON.stringify(error).length).toBeLessThan(5_000);
  });

  it('counts a record as cut, and does not quarantine it, when its JSON text is too large', async () => {
    const id = await bench.dataset({ n: 1 }, { mismatchPolicy: 'QUARANTINE' });
    const tooLong = 'x'.repeat(13 * 1024 * 1024);
    const job = await bench.push(id, [{ n: 1 }, { n: tooLong }, { n: 'x' }]);
    await new LaneWorker({ ...bench.workerDeps(), leaseMs: 60_000 }).run(id);
    expect(bench.errors).toEqual([]);
    expect(await bench.ledger.findJob(job)).toMatchObject({
      status: 'COMPLETE',
      counts: { read: 3, added: 1, failed: 2 },
      faults: { mismatchedRecords: 2, quarantined: 1, quarantineCut: 1 },
    });
    expect((await bench.contents(id)).quarantined).toEqual([{ id: `${job}:2`, superseded: false }]);
  });
});
