import { parseArgs } from 'node:util';
import { measureGeocoding } from './geocoding.js';
import { failuresOf, writeJson } from './report.js';
import { type Servers, startServers } from './servers.js';
import { markdownOf, tableOf } from './table.js';
import type { Store } from './targets.js';
import type { Bench, Measurement, Workload } from './workload.js';
import { WORKLOADS } from './workloads.js';

/**
 * Compares Sluice with writing the same documents directly to the store, in alternating rounds, on one machine that client, service and servers share. The ratios also hold on other machines; the
 * absolute numbers do not. docs/performance.md says how to use it.
 */
const options = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    guard: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    markdown: { type: 'boolean', default: false },
    geocoding: { type: 'boolean', default: false },
    store: { type: 'string' },
    rounds: { type: 'string' },
    minutes: { type: 'string', default: '5' },
    millions: { type: 'string', default: '5' },
    json: { type: 'string', default: 'bench-results.json' },
  },
}).values;
const { quick: isQuick } = options;
/** After this time, a workload of a quick run begins no further round. */
const QUICK_MS = 8_000;

if (options.geocoding) {
  await measureGeocoding();
  process.exit();
}

const chosen = chosenWorkloads();
const measurements: Measurement[] = [];
for (const store of ['mongodb', 'elasticsearch'] as const) {
  if (options.store === undefined || options.store === store) await runOn(store);
}
console.log(`\n${(options.markdown ? markdownOf : tableOf)(measurements)}\n`);
await writeJson(options.json, measurements);
const failures = failuresOf(measurements);
if (options.guard && failures.length > 0) {
  console.error(`below what is guarded: ${failures.join(', ')}`);
  process.exitCode = 1;
}

function chosenWorkloads(): readonly Workload[] {
  if (options.only.length === 0) return WORKLOADS.filter(({ quick }) => quick || !isQuick);
  const names = WORKLOADS.map(({ name }) => name);
  const unknown = options.only.filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new Error(`there is no workload ${unknown.join(', ')}; give one of ${names.join(', ')}`);
  return WORKLOADS.filter(({ name }) => options.only.includes(name));
}

/** Workloads share the servers, except those that leave much behind. */
async function runOn(store: Store): Promise<void> {
  let servers: Servers | undefined;
  try {
    for (const workload of chosen.filter(({ stores }) => stores.includes(store))) {
      servers ??= await startServers(store);
      note(`${workload.name} on ${store}`);
      const failed = await measure(workload, servers);
      if (failed || workload.alone) {
        await servers.close();
        servers = undefined;
      }
    }
  } finally {
    await servers?.close();
  }
}

/** Whether it failed; then the others still run. */
async function measure(workload: Workload, servers: Servers): Promise<boolean> {
  try {
    measurements.push(...(await workload.run(benchOn(servers))));
    return false;
  } catch (error) {
    console.error(`${workload.name} on ${servers.store} failed:`, error);
    process.exitCode = 1;
    return true;
  }
}

function benchOn(servers: Servers): Bench {
  const start = performance.now();
  const rounds = Number(options.rounds ?? (isQuick ? 3 : 5));
  return {
    ...servers,
    hasRound: (after) => after < rounds && (after === 0 || !isQuick || performance.now() - start < QUICK_MS),
    isQuick,
    minutes: Number(options.minutes),
    millions: Number(options.millions),
    size: (quick, full) => (isQuick ? quick : full),
    note,
  };
}

function note(line: string): void {
  console.error(`${(performance.now() / 1_000).toFixed(1).padStart(6)} s  ${line}`);
}
