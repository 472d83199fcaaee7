import { rate } from '../measure.js';
import { bodyOf, RECORD_MAPPING, recordOf, recordsFrom } from '../records.js';
import { alternate } from '../rounds.js';
import type { Bench, Workload } from '../workload.js';

const CLIENTS = 20;
const RECORDS_IN_A_BODY = 2_000;
const BY_RID = { columns: [{ id: 'rid', uniqueIdentifier: true }] };

type Item = ReturnType<typeof recordOf>;
const idOf = (record: Item) => record.rid;

/** Upserts of records that are all stored, each with new values. */
export const upserts: Workload = {
  name: 'upserts',
  stores: ['mongodb', 'elasticsearch'],
  quick: true,
  async run(bench) {
    const bodies = bench.size(bench.store === 'mongodb' ? 5 : 2, 50);
    const records = recordsFrom(0, bodies * RECORDS_IN_A_BODY);
    const { client } = bench.service;
    const datasetId = await client.dataset(recordOf(0), BY_RID);
    const ofBody = (of: readonly Item[], n: number) => of.slice(n * RECORDS_IN_A_BODY, (n + 1) * RECORDS_IN_A_BODY);
    const upsertAll = (of: readonly Item[]) => {
      const [sent, end] = [Array.from({ length: bodies }, (_, n) => bodyOf(ofBody(of, n))), bodyOf(of.slice(0, 1))];
      return rate(of.length, () =>
        client.pushAll(datasetId, { count: bodies, body: (n) => sent[n] ?? end, end, method: 'upsert' }, CLIENTS),
      );
    };
    const raw = await storedRaw(bench, records);
    await upsertAll(records);
    const changed = (round: number) => records.map((record) => ({ ...record, qty: round + 1, active: !record.active }));
    const result = await alternate(bench, `upserts/${bench.store}`, 'records/s', {
      raw: (round) => rate(records.length, () => raw(changed(round))),
      own: (round) => upsertAll(changed(round)),
    });
    return [result];
  },
};

/** Stores the records without Sluice, and returns how to update them. */
async function storedRaw({ store, elasticsearch, mongodb }: Bench, records: readonly Item[]) {
  if (store === 'elasticsearch' && elasticsearch) {
    const index = await elasticsearch.index(RECORD_MAPPING);
    await elasticsearch.writeAll(index, records, idOf);
    return (changed: readonly Item[]) => elasticsearch.writeAll(index, changed, idOf);
  }
  const rows = await mongodb.collection<{ _id: string }>();
  await mongodb.upsertAll(rows, records, idOf);
  return (changed: readonly Item[]) => mongodb.upsertAll(rows, changed, idOf);
}
