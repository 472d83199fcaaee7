import { median, rate, timed } from '../measure.js';
import { bodyOf, RECORDS_IN_1_MB, recordOf, recordsFrom } from '../records.js';
import type { Workload } from '../workload.js';

const ROWS = 10_000;
const PAGE = 50;
const READERS = 5;

/** Pages of 50 rows, some at a time, while payloads of 1 MB are loaded into another dataset: how much longer a page takes, and how much slower the load is than one without queries. */
export const queriesDuringLoad: Workload = {
  name: 'queries-during-load',
  stores: ['mongodb', 'elasticsearch'],
  quick: false,
  async run(bench) {
    const count = bench.size(6, 60);
    const { client } = bench.service;
    const read = await client.dataset(recordOf(0));
    await client.pushToComplete(read, bodyOf(recordsFrom(0, ROWS)));
    const body = bodyOf(recordsFrom(0, RECORDS_IN_1_MB));
    const load = async () => {
      const datasetId = await client.dataset(recordOf(0));
      const bodies = { count, body: () => body, end: bodyOf(recordOf(0)) };
      return rate(count * RECORDS_IN_1_MB, () => client.pushAll(datasetId, bodies));
    };
    /** The times of pages that are read until `isOver`. */
    const pages = async (isOver: () => boolean) => {
      const times: number[] = [];
      const reader = async () => {
        while (!isOver()) times.push(await timed(() => client.page(read, PAGE)));
      };
      await Promise.all(Array.from({ length: READERS }, reader));
      return times;
    };
    const result = { idle: [] as number[], busy: [] as number[], alone: [] as number[], shared: [] as number[] };
    await load();
    for (let round = 0; bench.hasRound(round); round += 1) {
      const end = performance.now() + bench.size(1_000, 5_000);
      result.idle.push(median(await pages(() => performance.now() > end)));
      result.alone.push(await load());
      let isOver = false;
      const reading = pages(() => isOver);
      result.shared.push(await load());
      isOver = true;
      result.busy.push(median(await reading));
      bench.note(`queries-during-load: round ${round + 1}`);
    }
    const ratios = (own: number[], other: number[]) => own.map((value, round) => value / (other[round] ?? Number.NaN));
    const [{ idle, busy, alone, shared }, { store }] = [result, bench];
    return [
      { row: `page-during-load/${store}`, values: ratios(busy, idle), own: busy, raw: idle, of: 'ms' },
      { row: `load-during-queries/${store}`, values: ratios(shared, alone), own: shared, raw: alone, of: 'records/s' },
    ];
  },
};
