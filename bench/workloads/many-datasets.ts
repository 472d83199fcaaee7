import { idleCpu } from '../idle-cpu.js';
import { inFlight, rate } from '../measure.js';
import { bodyOf, recordOf } from '../records.js';
import type { Workload } from '../workload.js';

const CLIENTS = 50;
/** Rounds with about so many pushes come first, and are not counted: code is compiled in them, and mongod opens the files of the collections. */
const WARM_PUSHES = 400;
const body = bodyOf(recordOf(0));

/** One push to each of many datasets, until all are acknowledged and until all are final; then the CPU time that the service and mongod use while nothing happens. First come rounds that are not counted. */
export const manyDatasets: Workload = {
  name: 'many-datasets',
  stores: ['mongodb'],
  quick: true,
  alone: true,
  async run(bench) {
    const count = bench.size(100, 2_000);
    const { client } = bench.service;
    const datasets: string[] = [];
    await inFlight(count, 10, async () => datasets.push(await client.dataset(recordOf(0))));
    bench.note(`${count} datasets exist`);
    const collections = await bench.mongodb.collections(count);
    const round = async () => {
      const raw = await rate(count, () =>
        inFlight(count, CLIENTS, async (n) => collections[n]?.insertOne(recordOf(0))),
      );
      const jobs: string[] = [];
      const start = performance.now();
      await inFlight(count, CLIENTS, async (n) => jobs.push(await client.push(datasets[n] ?? '', body)));
      const acknowledged = (count * 1_000) / (performance.now() - start);
      await client.untilNoneWaits();
      const final = (count * 1_000) / (performance.now() - start);
      for (const job of jobs) await client.untilComplete(job);
      return { raw, acknowledged, final };
    };
    for (let warm = 0; warm < WARM_PUSHES; warm += count) await round();
    bench.note('many-datasets: warm');
    const [raws, acknowledged, final]: [number[], number[], number[]] = [[], [], []];
    for (let n = 0; bench.hasRound(n); n += 1) {
      const measured = await round();
      raws.push(measured.raw);
      acknowledged.push(measured.acknowledged);
      final.push(measured.final);
      bench.note(`many-datasets: round ${n + 1}`);
    }
    const idle: [number, number][] = [];
    for (let n = 0; n < bench.size(3, 1); n += 1) idle.push(await idleCpu(bench, bench.size(2, 20)));
    const ratios = (own: readonly number[]) => own.map((value, n) => value / (raws[n] ?? Number.NaN));
    const measured = { raw: raws, of: 'pushes/s' };
    return [
      { row: 'datasets-ack', values: ratios(acknowledged), own: acknowledged, ...measured },
      { row: 'datasets-final', values: ratios(final), own: final, ...measured },
      { row: 'idle-cpu-service', values: idle.map(([service]) => service) },
      { row: 'idle-cpu-mongod', values: idle.map(([, mongod]) => mongod) },
    ];
  },
};
