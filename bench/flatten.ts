import { median } from './measure.js';
import type { BenchClient } from './sluice-client.js';

/** How many line items an order has, and so how many rows it gives. */
const ITEMS = 10;
const ORDERS_IN_A_PAYLOAD = 1_000;
const CLIENTS = 20;
const MIN_RATIO = 0.8;

const headOf = (n: number) => ({
  number: n,
  customer: `customer ${n}`,
  email: `customer.${n}@example.com`,
  at: '2026-03-04T05:06:07Z',
});
const itemOf = (n: number) => ({ sku: `sku-${n}`, price: n * 1.25, quantity: n % 7, note: `a note for item ${n}` });

const orders = Array.from({ length: ORDERS_IN_A_PAYLOAD }, (_, n) => ({
  ...headOf(n),
  items: Array.from({ length: ITEMS }, (__, m) => itemOf(n + m)),
}));
const rows = orders.flatMap(({ items, ...head }) => items.map((item) => ({ ...head, ...item })));

const FLATTEN = { transformations: [{ name: 'items', step: { flatten: { column: 'items' } } }] };

/** Loads of orders whose line items a step flattens, and of the same rows pushed flat, in alternating rounds; the ratio of their rates in rows. */
export async function compareFlatten(sluice: BenchClient, rounds: number, payloads: number): Promise<void> {
  const seconds = { nested: [] as number[], flat: [] as number[] };
  const load = async (records: readonly object[], edit: object) => {
    const datasetId = await sluice.dataset(records[0] ?? {}, edit);
    const payload = Buffer.from(JSON.stringify(records));
    const start = performance.now();
    await sluice.pushInto(datasetId, payloads, CLIENTS, () => payload);
    return (performance.now() - start) / 1_000;
  };
  for (let round = 0; round < rounds; round += 1) {
    seconds.flat.push(await load(rows, {}));
    seconds.nested.push(await load(orders, FLATTEN));
    console.error(`flatten: round ${round + 1} of ${rounds}`);
  }
  const perSecond = (of: number[]) => Math.round((payloads * rows.length) / median(of));
  const [own, other] = [perSecond(seconds.nested), perSecond(seconds.flat)];
  console.log(
    `rows of flattened orders ${own.toLocaleString('en')}/s, pushed flat ${other.toLocaleString('en')}/s: ratio ${(own / other).toFixed(2)}, at least ${MIN_RATIO} is wanted`,
  );
}
