import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PushDataDocument, ReadRecordsDocument } from '../generated/graphql.js';
import { freeLane, holdLane } from '../support/held-lanes.js';
import { type Sluice, startSluice } from '../support/sluice.js';
import { until } from '../support/until.js';

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

  const rowCount = async (id: string) => (await sluice.query(ReadRecordsDocument, { id })).dataset?.records.totalCount;

  it('refuses jobs beyond the limit of a dataset, says when to retry, and accepts jobs again by itself', async () => {
    const id = await sluice.dataset({ n: 1 });
    await holdLane(sluice, id);
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => sluice.post(`/dataload/${id}`, { n })));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 202, 202, 202, 202, 429, 429, 429]);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.body).toMatchObject({ code: 'BACK_PRESSURE', retryAfterSeconds: 2 });
    expect(refused?.headers.get('retry-after')).toBe('2');
    const { errors } = await sluice.execute(PushDataDocument, { input: { datasetId: id, data: [{ n: 1 }] } });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BACK_PRESSURE', retryAfterSeconds: 2 });

    const other = await sluice.dataset({ n: 1 });
    expect((await sluice.push(other, { n: 1 })).status).toBe('COMPLETE');

    await freeLane(sluice, id);
    await sluice.finalJob(answers.find(({ status }) => status === 202)?.body.jobId ?? '');
    expect((await sluice.push(id, { n: 9 })).status).toBe('COMPLETE');
    expect(await rowCount(id)).toBe(6);
  });

  it('counts the bytes of waiting jobs', async () => {
    const id = await sluice.dataset({ t: 'x' });
    await holdLane(sluice, id);
    const statuses: number[] = [];
    for (let n = 0; n < 3; n += 1)
      statuses.push((await sluice.post(`/dataload/${id}`, { t: 'x'.repeat(40_000) })).status);
    expect(statuses).toEqual([202, 202, 429]);
    await freeLane(sluice, id);
  });

  /** A body that sends its second part once it is released. */
  function inTwoParts(first: Uint8Array, second: Uint8Array) {
    let goOn: () => void = () => undefined;
    const body = new ReadableStream({
      async start(controller) {
        controller.enqueue(first);
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
        controller.enqueue(second);
        controller.close();
      },
    });
    const headers = { 'content-type': 'application/json' };
    return { init: { method: 'POST', headers, duplex: 'half' as const, body }, goOn: () => goOn() };
  }

  /**
   * The responses while the first part of a body is held. A body that came too late, or was refused because of the requests that it should make fail, is released and
   * sent again.
   */
  function whileHeld<T>(path: string, parts: readonly [Uint8Array, Uint8Array], ask: () => Promise<T | false>) {
    return until('an answer beside a body that is held', async () => {
      const { init, goOn } = inTwoParts(...parts);
      const held = sluice.request(path, init);
      // During these round trips its first part arrives.
      for (let n = 0; n < 10; n += 1) await sluice.request('/dataload/x/status');
      const answer = await ask();
      if (answer !== false) return { answer, held, goOn };
      goOn();
      await held;
      return null;
    });
  }

  it('takes only as many bodies at a time as memory allows, and counts the received bytes of bodies without a length', async () => {
    const id = await sluice.dataset({ t: 'x' });
    const body = Buffer.from(JSON.stringify({ t: 'x'.repeat(600_000) }));
    const parts = [body.subarray(0, 500_000), body.subarray(500_000)] as const;
    const { answer, held, goOn } = await whileHeld(`/dataload/${id}`, parts, async () => {
      const second = await sluice.post(`/dataload/${id}`, JSON.stringify({ n: 'x'.repeat(550_000) }));
      return second.body.detail?.includes('memory') === true && second;
    });
    expect([answer.status, answer.body.code]).toEqual([429, 'BACK_PRESSURE']);
    goOn();
    // The dataset's limit is 100,000 bytes: the whole body was read, and refused by that limit.
    expect((await held).body.detail).toContain(id);
  });

  it('takes 100 compressed bodies in parallel if the memory is enough for their contents', async () => {
    const packed = gzipSync(JSON.stringify({ n: 'x'.repeat(100) }));
    const bodies = Array.from({ length: 100 }, () => inTwoParts(packed.subarray(0, 20), packed.subarray(20)));
    const answers = bodies.map(({ init }) =>
      sluice.request('/dataload/postdata', { ...init, headers: { ...init.headers, 'content-encoding': 'gzip' } }),
    );
    expect((await sluice.request('/dataload/x/status')).status).toBe(404);
    for (const { goOn } of bodies) goOn();
    // All bodies were read: this is not an envelope.
    expect((await Promise.all(answers)).map(({ status, body }) => [status, body.code])).toEqual(
      Array(100).fill([400, 'BAD_REQUEST']),
    );
  });

  it('refuses a compressed body that needs more memory than there is', async () => {
    const parts = [Buffer.alloc(300_000, ' '), Buffer.from('{}')] as const;
    const bomb = gzipSync(Buffer.alloc(900_000, ' '));
    const { answer, held, goOn } = await whileHeld('/dataload/x', parts, async () => {
      const refused = await sluice.post('/dataload/x', bomb, { 'content-encoding': 'gzip' });
      return refused.status === 429 && refused;
    });
    expect(answer.body.code).toBe('BACK_PRESSURE');
    goOn();
    expect((await held).status).toBe(404);
  });
});

describe('a push with wait', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice({ SLUICE_MAX_IN_FLIGHT_BYTES: '16000000' });
  });
  afterAll(() => sluice.close());

  const record = { t: 'x'.repeat(9_000_000) };

  it('leaves enough memory to load its job, over REST', async () => {
    const id = await sluice.dataset({ t: 'x' });
    const { body } = await sluice.post(`/dataload/${id}?wait=15`, record);
    expect(body).toMatchObject({ statusJob: { status: 'Complete' } });
  });

  it('leaves enough memory to load its job, over GraphQL', async () => {
    const id = await sluice.dataset({ t: 'x' });
    const input = { datasetId: id, data: [record], waitSeconds: 15 };
    expect((await sluice.query(PushDataDocument, { input })).pushData.status).toBe('COMPLETE');
  });
});
