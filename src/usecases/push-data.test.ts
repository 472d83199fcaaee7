import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CALLER, type OpenLaneBench, openLaneBench } from '../../test/support/lane.js';
import { sentRecords } from '../../test/support/sent-records.js';
import type { DocumentUpdateMethod } from '../domain/job/job.js';
import { UNLIMITED } from '../domain/security/rate-limit.js';
import { createUseCases } from './use-cases.js';

describe('a push in the second after another one', () => {
  let bench: OpenLaneBench;
  beforeAll(async () => {
    bench = await openLaneBench();
  });
  afterAll(() => bench.close());

  /** Another process of the service, with a backlog of so many jobs, for which no time passes. */
  function otherProcess(maxBacklogJobs = 100) {
    const backlog = { maxBacklogJobs, maxBacklogBytes: 1_000_000 };
    const options = { publicUrl: () => '', backlog, maxPayloadBytes: 1_000_000, rateLimit: UNLIMITED };
    const clock = { ...bench.clock, now: () => new Date(), monotonicMs: () => 0 };
    const useCases = createUseCases({ ...bench, rows: bench.records, clock }, options);
    return (datasetId: string, documentUpdateMethod: DocumentUpdateMethod = 'REPLACE') =>
      useCases.pushData({ datasetId, documentUpdateMethod, ...sentRecords([{ n: 1 }]) }, CALLER);
  }

  it('is accepted if the backlog has been loaded meanwhile', async () => {
    const datasetId = await bench.dataset({ n: 1 });
    const push = otherProcess(1);
    await push(datasetId);
    await expect(push(datasetId)).rejects.toMatchObject({ code: 'BACK_PRESSURE' });
    await bench.load(datasetId);
    expect((await push(datasetId)).position).toBe(2);
  });

  it('is accepted as an upsert if another process has marked a unique identifier', async () => {
    const datasetId = await bench.dataset({ n: 1 });
    const push = otherProcess();
    await push(datasetId);
    await expect(push(datasetId, 'UPSERT')).rejects.toMatchObject({ code: 'UPSERT_NEEDS_IDENTIFIER' });
    await bench.load(datasetId);
    const columns = [{ id: 'n', uniqueIdentifier: true }];
    await bench.useCases.designDrafts.update(datasetId, { expectedRevision: 1, columns }, CALLER);
    await bench.useCases.applyChanges(datasetId, CALLER);
    await bench.load(datasetId);
    expect(await push(datasetId, 'UPSERT')).toMatchObject({ method: 'UPSERT' });
  });

  it.each([
    [10, ['took the lane']],
    [20_000, ['woke the lane']],
  ])('needs no wake if its lane is taken while it is stored: a payload of about %d bytes', async (bytes, calls) => {
    const datasetId = await bench.dataset({ n: 1 });
    const made: string[] = [];
    const laneQueue = {
      ...bench.laneQueue,
      takeAhead: () => made.push('took the lane') > 0,
      wake: async () => void made.push('woke the lane'),
    };
    const backlog = { maxBacklogJobs: 100, maxBacklogBytes: 1_000_000 };
    const options = { publicUrl: () => '', backlog, maxPayloadBytes: 1_000_000, rateLimit: UNLIMITED };
    const useCases = createUseCases({ ...bench, rows: bench.records, laneQueue }, options);
    const data = sentRecords([{ n: 1, text: 'x'.repeat(bytes) }]);
    await useCases.pushData({ datasetId, documentUpdateMethod: 'REPLACE', ...data }, CALLER);
    expect(made).toEqual(calls);
  });

  it('knows how far the lane is final, if this process has loaded it meanwhile', async () => {
    const datasetId = await bench.dataset({ n: 1 });
    const push = otherProcess();
    await push(datasetId);
    await bench.load(datasetId);
    expect((await push(datasetId)).finalBefore.acceptance).toBe(1);
  });

  it('is refused at once if this process has deleted the dataset', async () => {
    const datasetId = await bench.dataset({ n: 1 });
    const request = { datasetId, documentUpdateMethod: 'REPLACE', ...sentRecords([{ n: 1 }]) } as const;
    await bench.useCases.pushData(request, CALLER);
    await bench.useCases.deleteDataset(datasetId, CALLER);
    await expect(bench.useCases.pushData(request, CALLER)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
