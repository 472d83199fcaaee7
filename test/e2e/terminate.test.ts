import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ReadRecordsDocument, TerminateJobDocument } from '../generated/graphql.js';
import { freeLane, holdLane } from '../support/held-lanes.js';
import { type Sluice, startSluice } from '../support/sluice.js';

describe('terminating a job', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice();
  });
  afterAll(() => sluice.close());

  it('that waits ends only that job', async () => {
    const id = await sluice.dataset({ n: 1 });
    await holdLane(sluice, id);
    const jobs: string[] = [];
    for (let n = 0; n < 3; n += 1) jobs.push((await sluice.post(`/dataload/${id}`, [{ n }, { n }])).body.jobId ?? '');
    const { terminateJob } = await sluice.query(TerminateJobDocument, { id: jobs[1] ?? '' });
    expect(terminateJob).toMatchObject({
      status: 'TERMINATED_EXIT',
      percentComplete: 100,
      counts: { read: 2, failed: 2, added: 0 },
    });
    expect(terminateJob.history.map(({ status }) => status)).toEqual(['INITIALIZING', 'TERMINATED_EXIT']);
    const { body } = await sluice.request(`/dataload/${jobs[1]}/status`);
    expect(body).toMatchObject({ statusJob: { status: 'TerminatedExit' } });

    await freeLane(sluice, id);
    await sluice.push(id, [{ n: 9 }]);
    const { dataset } = await sluice.query(ReadRecordsDocument, { id });
    expect(dataset?.records.nodes.map(({ values }) => values.n)).toEqual([0, 0, 2, 2, 9]);
  });

  it('that has ended or does not exist is refused', async () => {
    const id = await sluice.dataset({ n: 1 });
    const codeFor = async (job: string) =>
      (await sluice.execute(TerminateJobDocument, { id: job })).errors?.[0]?.extensions?.code;
    expect(await codeFor((await sluice.push(id, [{ n: 1 }])).id)).toBe('JOB_FINAL');
    expect(await codeFor((await sluice.push(id, [{ n: 'x' }])).id)).toBe('JOB_FINAL');
    expect(await codeFor('nothing')).toBe('NOT_FOUND');
  });
});
