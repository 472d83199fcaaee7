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
 * Pages of 50 rows, in alternating rounds: as a viewer whose token shows one tenant of twenty; as a manager who filters by that tenant, which is the same query to the store; and as a manager
 * without a filter. Prints the ratios: what the token and its permissions cost, and what row-level security costs in all.
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
  const [plain, filtered] = [page(''), page(', where: {column: "tenant", op: EQ, value: "tenant 7"}')];
  const times = { viewer: [] as number[], filtered: [] as number[], plain: [] as number[] };
  const measure = async (query: string, bearer?: string) => {
    const start = performance.now();
    for (let n = 0; n < PAGES; n += 1) await sluice.read(query, 50, bearer);
    return (performance.now() - start) / PAGES;
  };
  await measure(plain, token);
  for (let round = 0; round < rounds; round += 1) {
    times.plain.push(await measure(plain));
    times.filtered.push(await measure(filtered));
    times.viewer.push(await measure(plain, token));
  }
  const [own, same, none] = [median(times.viewer), median(times.filtered), median(times.plain)];
  const comparedWith = (ms: number) => `${ms.toFixed(2)} ms (ratio ${(own / ms).toFixed(2)})`;
  console.log(
    `page of 50 rows under row-level security, rows in ${store}: ${own.toFixed(2)} ms; with the same filter by a manager ${comparedWith(same)}, without a filter ${comparedWith(none)}; at most ${MAX_RATIO} is wanted`,
  );
}
