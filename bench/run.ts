import { elasticsearchDistribution } from '../test/support/elasticsearch/distribution.js';
import { measureGeocoding } from './geocoding.js';
import { note } from './note.js';
import { readOptions } from './options.js';
import { betterOf, failedRows, writeJson } from './report.js';
import { Runner } from './runner.js';
import { stopOnSignals } from './stopping.js';
import { markdownOf, tableOf } from './table.js';
import type { Store } from './targets.js';

/**
 * Compares Sluice with writing the same documents directly to the store, in alternating rounds, on one machine that client, service and servers share. The ratios that CPU time decides also hold on other machines; the
 * absolute numbers do not. docs/performance.md says how to use it.
 */
const options = readOptions(process.argv.slice(2));
if (options.geocoding) {
  await measureGeocoding();
  process.exit();
}

const stopping = stopOnSignals();
const runner = new Runner(options, stopping);
try {
  await measure();
} catch (error) {
  console.error(error === stopping.reason ? `${error}` : error);
  // A workload that was stopped may still wait for servers that have ended.
  process.exit(1);
}

async function measure(): Promise<void> {
  for (const store of await usableStores()) await runner.run(options.workloads, store);
  let { measurements, failures } = runner;
  if (options.guard) {
    measurements = await measuredAgain();
    failures = [...failures, ...failedRows(measurements).map((row) => `${row} is below what is guarded`)];
  }
  if (measurements.length === 0) {
    failures = [...failures, `no row was measured, so ${options.json} is not written`];
  } else {
    console.log(`\n${(options.markdown ? markdownOf : tableOf)(measurements)}\n`);
    await writeJson(options.json, measurements);
  }
  for (const failure of failures) console.error(failure);
  process.exitCode = failures.length === 0 ? 0 : 1;
}

/** Without an Elasticsearch to start, its rows are left out; but not with CI=true, nor if the command line names it. */
async function usableStores(): Promise<readonly Store[]> {
  if (!options.stores.includes('elasticsearch')) return options.stores;
  try {
    await elasticsearchDistribution();
    return options.stores;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (process.env.CI === 'true' || options.areStoresNamed) {
      console.error(`Elasticsearch cannot be started: ${reason}`);
      process.exit(1);
    }
    note(`the rows of Elasticsearch are left out: ${reason}`);
    return options.stores.filter((store) => store !== 'elasticsearch');
  }
}

/** A busy machine fails nothing alone: workloads whose rows fail run once more, and the better result counts. */
async function measuredAgain() {
  const failed = failedRows(runner.measurements);
  if (failed.length === 0) return runner.measurements;
  note(`measuring again: ${failed.join(', ')}`);
  const again = new Runner(options, stopping);
  for (const store of options.stores) {
    const workloads = runner.workloadsOf(failed, store);
    if (workloads.length > 0) await again.run(workloads, store);
  }
  return betterOf(runner.measurements, again.measurements);
}
