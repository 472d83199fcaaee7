import type { Workload } from './workload.js';
import { bulk } from './workloads/bulk.js';
import { datasetsAtOnce } from './workloads/datasets-at-once.js';
import { flattened } from './workloads/flattened.js';
import { geolocation } from './workloads/geolocation.js';
import { idle } from './workloads/idle.js';
import { idleDatasets } from './workloads/idle-datasets.js';
import { machine } from './workloads/machine.js';
import { manyDatasets } from './workloads/many-datasets.js';
import { memory } from './workloads/memory.js';
import { page } from './workloads/page.js';
import { pastJobs } from './workloads/past-jobs.js';
import { queriesDuringLoad } from './workloads/queries-during-load.js';
import { rowSecurity } from './workloads/row-security.js';
import { rowsStored } from './workloads/rows-stored.js';
import { singles } from './workloads/singles.js';
import { subscribers } from './workloads/subscribers.js';
import { transformations } from './workloads/transformations.js';
import { upserts } from './workloads/upserts.js';
import { wide } from './workloads/wide.js';

/** All workloads, in the order in which they run. */
export const WORKLOADS: readonly Workload[] = [
  idle,
  page,
  singles,
  bulk,
  machine,
  upserts,
  wide,
  transformations,
  flattened,
  geolocation,
  rowSecurity,
  queriesDuringLoad,
  manyDatasets,
  datasetsAtOnce,
  subscribers,
  rowsStored,
  pastJobs,
  memory,
  idleDatasets,
];
