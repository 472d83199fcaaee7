import { inFlight } from '../measure.js';
import { bodyOf, RECORDS_IN_1_MB, recordOf, recordsFrom } from '../records.js';
import type { Usage } from '../service.js';
import type { Store } from '../targets.js';
import type { Measurement, Workload } from '../workload.js';

const CLIENTS = 100;
const MINUTE_MS = 60_000;

/** Payloads of 1 MB, 100 in flight, for minutes: resident memory of the service, the most of each minute, and the delays of its event loop. */
export const memory: Workload = {
  name: 'memory',
  stores: ['mongodb', 'elasticsearch'],
  quick: false,
  alone: true,
  async run(bench) {
    const { client } = bench.service;
    const datasetId = await client.dataset(recordOf(0));
    const body = bodyOf(recordsFrom(0, RECORDS_IN_1_MB));
    const usages: Usage[] = [];
    for (let minute = 1; minute < bench.minutes + 1; minute += 1) {
      const end = performance.now() + MINUTE_MS * Math.min(1, bench.minutes - minute + 1);
      let [accepted, refused] = [0, 0];
      const push = async () => {
        while (performance.now() < end) {
          if ((await client.pushUnlessRefused(datasetId, body)) === null) refused += 1;
          else accepted += 1;
        }
      };
      const usage = await bench.service.watched(() => inFlight(CLIENTS, CLIENTS, push));
      usages.push(usage);
      const megabytes = usage.megabytes.toFixed(0);
      bench.note(`minute ${minute}: ${accepted} payloads accepted, ${refused} refused for now, ${megabytes} MB`);
    }
    // What was accepted waits in the lane, up to the bound of the backlog: this takes as long as it takes.
    bench.note('waiting until all that was accepted is Complete');
    await client.pushToComplete(datasetId, bodyOf(recordOf(0)));
    return strain(bench.store, usages);
  },
};

/** The rows about memory and event loop. */
export function strain(store: Store, usages: readonly Usage[]): Measurement[] {
  return [
    { row: `memory/${store}`, values: usages.map(({ megabytes }) => megabytes) },
    { row: `loop-delay/${store}`, values: usages.map(({ p99DelayMs }) => p99DelayMs) },
  ];
}
