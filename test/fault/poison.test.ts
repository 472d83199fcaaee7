import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type OpenLaneBench, openLaneBench } from '../support/lane.js';
import { storeEnv } from '../support/mongod.js';
import { ServiceProcess } from '../support/service-process.js';
import { API_KEY } from '../support/sluice.js';
import { LOADED, REFUSED } from '../support/statuses.js';
import { until } from '../support/until.js';

const HOOK = pathToFileURL(join(process.cwd(), 'test/support/use-deadly-payloads.mjs')).href;
/** Two beside other loads, and six alone. */
const DEATHS = 8;

jest.setTimeout(120_000);

describe('a payload that kills every worker that reads it', () => {
  let bench: OpenLaneBench;
  let dataDir: string;
  let worker: ServiceProcess | undefined;
  beforeAll(async () => {
    bench = await openLaneBench();
    dataDir = await mkdtemp(join(tmpdir(), 'sluice-poison-'));
  });
  afterAll(async () => {
    await worker?.end('SIGKILL');
    await bench.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  function startWorker(): ServiceProcess {
    const env = { ...storeEnv(), MONGODB_URL: bench.database.url, SLUICE_API_KEY: API_KEY, SLUICE_ROLE: 'worker' };
    return ServiceProcess.start(dataDir, { ...env, NODE_OPTIONS: `--import ${HOOK}` });
  }

  it('ends its own job with ATTEMPTS_EXHAUSTED, and no slow load beside it', async () => {
    const [poisoned, other] = [await bench.dataset({ t: 'x' }), await bench.dataset({ t: 'x' })];
    const poison = await bench.push(poisoned, [{ t: 'DEADLY' }]);
    const slow = await bench.push(other, [{ t: 'SLOW' }]);
    const isFinal = async (job: string) => (await bench.ledger.findJob(job))?.finishedAt != null;

    let deaths = 0;
    for (let isOver = false; !isOver; ) {
      worker = startWorker();
      const { child } = worker;
      await until('the end, or the death of the worker', async () => {
        isOver = (await isFinal(poison)) && (await isFinal(slow));
        return isOver || child.signalCode !== null;
      });
      if (isOver) break;
      deaths += 1;
      // As if its leases had expired.
      await bench.lanes.freeAll();
    }
    const after = await bench.push(poisoned, [{ t: 'after' }]);
    await until('the job after it', () => isFinal(after));

    expect(deaths).toBe(DEATHS);
    const [error] = await bench.ledger.errorsOf(poison);
    expect(error?.code).toBe('ATTEMPTS_EXHAUSTED');
    expect(await bench.historyOf(poison)).toEqual(REFUSED);
    for (const job of [slow, after]) {
      expect(await bench.ledger.findJob(job)).toMatchObject({ status: 'COMPLETE', counts: { added: 1 } });
      expect(await bench.historyOf(job)).toEqual(LOADED);
    }
    expect((await bench.contents(other)).records).toEqual([{ t: 'SLOW' }]);
  });
});
