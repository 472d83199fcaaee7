import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { connectMongo } from '../../src/adapters/mongodb/connect.js';
import { readConfig } from '../../src/config.js';
import { openRecordStore } from '../../src/open-record-store.js';
import { LaneWorker } from '../../src/pipeline/lane-worker.js';
import { laneBench } from './lane.js';
import { PAUSES, type Pause } from './pauses.js';

/**
 * A worker in a process of its own that loads one lane and stops at one point: it says PAUSED and goes on when it is told to. To be killed there, or to be
 * stopped for longer than its lease.
 */
const [url = '', dbName = '', datasetId = '', pauseAt = ''] = process.argv.slice(2);
const client = await connectMongo(url);
const db = client.db(dbName);
const store = await openRecordStore(readConfig(process.env), db);
const bench = await laneBench({ client, db, records: store.records });
const input = createInterface({ input: process.stdin });
/** Short: tests wait for it to run out. */
const LEASE_MS = 1_500;
let paused = false;

async function pause(here: Pause): Promise<void> {
  if (here !== pauseAt || paused) return;
  paused = true;
  process.stdout.write('PAUSED\n');
  await once(input, 'line');
}

/** Pauses before and after a step. */
function around<A extends unknown[], R>(step: string, work: (...args: A) => Promise<R>) {
  return async (...args: A): Promise<R> => {
    await pause(`before ${step}` as Pause);
    const result = await work(...args);
    await pause(`after ${step}` as Pause);
    return result;
  };
}

const { lanes, records } = bench;
const deps = bench.workerDeps({
  lanes: {
    nextGroup: around('the group', lanes.nextGroup),
    jobsOf: around('reading', lanes.jobsOf),
    commit: around('the commit', lanes.commit),
    complete: around('the end', lanes.complete),
  },
  records: {
    async writeRows(generation, writes, stillOwned) {
      await pause('before writing');
      const all = [...writes];
      const half = Math.ceil(all.length / 2);
      const rejected = await records.writeRows(generation, all.slice(0, half), stillOwned);
      await pause('half way through writing');
      if (pauseAt === 'half way through writing') stillOwned();
      const others = await records.writeRows(generation, all.slice(half), stillOwned);
      await pause('after writing');
      return [...rejected, ...others];
    },
  },
});
if (!PAUSES.includes(pauseAt as Pause)) throw new Error(`there is no pause ${pauseAt}`);
await new LaneWorker({ ...deps, leaseMs: LEASE_MS }).run(datasetId);
process.stdout.write(`ENDED ${bench.errors.map(String).join()}\n`);
input.close();
await store.close();
await client.close();
