import type { Workload } from './workload.js';
import { bulk } from './workloads/bulk.js';
import { flattened } from './workloads/flattened.js';
import { geolocation } from './workloads/geolocation.js';
import { idle } from './workloads/idle.js';
import { manyDatasets } from './workloads/many-datasets.js';
import { memory } from './workloads/memory.js';
import { page } from './workloads/page.js';
import { rowSecurity } from './workloads/row-security.js';
import { singles } from './workloads/singles.js';
import { transformations } from './workloads/transformations.js';
import { upserts } from './workloads/upserts.js';

/** All workloads, in the order in which they run. */
export const WORKLOADS: readonly Workload[] = [
  idle,
  page,
  singles,
  bulk,
  upserts,
  transformations,
  flattened,
  geolocation,
  rowSecurity,
  manyDatasets,
  memory,
];
