import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PushDataDocument, ReadRecordsDocument } from '../generated/graphql.js';
import { type Sluice, startSluice } from '../support/sluice.js';

describe('back-pressure', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    const bounds = {
      SLUICE_MAX_BACKLOG_JOBS: '5',
      SLUICE_MAX_BACKLOG_BYTES: '100000',
      SLUICE_MAX_IN_FLIGHT_BYTES: '1000000',
    };
    sluice = await startSluice(bounds);
  });
  afterAll(() => sluice.close());

  const hold = (id: string, until: Date) =>
    sluice.database.db
      .collection<{ _id: string }>('datasets')
      .updateOne({ _id: id }, { $set: { 'lane.leaseUntil': until } });
  const rowCount = async (id: string) => (await sluice.query(ReadRecordsDocument, { id })).dataset?.records.totalCount;

  it('refuses a dataset more jobs than may wait, says when to come back, and goes on by itself', async () => {
    const id = await sluice.dataset({ n: 1 });
    await hold(id, new Date(Date.now() + 3_600_000));
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => sluice.post(`/dataload/${id}`, { n })));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 202, 202, 202, 202, 429, 429, 429]);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.body).toMatchObject({ code: 'BACK_PRESSURE', retryAfterSeconds: 2 });
    expect(refused?.headers.get('retry-after')).toBe('2');
    const { errors } = await sluice.execute(PushDataDocument, { input: { datasetId: id, data: [{ n: 1 }] } });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BACK_PRESSURE', retryAfterSeconds: 2 });

    const other = await sluice.dataset({ n: 1 });
    expect((await sluice.push(other, { n: 1 })).status).toBe('COMPLETE');

    await hold(id, new Date(0));
    await sluice.finalJob(answers.find(({ status }) => status === 202)?.body.jobId ?? '');
    expect((await sluice.push(id, { n: 9 })).status).toBe('COMPLETE');
    expect(await rowCount(id)).toBe(6);
  });

  it('counts the bytes that wait', async () => {
    const id = await sluice.dataset({ t: 'x' });
    await hold(id, new Date(Date.now() + 3_600_000));
    const statuses: number[] = [];
    for (let n = 0; n < 3; n += 1)
      statuses.push((await sluice.post(`/dataload/${id}`, { t: 'x'.repeat(40_000) })).status);
    expect(statuses).toEqual([202, 202, 429]);
    await hold(id, new Date(0));
  });

  it('takes no more bodies at a time than memory is given for', async () => {
    const id = await sluice.dataset({ t: 'x' });
    const body = JSON.stringify({ t: 'x'.repeat(90_000) });
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    /** A body whose end does not come until it is let go. */
    const slowly = () =>
      new ReadableStream({
        async start(controller) {
          controller.enqueue(Buffer.from(body.slice(0, 10)));
          await held;
          controller.enqueue(Buffer.from(body.slice(10)));
          controller.close();
        },
      });
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, duplex: 'half' as const };
    // A body of unknown length counts as the largest one.
    const first = sluice.request(`/dataload/${id}`, { ...init, body: slowly() });
    let second = await sluice.post(`/dataload/${id}`, body);
    while (second.status === 202) second = await sluice.post(`/dataload/${id}`, body);
    expect([second.status, second.body.code]).toEqual([429, 'BACK_PRESSURE']);
    release();
    expect((await first).status).toBeLessThan(500);
  });
});
