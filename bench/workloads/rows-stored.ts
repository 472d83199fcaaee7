import { rate } from '../measure.js';
import { bodyOf, RECORDS_IN_1_MB, recordOf, recordsFrom } from '../records.js';
import { alternate } from '../rounds.js';
import type { Bench, Workload } from '../workload.js';

const CLIENTS = 20;
const BY_RID = { columns: [{ id: 'rid', uniqueIdentifier: true }] };
const SMALL = 100_000;

/** New records, with an identifier, into a dataset with millions of rows and into one with 100,000: what stored rows cost. */
export const rowsStored: Workload = {
  name: 'rows-stored',
  stores: ['mongodb', 'elasticsearch'],
  quick: false,
  alone: true,
  async run(bench) {
    const count = bench.size(5, 30);
    const [small, large] = [
      await FilledDataset.of(bench, bench.size(20_000, SMALL)),
      await FilledDataset.of(bench, bench.size(100_000, bench.millions * 1_000_000)),
    ];
    const [results, used] = [
      { small: [] as number[], large: [] as number[] },
      { small: 0, large: 0 },
    ];
    const push = async (size: 'small' | 'large') => {
      const before = await bench.service.cpuMs();
      const perSecond = await (size === 'small' ? small : large).push(count);
      used[size] = (await bench.service.cpuMs()) - before;
      results[size].push((used[size] * 1_000) / (count * RECORDS_IN_1_MB));
      return perSecond;
    };
    const speed = await alternate(bench, `rows-stored/${bench.store}`, 'records/s', {
      raw: () => push('small'),
      own: () => push('large'),
    });
    const cpu = results.large.map((value, round) => value / (results.small[round] ?? Number.NaN));
    return [
      speed,
      { row: `rows-stored-cpu/${bench.store}`, values: cpu, own: results.large, raw: results.small, of: 'µs' },
    ];
  },
};

/** A dataset into which records are pushed that it does not have yet. */
class FilledDataset {
  #next = 0;

  private constructor(
    private readonly bench: Bench,
    private readonly datasetId: string,
  ) {}

  static async of(bench: Bench, rows: number): Promise<FilledDataset> {
    const dataset = new FilledDataset(bench, await bench.service.client.dataset(recordOf(0), BY_RID));
    await dataset.push(Math.ceil(rows / RECORDS_IN_1_MB));
    bench.note(`${rows.toLocaleString('en')} rows are stored`);
    return dataset;
  }

  /** How many records a second are loaded. Bodies are made while they are sent: all of them would not fit into memory. */
  push(count: number): Promise<number> {
    const first = this.#next;
    this.#next += count * RECORDS_IN_1_MB;
    const body = (n: number) => bodyOf(recordsFrom(first + n * RECORDS_IN_1_MB, RECORDS_IN_1_MB));
    return rate(count * RECORDS_IN_1_MB, () =>
      this.bench.service.client.pushAll(this.datasetId, { count, body, end: bodyOf(recordOf(0)) }, CLIENTS),
    );
  }
}
