import { idleCpu } from '../idle-cpu.js';
import { inFlight, median, timed } from '../measure.js';
import { bodyOf, recordOf } from '../records.js';
import type { Workload } from '../workload.js';

const CLIENTS = 30;
const PUSHES = 60;

/** Ten thousand datasets that have a row each, and to which nothing happens: how long the service takes to start, alone and with an embedded mongod, what it and mongod use, and what one more push takes, compared with the time before. */
export const idleDatasets: Workload = {
  name: 'idle-datasets',
  stores: ['mongodb'],
  quick: false,
  alone: true,
  async run(bench) {
    const count = bench.size(100, 10_000);
    const body = bodyOf(recordOf(0));
    const first = await bench.service.client.dataset(recordOf(0));
    const times = async () => {
      const all: number[] = [];
      for (let n = 0; n < PUSHES; n += 1) all.push(await timed(() => bench.service.client.pushToComplete(first, body)));
      return median(all);
    };
    /** As long after a start as the times with many datasets. */
    const timesAfterStart = async () => {
      await times();
      return times();
    };
    await bench.service.restart(() => bench.withoutMongod(async () => undefined));
    const before = await timesAfterStart();
    const jobs: string[] = [];
    await inFlight(count, CLIENTS, async () => {
      const { client } = bench.service;
      jobs.push(await client.push(await client.dataset(recordOf(0)), body));
      if (jobs.length % 1_000 === 0) bench.note(`${jobs.length} datasets exist`);
    });
    for (const job of jobs) await bench.service.client.untilComplete(job);
    let embeddedMs = 0;
    const startMs = await bench.service.restart(() =>
      bench.withoutMongod(async () => {
        embeddedMs = await bench.service.embeddedStart();
      }),
    );
    const after = await timesAfterStart();
    const { megabytes } = await bench.service.watched(async () => undefined);
    const [service, mongod] = await idleCpu(bench, bench.size(6, 20));
    return [
      { row: 'idle-datasets-start', values: [startMs] },
      { row: 'idle-datasets-start-embedded', values: [embeddedMs] },
      { row: 'idle-datasets-push', values: [after / before], own: [after], raw: [before], of: 'ms' },
      { row: 'idle-datasets-cpu-service', values: [service] },
      { row: 'idle-datasets-cpu-mongod', values: [mongod] },
      { row: 'idle-datasets-memory', values: [megabytes] },
    ];
  },
};
