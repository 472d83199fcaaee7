import { rate } from '../measure.js';
import { bodyOf } from '../records.js';
import { alternate } from '../rounds.js';
import type { Workload } from '../workload.js';

/** How many line items an order has, and so how many rows it gives. */
const ITEMS = 10;
const ORDERS_IN_A_BODY = 1_000;

const headOf = (n: number) => ({
  number: n,
  customer: `customer ${n}`,
  email: `customer.${n}@example.com`,
  at: '2026-03-04T05:06:07Z',
});
const itemOf = (n: number) => ({ sku: `sku-${n}`, price: n * 1.25, quantity: n % 7, note: `a note for item ${n}` });

const FLATTEN = { transformations: [{ name: 'items', step: { flatten: { column: 'items' } } }] };

/** Nested orders whose line items a step flattens, and the same rows pushed flat; in rows a second. */
export const flattened: Workload = {
  name: 'flattened',
  stores: ['mongodb'],
  quick: false,
  async run(bench) {
    const count = bench.size(5, 30);
    const { client } = bench.service;
    const orders = Array.from({ length: ORDERS_IN_A_BODY }, (_, n) => ({
      ...headOf(n),
      items: Array.from({ length: ITEMS }, (__, m) => itemOf(n + m)),
    }));
    const rows = orders.flatMap(({ items, ...head }) => items.map((item) => ({ ...head, ...item })));
    const load = async (records: readonly object[], edit: object) => {
      const [body, end] = [bodyOf(records), bodyOf(records.slice(0, 1))];
      const datasetId = await client.dataset(records[0] ?? {}, edit);
      return rate(count * rows.length, () => client.pushAll(datasetId, { count, body: () => body, end }));
    };
    const result = await alternate(bench, 'flattened', 'rows/s', {
      raw: () => load(rows, {}),
      own: () => load(orders, FLATTEN),
    });
    return [result];
  },
};
