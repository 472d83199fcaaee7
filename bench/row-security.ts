import { median } from './measure.js';
import type { BenchClient } from './sluice-client.js';

const ROWS = 20_000;
const TENANTS = 20;
const PAGES = 300;
const MAX_RATIO = 1.1;

const recordOf = (n: number) => ({
  number: n,
  tenant: `tenant ${n % TENANTS}`,
  name: `customer ${n}`,
  email: `customer.${n}@example.com`,
  score: n * 1.25,
});

/**
 * Pages of 50 rows as a viewer whose token shows one tenant of twenty, and as a manager who filters by that tenant, in alternating rounds; the ratio of their times. Both are the same query
 * to the store, so the ratio is what the token and its permissions cost.
 */
export async function compareRowSecurity(sluice: BenchClient, rounds: number, store: string): Promise<void> {
  const columns = [{ id: 'tenant', securityName: 'tenant', indexed: true }];
  const datasetId = await sluice.dataset(recordOf(0), { columns });
  const payload = Buffer.from(JSON.stringify(Array.from({ length: ROWS }, (_, n) => recordOf(n))));
  await sluice.pushInto(datasetId, 0, 1, () => payload);
  const token = await sluice.viewerToken([
    { dataset_id: datasetId, record_permissions: [{ security_name: 'tenant', values: ['tenant 7'] }] },
  ]);
  const page = (where: string) =>
    `{ dataset(id: "${datasetId}") { records(first: 50${where}) { nodes { id values } } } }`;
  const [asViewer, asManager] = [page(''), page(', where: {column: "tenant", op: EQ, value: "tenant 7"}')];
  const times = { viewer: [] as number[], manager: [] as number[] };
  const measure = async (query: string, bearer?: string) => {
    const start = performance.now();
    for (let n = 0; n < PAGES; n += 1) await sluice.read(query, 50, bearer);
    return (performance.now() - start) / PAGES;
  };
  await measure(asViewer, token);
  for (let round = 0; round < rounds; round += 1) {
    times.manager.push(await measure(asManager));
    times.viewer.push(await measure(asViewer, token));
  }
  const [own, other] = [median(times.viewer), median(times.manager)];
  console.log(
    `page of 50 rows under row-level security, rows in ${store}: ${own.toFixed(2)} ms, with the same filter by a manager ${other.toFixed(2)} ms: ratio ${(own / other).toFixed(2)}, at most ${MAX_RATIO} is wanted`,
  );
}
