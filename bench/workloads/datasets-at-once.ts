import { inFlight, rate } from '../measure.js';
import { bodyOf, recordOf, recordsFrom } from '../records.js';
import { alternate } from '../rounds.js';
import type { Workload } from '../workload.js';

const CLIENTS = 100;
const RECORDS_IN_A_BODY = 400;

/** Bodies of 100 kB to 200 datasets at once, each of which gets several, until all can be queried; the baseline writes the same documents to as many collections. */
export const datasetsAtOnce: Workload = {
  name: 'datasets-at-once',
  stores: ['mongodb'],
  quick: false,
  alone: true,
  async run(bench) {
    const [datasetCount, bodies] = [bench.size(40, 200), bench.size(2, 10)];
    const { client } = bench.service;
    const records = recordsFrom(0, RECORDS_IN_A_BODY);
    const body = bodyOf(records);
    const datasets: string[] = [];
    await inFlight(datasetCount, 10, async () => datasets.push(await client.dataset(recordOf(0))));
    const collections = await bench.mongodb.collections(datasetCount);
    const pushes = datasetCount * bodies;
    const result = await alternate(bench, 'datasets-at-once', 'records/s', {
      raw: () =>
        rate(pushes * RECORDS_IN_A_BODY, () =>
          inFlight(pushes, CLIENTS, async (n) =>
            collections[n % datasetCount]?.insertMany(
              records.map((record) => ({ ...record })),
              { ordered: false },
            ),
          ),
        ),
      own: () =>
        rate(pushes * RECORDS_IN_A_BODY, async () => {
          const jobs: string[] = [];
          await inFlight(pushes, CLIENTS, async (n) => {
            jobs.push(await client.push(datasets[n % datasetCount] ?? '', body));
          });
          for (const job of jobs) await client.untilComplete(job, 20);
        }),
    });
    return [result];
  },
};
