import { medianTime } from '../measure.js';
import { bodyOf, RECORD_MAPPING, recordOf, recordsFrom } from '../records.js';
import { alternate } from '../rounds.js';
import type { Bench, Workload } from '../workload.js';

const ROWS = 10_000;
const PAGE = 50;

/** A page of 50 small rows through GraphQL, and the same rows from the store's driver. */
export const page: Workload = {
  name: 'page',
  stores: ['mongodb', 'elasticsearch'],
  quick: true,
  async run(bench) {
    const pages = bench.size(30, 300);
    const { client } = bench.service;
    const records = recordsFrom(0, ROWS);
    const datasetId = await client.dataset(recordOf(0));
    await client.pushToComplete(datasetId, bodyOf(records));
    const find = await rawPage(bench, records);
    await medianTime(pages, () => client.page(datasetId, PAGE));
    const result = await alternate(bench, `page/${bench.store}`, 'ms', {
      raw: () => medianTime(pages, find),
      own: () => medianTime(pages, () => client.page(datasetId, PAGE)),
    });
    return [result];
  },
};

/** Stores the records without Sluice, and returns how to read a page of them, in the order of an indexed field. */
async function rawPage({ store, elasticsearch, mongodb }: Bench, records: readonly object[]) {
  if (store === 'elasticsearch' && elasticsearch) {
    const index = await elasticsearch.index(RECORD_MAPPING);
    await elasticsearch.writeAll(index, records);
    return () => elasticsearch.client.search({ index, size: PAGE, sort: [{ rid: 'asc' }], track_total_hits: false });
  }
  const rows = await mongodb.collection();
  await mongodb.insertAll(rows, records);
  return () => rows.find().sort({ _id: 1 }).limit(PAGE).toArray();
}
