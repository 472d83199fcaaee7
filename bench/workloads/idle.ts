import { setTimeout } from 'node:timers/promises';
import { inFlight, median } from '../measure.js';
import { bodyOf, recordOf } from '../records.js';
import { alternate } from '../rounds.js';
import type { Bench, Workload } from '../workload.js';

/** Nothing of the push before it is going on when the next one is sent. */
const PAUSE_MS = 30;
/** What is pushed before the first round, so that a short run measures a service that has been in use for a while: at the same time, and one after the other. */
const WARM_UP = { together: 3_000, clients: 20, apart: 200 };

/** One record at a time on an idle service: until it is acknowledged, and until it is Complete. */
export const idle: Workload = {
  name: 'idle',
  stores: ['mongodb', 'elasticsearch'],
  quick: true,
  async run(bench) {
    const times = bench.size(8, 60);
    const { client } = bench.service;
    const datasetId = await client.dataset(recordOf(0));
    const body = bodyOf(recordOf(0));
    const complete = async () => {
      await setTimeout(PAUSE_MS);
      const start = performance.now();
      await client.pushToComplete(datasetId, body);
      return performance.now() - start;
    };
    const acknowledged = async () => {
      await setTimeout(PAUSE_MS);
      const start = performance.now();
      const jobId = await client.push(datasetId, body);
      const ms = performance.now() - start;
      await client.untilComplete(jobId, 5);
      return ms;
    };
    await inFlight(WARM_UP.together, WARM_UP.clients, () => client.push(datasetId, body));
    for (let n = 0; n < WARM_UP.apart; n += 1) await client.pushToComplete(datasetId, body);
    if (bench.store === 'elasticsearch') {
      const values: number[] = [];
      for (let round = 0; bench.hasRound(round); round += 1) values.push(await medianNumber(times, complete));
      return [{ row: 'idle-complete/elasticsearch', values }];
    }
    const raw = () => idleInsert(bench, times);
    return [
      await alternate(bench, 'idle-ack', 'ms', { raw, own: () => medianNumber(times, acknowledged) }),
      await alternate(bench, 'idle-complete/mongodb', 'ms', { raw, own: () => medianNumber(times, complete) }),
    ];
  },
};

/** The unit: an insert with majority write concern, on an idle mongod. */
async function idleInsert({ mongodb }: Bench, times: number): Promise<number> {
  const rows = await mongodb.collection();
  return medianNumber(times, async () => {
    await setTimeout(PAUSE_MS);
    const start = performance.now();
    await rows.insertOne(recordOf(0));
    return performance.now() - start;
  });
}

async function medianNumber(times: number, measure: () => Promise<number>): Promise<number> {
  const all: number[] = [];
  for (let n = 0; n < times; n += 1) all.push(await measure());
  return median(all);
}
