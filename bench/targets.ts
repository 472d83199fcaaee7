/** Where the rows of a dataset are. */
export type Store = 'mongodb' | 'elasticsearch';

/** A row of the table: what is measured, and what it must reach. */
export interface Target {
  readonly what: string;
  /** `ratio`: Sluice / the baseline. */
  readonly unit: 'ratio' | 'ms' | 'µs' | 'MB' | '%';
  readonly better: 'higher' | 'lower';
  /** Undefined: the row only informs. */
  readonly must?: number;
  readonly aim?: number;
  /** Whether CI fails if it is below 70% of "must", or above must / 0.7. Times are not, since machines differ by more, and neither are ratios that differ as much from run to run. */
  readonly guarded?: boolean;
}

const higher = (what: string, must?: number, aim?: number, guarded = false): Target => ({
  what,
  unit: 'ratio',
  better: 'higher',
  ...(must !== undefined && { must }),
  ...(aim !== undefined && { aim }),
  guarded,
});
const lower = (what: string, unit: Target['unit'], must?: number, aim?: number, guarded = false): Target => ({
  ...higher(what, must, aim, guarded),
  unit,
  better: 'lower',
});

/** All rows, with "must" and "aim" in this one place. */
export const TARGETS = {
  'bulk/mongodb': higher('1 MB payloads, 100 in flight, push to queryable, MongoDB / raw insertMany', 0.6, 0.75, true),
  'bulk/elasticsearch': higher('1 MB payloads, 100 in flight, push to queryable, Elasticsearch / raw _bulk', 0.8, 0.95),
  'bulk-cpu/mongodb': lower('CPU of the service a bulk record, MongoDB', 'µs', 15, 10),
  'bulk-cpu/elasticsearch': lower('CPU of the service a bulk record, Elasticsearch', 'µs', 20, 12),
  'bulk-cpu-ratio/mongodb': lower('the same / CPU of a client that only writes, MongoDB', 'ratio', 1.7, 1.1, true),
  'bulk-cpu-ratio/elasticsearch': lower(
    'the same / CPU of a client that only writes, Elasticsearch',
    'ratio',
    4,
    2.5,
    true,
  ),
  singles: higher('single-record pushes acknowledged, 100 in flight / raw insertOne', 2, 3.5),
  'singles-backlog': lower(
    'their backlog: time until all are final after the last, of the time to push',
    'ratio',
    0.2,
    0.1,
  ),
  'idle-ack': lower('one record on an idle service, acknowledged / idle insertOne', 'ratio', 1.5, 1.1),
  'idle-complete/mongodb': lower(
    'one record on an idle service to Complete, MongoDB / idle insertOne',
    'ratio',
    4,
    2.5,
  ),
  'idle-complete/elasticsearch': lower('one record on an idle service to Complete, Elasticsearch', 'ms', 80, 50),
  'upserts/mongodb': higher('upserts onto stored records, MongoDB / raw bulkWrite', 0.4, 0.6, true),
  'upserts/elasticsearch': higher('upserts onto stored records, Elasticsearch / raw _bulk updates'),
  'datasets-ack': higher(
    'one push to each of many datasets, 50 in flight, acknowledged / raw insertOne',
    0.3,
    0.6,
    true,
  ),
  'datasets-final': higher('the same, final / raw insertOne', 0.15, 0.3, true),
  'idle-cpu-service': lower('CPU of the service after the last of them is final', '%', 3, 1, true),
  'idle-cpu-mongod': lower('CPU of mongod after the last of them is final', '%', 3, 2, true),
  'page/mongodb': lower('a page of 50 rows through GraphQL, MongoDB / the same find', 'ratio', 3, 2),
  'page/elasticsearch': lower('a page of 50 rows through GraphQL, Elasticsearch / the same search', 'ratio', 3, 2),
  'memory/mongodb': lower('resident memory at full load, MongoDB', 'MB', 500, 400, true),
  'memory/elasticsearch': lower('resident memory at full load, Elasticsearch', 'MB', 500, 400, true),
  'loop-delay/mongodb': lower("p99 delay of the service's event loop at full load, MongoDB", 'ms', 30),
  'loop-delay/elasticsearch': lower("p99 delay of the service's event loop at full load, Elasticsearch", 'ms', 30),
  transformations: lower('time to load under a design with 20 steps / without steps', 'ratio', 1.6),
  flattened: higher('rows of nested orders that a step flattens / the same rows pushed flat', 0.8),
  geolocation: lower('time to load with a geolocation by address / without', 'ratio', 1.5),
  'row-security/mongodb': lower('a page for a viewer with a permission, MongoDB / the same filter', 'ratio', 1.1),
  'row-security/elasticsearch': lower(
    'a page for a viewer with a permission, Elasticsearch / the same filter',
    'ratio',
    1.1,
  ),
  'machine-bulk': higher('what the machine allows: bulk on the least that is still durable, MongoDB / raw insertMany'),
  'machine-singles': higher('what the machine allows: single records acknowledged by it / raw insertOne'),
  'wide/mongodb': higher('records of 500 columns, push to queryable, MongoDB / raw insertMany'),
  'wide/elasticsearch': higher('records of 500 columns, push to queryable, Elasticsearch / raw _bulk'),
  'datasets-at-once': higher('bodies of 100 kB to 200 datasets at once, push to queryable / raw insertMany'),
  'rows-stored/mongodb': higher('records a second with millions of rows stored, MongoDB / with 100,000', 0.9, 1),
  'rows-stored/elasticsearch': higher(
    'records a second with millions of rows stored, Elasticsearch / with 100,000',
    0.9,
    1,
  ),
  'rows-stored-cpu/mongodb': lower(
    'CPU of the service a record with millions of rows stored, MongoDB / with 100,000',
    'ratio',
    1.1,
    1,
  ),
  'rows-stored-cpu/elasticsearch': lower(
    'CPU of the service a record with millions of rows stored, Elasticsearch / with 100,000',
    'ratio',
    1.1,
    1,
  ),
  'past-jobs-start': lower('start of the service with 1 million past jobs', 'ms', 5_000),
  'past-jobs-bulk': lower('time to load 1 MB payloads with 1 million past jobs / without', 'ratio', 1.1, 1),
  'past-jobs-singles': lower('time to load single records with 1 million past jobs / without', 'ratio', 1.1, 1),
  'past-jobs-idle': lower('one record to Complete with 1 million past jobs / without', 'ratio', 1.1, 1),
  'past-jobs-lists': lower('the slowest of many lists of jobs with 1 million past jobs', 'ms', 50, 20),
  'past-jobs-cpu-service': lower('CPU of the service with 1 million past jobs', '%', 3, 1),
  'past-jobs-cpu-mongod': lower('CPU of mongod with 1 million past jobs', '%', 3, 2),
  'page-during-load/mongodb': lower('a page of 50 rows during a load, MongoDB / without a load', 'ratio'),
  'page-during-load/elasticsearch': lower('a page of 50 rows during a load, Elasticsearch / without a load', 'ratio'),
  'load-during-queries/mongodb': higher('records a second during queries, MongoDB / without queries'),
  'load-during-queries/elasticsearch': higher('records a second during queries, Elasticsearch / without queries'),
  subscribers: lower(
    'a push until 1,000 subscribers know that it is Complete / a push until Complete that nobody watches',
    'ratio',
  ),
  'subscribers-memory': lower('resident memory with 1,000 subscribers', 'MB', 500, 400),
  'idle-datasets-start': lower('start of the service with 10,000 datasets', 'ms', 5_000),
  'idle-datasets-start-embedded': lower(
    'start of the service with an embedded mongod and 10,000 datasets',
    'ms',
    5_000,
  ),
  'idle-datasets-push': lower('a push to Complete beside 10,000 idle datasets / without them', 'ratio', 1.1, 1),
  'idle-datasets-cpu-service': lower('CPU of the service with 10,000 idle datasets', '%', 3, 1),
  'idle-datasets-cpu-mongod': lower('CPU of mongod with 10,000 idle datasets', '%', 3, 2),
  'idle-datasets-memory': lower('resident memory with 10,000 idle datasets', 'MB', 500, 400),
} as const satisfies Record<string, Target>;

export type RowName = keyof typeof TARGETS;

/** The share of "must" below which a guarded row fails. */
const GUARDED_SHARE = 0.7;

export type Verdict = 'aim' | 'must' | 'not reached yet' | 'FAILED' | '';

/** How a value compares with its row's target: reached, close enough for CI, or not. */
export function verdictOf(target: Target, value: number): Verdict {
  const { must, aim, better, guarded } = target;
  const reaches = (goal: number) => (better === 'higher' ? value >= goal : value <= goal);
  if (must === undefined) return '';
  if (aim !== undefined && reaches(aim)) return 'aim';
  if (reaches(must)) return 'must';
  return guarded && !reaches(better === 'higher' ? must * GUARDED_SHARE : must / GUARDED_SHARE)
    ? 'FAILED'
    : 'not reached yet';
}
