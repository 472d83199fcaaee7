import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CALLER, type OpenLaneBench, openLaneBench } from '../../test/support/lane.js';
import { LaneWorker } from './lane-worker.js';

const LONG = 'x'.repeat(1000);

describe('a group whose second attempt has another outcome than the first', () => {
  let bench: OpenLaneBench;
  beforeAll(async () => {
    bench = await openLaneBench();
  });
  afterAll(() => bench.close());

  /** A row has room for one of the long texts and its source, but not for two. */
  const records = () => ({ limits: { maxRowBytes: bench.records.sizeOf({ c1: LONG }) + 1.5 * LONG.length } });

  /** Two jobs of one group. The record of the second one is too large only if it is merged with the record of the first one. */
  async function twoJobs(mismatchPolicy: 'FAIL' | 'QUARANTINE') {
    const id = await bench.dataset({ k: 'a', t: 'x', u: 'x' }, { mismatchPolicy });
    const { designDrafts, applyChanges } = bench.useCases;
    await designDrafts.update(id, { expectedRevision: 1, columns: [{ id: 'k', uniqueIdentifier: true }] }, CALLER);
    await applyChanges(id, CALLER);
    await bench.load(id);
    const first = await bench.push(id, [{ k: 'a', t: LONG, u: '' }]);
    const second = await bench.push(id, [{ k: 'a', u: LONG }], 'UPSERT');
    return { id, first, second };
  }

  async function expectLoaded(id: string, job: string): Promise<void> {
    expect(await bench.ledger.findJob(job)).toMatchObject({ status: 'COMPLETE', counts: { added: 1, failed: 0 } });
    expect(await bench.ledger.errorsOf(job)).toEqual([]);
    expect(await bench.contents(id)).toMatchObject({ rows: 1, quarantined: [] });
    expect(await bench.collections.quarantine.countDocuments({ datasetId: id })).toBe(0);
    expect(bench.errors).toEqual([]);
  }

  it.each(['FAIL', 'QUARANTINE'] as const)(
    'shows nothing of the first attempt when a job was terminated at the commit point (%s)',
    async (policy) => {
      const { id, first, second } = await twoJobs(policy);
      let terminated = false;
      const commit: typeof bench.lanes.commit = async (...args) => {
        if (!terminated) expect(args[2].map(({ kind }) => kind)).toEqual(['LOADED', 'REFUSED']);
        if (!terminated) await bench.terminations.terminate(first, new Date());
        terminated = true;
        return bench.lanes.commit(...args);
      };
      await bench.load(id, { lanes: { commit }, records: records() });
      await expectLoaded(id, second);
    },
  );

  it.each(['FAIL', 'QUARANTINE'] as const)(
    'shows nothing of the first attempt when its worker failed before the commit point (%s)',
    async (policy) => {
      const { id, first, second } = await twoJobs(policy);
      const commit = async () => {
        throw new Error('made to fail');
      };
      await bench.load(id, { lanes: { commit }, records: records() });
      expect(bench.errors.splice(0)).toHaveLength(1);
      await bench.terminations.terminate(first, new Date());
      await bench.lanes.freeAll();
      await bench.load(id, { records: records() });
      await expectLoaded(id, second);
    },
  );

  it('makes its rows visible when an earlier attempt wrote them but ended before the refresh', async () => {
    const id = await bench.dataset({ k: 'a', t: 'x', u: 'x' });
    await bench.useCases.designDrafts.update(
      id,
      {
        expectedRevision: 1,
        columns: [{ id: 'k', uniqueIdentifier: true }],
      },
      CALLER,
    );
    await bench.useCases.applyChanges(id, CALLER);
    await bench.load(id);
    const job = await bench.push(id, [{ k: 'a', t: '', u: '' }]);
    const refresh = async () => {
      throw new Error('made to fail');
    };
    await new LaneWorker(bench.workerDeps({ records: { refresh } })).run(id);
    expect(bench.errors.splice(0)).toHaveLength(1);
    await bench.lanes.freeAll();
    await bench.load(id);
    expect(await bench.ledger.findJob(job)).toMatchObject({ status: 'COMPLETE', attempts: 2 });
    expect((await bench.contents(id)).records).toMatchObject([{ k: 'a' }]);
  });

  it('keeps the resolved records of a later run when an earlier run still writes', async () => {
    const job = 'job-of-two-runs';
    const found = (recordId: string) => [{ recordId, rowCount: 1 }];
    await bench.pushLog.keepResolved({ runToken: 2 }, job, 0, found('later'));
    await bench.pushLog.keepResolved({ runToken: 1 }, job, 0, found('earlier'));
    expect(await bench.pushLog.readResolved(job, 0)).toEqual(found('later'));
    await bench.pushLog.keepResolved({ runToken: 2 }, job, 0, found('again'));
    expect(await bench.pushLog.readResolved(job, 0)).toEqual(found('again'));
  });
});
