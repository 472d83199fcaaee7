import { timed } from '../measure.js';
import { bodyOf, customerOf } from '../records.js';
import { alternate } from '../rounds.js';
import { TYPICAL_STEPS } from '../typical-steps.js';
import type { Workload } from '../workload.js';

const RECORDS_IN_A_BODY = 4_700;

/** Loads under a design with 20 steps, and under the same design without them. */
export const transformations: Workload = {
  name: 'transformations',
  stores: ['mongodb'],
  quick: false,
  async run(bench) {
    const count = bench.size(10, 60);
    const { client } = bench.service;
    const records = Array.from({ length: RECORDS_IN_A_BODY }, (_, n) => customerOf(n));
    const [body, end] = [bodyOf(records), bodyOf(customerOf(0))];
    const load = async (steps: readonly object[]) => {
      const datasetId = await client.dataset(customerOf(0), { transformations: steps });
      return timed(() => client.pushAll(datasetId, { count, body: () => body, end }));
    };
    const result = await alternate(bench, 'transformations', 'ms', {
      raw: () => load([]),
      own: () => load(TYPICAL_STEPS),
    });
    return [result];
  },
};
