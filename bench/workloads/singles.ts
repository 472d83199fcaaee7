import { inFlight, rate, timed } from '../measure.js';
import { bodyOf, recordOf } from '../records.js';
import { alternate } from '../rounds.js';
import type { Workload } from '../workload.js';

const CLIENTS = 100;
/** Pushes, and direct inserts, before the first round, so that a short run measures processes that have been running for a while. */
const WARM_UP = 5_000;

/** Pushes of one record, 100 in flight, until they are acknowledged; and how long the last of them takes to be final after that, which grows with the time to push if loading is slower. */
export const singles: Workload = {
  name: 'singles',
  stores: ['mongodb'],
  quick: true,
  async run(bench) {
    const count = bench.size(6_000, 20_000);
    const { client } = bench.service;
    const backlogs: number[] = [];
    const push = async (pushes: number) => {
      const datasetId = await client.dataset(recordOf(0));
      const pushMs = await timed(() => inFlight(pushes, CLIENTS, (n) => client.push(datasetId, bodyOf(recordOf(n)))));
      const restMs = await timed(() => client.pushToComplete(datasetId, bodyOf(recordOf(0))));
      backlogs.push(restMs / pushMs);
      return (pushes * 1_000) / pushMs;
    };
    const insert = async (records: number) => {
      const rows = await bench.mongodb.collection();
      const perSecond = await rate(records, () => inFlight(records, CLIENTS, (n) => rows.insertOne(recordOf(n))));
      await bench.mongodb.clear();
      return perSecond;
    };
    await insert(WARM_UP);
    await push(WARM_UP);
    backlogs.length = 0;
    const raw = () => insert(count);
    const speed = await alternate(bench, 'singles', 'pushes/s', { raw, own: () => push(count) });
    return [speed, { row: 'singles-backlog', values: backlogs }];
  },
};
