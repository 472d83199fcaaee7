import { rate } from '../measure.js';
import { rawBulk } from '../raw-bulk.js';
import { bodyOf } from '../records.js';
import { alternate } from '../rounds.js';
import type { Workload } from '../workload.js';

const COLUMNS = 500;
const RECORDS_IN_A_BODY = 100;

const KINDS = [
  { type: 'keyword', valueOf: (n: number, column: number) => `text ${n % 1_000} of ${column}` },
  { type: 'double', valueOf: (n: number, column: number) => (n * column) / 4 },
  { type: 'boolean', valueOf: (n: number, column: number) => (n + column) % 2 === 0 },
  { type: 'date', valueOf: (n: number, column: number) => `2026-0${(column % 9) + 1}-1${n % 10}` },
] as const;

const columns = Array.from({ length: COLUMNS }, (_, column) => ({
  column,
  name: `column ${column}`,
  kind: KINDS[column % KINDS.length] ?? KINDS[0],
}));
const wideRecord = (n: number) =>
  Object.fromEntries(columns.map(({ name, column, kind }) => [name, kind.valueOf(n, column)]));
const MAPPING = Object.fromEntries(columns.map(({ name, kind }) => [name, { type: kind.type }]));

/** Records of 500 columns, until they can be queried. */
export const wide: Workload = {
  name: 'wide',
  stores: ['mongodb', 'elasticsearch'],
  quick: false,
  async run(bench) {
    const count = bench.size(5, bench.store === 'mongodb' ? 60 : 20);
    const { client } = bench.service;
    const records = Array.from({ length: RECORDS_IN_A_BODY }, (_, n) => wideRecord(n));
    const [body, end] = [bodyOf(records), bodyOf(wideRecord(0))];
    const all = Array.from({ length: count }, () => records).flat();
    const load = async () => {
      const datasetId = await client.dataset(wideRecord(0));
      return rate(all.length, () => client.pushAll(datasetId, { count, body: () => body, end }));
    };
    await load();
    const result = await alternate(bench, `wide/${bench.store}`, 'records/s', {
      raw: () => rawBulk(bench, all, MAPPING),
      own: load,
    });
    return [result];
  },
};
