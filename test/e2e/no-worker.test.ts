import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { App } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import { startApp } from '../../src/start-app.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { storeEnv } from '../support/mongod.js';
import { type Sluice, startSluice } from '../support/sluice.js';
import { until } from '../support/until.js';

describe('a service without a worker', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice({ SLUICE_ROLE: 'api' });
  });
  afterAll(() => sluice.close());

  const NO_WORKER = /^no worker is running/;
  const startWorker = (): Promise<App> =>
    startApp(
      readConfig({ ...storeEnv(), MONGODB_URL: sluice.database.url, SLUICE_ROLE: 'worker', PORT: '0' }),
      createLogger('silent'),
      () => undefined,
    );
  async function readiness() {
    const { status, body } = await sluice.request('/readyz');
    return { status, problems: body.problems as string[] };
  }
  const problemOf = () =>
    until('the problem', async () => (await readiness()).problems.find((one) => NO_WORKER.test(one)));
  const accepted = async (id: string) => (await sluice.post(`/dataload/${id}`, { n: 1 })).body.jobId ?? '';

  it('says so in its readiness and in each waiting job until a worker runs, and again when the worker has stopped', async () => {
    const id = await sluice.dataset({ n: 1 });
    const job = await accepted(id);
    expect(await sluice.job(job)).toMatchObject({
      status: 'INITIALIZING',
      waitingFor: expect.stringMatching(NO_WORKER),
    });
    expect(await readiness()).toEqual({ status: 200, problems: [expect.stringMatching(NO_WORKER)] });

    const worker = await startWorker();
    expect(await sluice.finalJob(job)).toMatchObject({ status: 'COMPLETE', waitingFor: null });
    await until('no problem', async () => (await readiness()).problems.length === 0);
    await worker.close();

    expect(await problemOf()).toMatch(/ since \d{4}-/);
    const next = await accepted(id);
    expect((await sluice.job(next)).waitingFor).toMatch(/^no worker is running.* \(since \d{4}-/);
    expect((await sluice.job(job)).waitingFor).toBeNull();
  });

  it('says so when the last worker was killed, but not while another one runs', async () => {
    const [one, two] = [await startWorker(), await startWorker()];
    await until('no problem', async () => (await readiness()).problems.length === 0);
    await one.close();
    expect((await readiness()).problems).toEqual([]);
    await two.close();
    const longAgo = new Date(Date.now() - 60_000);
    // What a killed worker leaves behind.
    await sluice.database.db.collection('workers').updateMany({}, { $set: { running: true, seenAt: longAgo } });
    expect(await problemOf()).toContain(longAgo.toISOString());
  });
});
