import { medianTime } from '../measure.js';
import { bodyOf, customerOf } from '../records.js';
import { alternate } from '../rounds.js';
import type { Workload } from '../workload.js';

const ROWS = 20_000;
const TENANTS = 20;
const PAGE = 50;

const recordOf = (n: number) => ({ ...customerOf(n), tenant: `tenant ${n % TENANTS}` });
const BY_TENANT = { columns: [{ id: 'tenant', securityName: 'tenant', indexed: true }] };

/** Pages of 50 rows for a viewer whose token shows one tenant of twenty, and for a manager who filters by that tenant, which is the same query to the store: what the token and its permissions cost. */
export const rowSecurity: Workload = {
  name: 'row-security',
  stores: ['mongodb', 'elasticsearch'],
  quick: false,
  async run(bench) {
    const pages = bench.size(30, 300);
    const { client } = bench.service;
    const datasetId = await client.dataset(recordOf(0), BY_TENANT);
    await client.pushToComplete(datasetId, bodyOf(Array.from({ length: ROWS }, (_, n) => recordOf(n))));
    const token = await client.viewerToken([
      { dataset_id: datasetId, record_permissions: [{ security_name: 'tenant', values: ['tenant 7'] }] },
    ]);
    const filter = ', where: {column: "tenant", op: EQ, value: "tenant 7"}';
    const asViewer = () => medianTime(pages, () => client.page(datasetId, PAGE, '', token));
    const asManager = () => medianTime(pages, () => client.page(datasetId, PAGE, filter));
    await asViewer();
    await asManager();
    const result = await alternate(bench, `row-security/${bench.store}`, 'ms', {
      raw: asManager,
      own: asViewer,
    });
    return [result];
  },
};
