import { rate } from '../measure.js';
import { rawBulk } from '../raw-bulk.js';
import { bodyOf, RECORD_MAPPING, RECORDS_IN_1_MB, recordOf, recordsFrom } from '../records.js';
import { alternate } from '../rounds.js';
import type { Usage } from '../service.js';
import type { Measurement, Workload } from '../workload.js';
import { strain } from './memory.js';

/**
 * For so long, Elasticsearch is loaded in both ways before it is measured. A server that has just started compiles while it works: with records that it takes 15 µs to index, its compiler's threads took another 15 to 45 µs
 * a record of the first seconds of the baseline, and 30 to 55 of those of Sluice.
 */
const WARM_UP_MS = 20_000;

/** Payloads of 1 MB, 100 in flight, until their rows can be queried; and the CPU time of the service for a record, beside that of this process when it writes directly. */
export const bulk: Workload = {
  name: 'bulk',
  stores: ['mongodb', 'elasticsearch'],
  quick: true,
  async run(bench) {
    const payloads = bench.size(24, 100);
    const records = recordsFrom(0, RECORDS_IN_1_MB);
    const body = bodyOf(records);
    const all = Array.from({ length: payloads }, () => records).flat();
    const usages: Usage[] = [];
    const directMs: number[] = [];
    const direct = async () => {
      const before = process.cpuUsage();
      const perSecond = await rawBulk(bench, all, RECORD_MAPPING);
      const { user, system } = process.cpuUsage(before);
      directMs.push((user + system) / 1_000 / all.length);
      return perSecond;
    };
    const load = async (count: number) => {
      const { client } = bench.service;
      const datasetId = await client.dataset(recordOf(0));
      const push = () => client.pushAll(datasetId, { count, body: () => body, end: bodyOf(recordOf(0)) });
      let perSecond = 0;
      const usage = await bench.service.watched(async () => {
        perSecond = await rate(count * RECORDS_IN_1_MB, push);
      });
      await client.expectRecords(datasetId, count * RECORDS_IN_1_MB + 1);
      usages.push({ ...usage, cpuMs: usage.cpuMs / (count * RECORDS_IN_1_MB) });
      return perSecond;
    };
    await load(2);
    await direct();
    if (bench.store === 'elasticsearch') {
      for (const end = performance.now() + WARM_UP_MS; performance.now() < end; ) {
        await direct();
        await load(payloads);
      }
    }
    usages.length = 0;
    directMs.length = 0;
    const speed = await alternate(bench, `bulk/${bench.store}`, 'records/s', {
      raw: direct,
      own: () => load(payloads),
    });
    const [own, raw] = [usages.map(({ cpuMs }) => cpuMs * 1_000), directMs.map((ms) => ms * 1_000)];
    const ratios = own.map((microseconds, round) => microseconds / (raw[round] ?? Number.NaN));
    const results: Measurement[] = [
      speed,
      { row: `bulk-cpu/${bench.store}`, values: own },
      { row: `bulk-cpu-ratio/${bench.store}`, values: ratios, own, raw, of: 'µs' },
    ];
    // A full run measures these over minutes.
    return bench.isQuick ? [...results, ...strain(bench.store, usages)] : results;
  },
};
