import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OpenLaneBench, openLaneBench } from '../../../test/support/lane.js';
import { upkeepRound } from '../../pipeline/upkeep.js';
import { mongoPurge } from './purge.js';

const PUSHES = 120;

describe('the indexes', () => {
  let bench: OpenLaneBench;
  let id: string;
  let refused: string;
  beforeAll(async () => {
    bench = await openLaneBench();
    id = await bench.dataset({ n: 1 });
    refused = await bench.push(id, [{ n: 'x' }]);
    for (let n = 0; n < PUSHES; n += 1) await bench.push(id, [{ n }]);
    await bench.load(id);
  });
  afterAll(() => bench.close());

  /** The plans of what is asked meanwhile, as the server has noted them. */
  async function plansOf(ask: () => Promise<unknown>) {
    const { db } = bench.database;
    await db.command({ profile: 2 });
    await ask();
    await db.command({ profile: 0 });
    const noted = await db
      .collection('system.profile')
      .find({ planSummary: { $exists: true } })
      .toArray();
    await db.dropCollection('system.profile');
    return noted.map(({ ns, planSummary, docsExamined }) => ({ ns: String(ns), planSummary, docsExamined }));
  }

  it.each([
    ['of all datasets', false, ['ERROR_EXIT'] as const],
    ['of one dataset', true, ['ERROR_EXIT'] as const],
    ['of several statuses', false, ['TERMINATED_EXIT', 'ERROR_EXIT'] as const],
  ])(
    'find and count the few jobs that did not load without walking past the many others, %s',
    async (_, ofOne, status) => {
      const query = { status, ...(ofOne && { datasetId: id }) };
      let found: string[] = [];
      const plans = await plansOf(async () => {
        found = (await bench.ledger.listJobs({ ...query, first: 10 })).nodes.map((job) => job.id);
        await bench.ledger.countJobs(query);
      });
      expect(found).toEqual([refused]);
      const ofJobs = plans.filter(({ ns }) => ns.endsWith('.jobs'));
      expect(ofJobs.length).toBeGreaterThan(0);
      expect(Math.max(...ofJobs.map(({ docsExamined }) => docsExamined ?? 0))).toBeLessThan(5);
    },
  );

  it('leave no collection to be scanned by a round of upkeep', async () => {
    const deleted = await bench.dataset({ n: 1 });
    await bench.catalog.deleteDataset(deleted, new Date(0));
    const purge = mongoPurge(bench.collections);
    const plans = await plansOf(() => upkeepRound({ ...bench, purge }));
    expect(plans.length).toBeGreaterThan(5);
    expect(plans.filter(({ planSummary }) => planSummary === 'COLLSCAN')).toEqual([]);
  });
});
