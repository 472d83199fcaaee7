import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Collection, MongoClient } from 'mongodb';
import { startEmbeddedMongod } from '../src/adapters/embedded/start-embedded-mongod.js';
import { compareFlatten } from './flatten.js';
import { measureGeocoding } from './geocoding.js';
import { compareGeolocation } from './geolocation.js';
import { inFlight, median, rate, residentKilobytes } from './measure.js';
import { compareRowSecurity } from './row-security.js';
import { BenchClient } from './sluice-client.js';
import { TYPICAL_STEPS } from './steps.js';

/**
 * Compares Sluice with writing the same documents directly to the database, in alternating rounds, on one machine that client, service and database share. The ratios
 * also hold on other machines; the absolute numbers do not.
 */
const { quick, soak, steps, geocoding, security } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    steps: { type: 'boolean', default: false },
    geocoding: { type: 'boolean', default: false },
    security: { type: 'boolean', default: false },
    soak: { type: 'string' },
  },
}).values;
if (geocoding) {
  await measureGeocoding();
  process.exit();
}
const ROUNDS = quick ? 3 : 7;
const PAYLOADS = quick ? 30 : 150;
const SINGLES = quick ? 3_000 : 15_000;
const CLIENTS = 100;
const RECORDS_IN_1_MB = 4_700;
const MAX_STEPS_RATIO = 1.6;
const API_KEY = 'a key only for this benchmark';

const recordOf = (n: number) => ({
  id: n,
  name: `customer ${n}`,
  email: `customer.${n}@example.com`,
  born: '1990-05-06',
  active: n % 2 === 0,
  score: n * 1.25,
  address: { street: `${n} High Street`, city: 'London', zip: 'N1 9GU' },
});
const documents = Array.from({ length: RECORDS_IN_1_MB }, (_, n) => recordOf(n));
const payload = Buffer.from(JSON.stringify(documents));

const dataDir = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
const mongod = await startEmbeddedMongod({
  dataDir,
  cacheDir: process.env.SLUICE_CACHE_DIR,
  onProgress: console.error,
  log: console,
});
const env = {
  ...process.env,
  MONGODB_URL: mongod.url,
  SLUICE_API_KEY: API_KEY,
  SLUICE_DATA_DIR: dataDir,
  PORT: '0',
  SLUICE_LOG_LEVEL: 'error',
  SLUICE_JWT_SECRET: 'a secret of viewer tokens, only for this benchmark',
};
const service = spawn(process.execPath, ['dist/main.js'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
const mongo = await new MongoClient(mongod.url, { writeConcern: { w: 'majority' } }).connect();
try {
  const sluice = await BenchClient.connect(service, API_KEY);
  if (soak !== undefined) await measureMemory(sluice, Number(soak));
  else if (!steps && !security) await compare(sluice);
  if (soak === undefined)
    await compareRowSecurity(sluice, ROUNDS, process.env.ELASTICSEARCH_URL ? 'Elasticsearch' : 'MongoDB');
  if (soak === undefined && !security) {
    await compareSteps(sluice);
    await compareFlatten(sluice, ROUNDS, Math.ceil(PAYLOADS / 3));
    await compareGeolocation(sluice, ROUNDS, PAYLOADS);
  }
} finally {
  const ended = once(service, 'exit');
  service.kill('SIGTERM');
  await ended;
  await mongo.close();
  await mongod.stop();
  await rm(dataDir, { recursive: true, force: true });
}

async function compare(sluice: BenchClient): Promise<void> {
  const raw = mongo.db('raw').collection('rows');
  const results = {
    bulkRaw: [] as number[],
    bulk: [] as number[],
    singleRaw: [] as number[],
    single: [] as number[],
    latency: [] as number[],
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    results.bulkRaw.push(await rate(PAYLOADS * RECORDS_IN_1_MB, () => rawBulk(raw)));
    results.bulk.push(
      await rate(PAYLOADS * RECORDS_IN_1_MB, () =>
        sluice.pushAll(documents[0] ?? {}, PAYLOADS, CLIENTS, () => payload),
      ),
    );
    results.singleRaw.push(await rate(SINGLES, () => inFlight(SINGLES, CLIENTS, (n) => raw.insertOne(recordOf(n)))));
    results.single.push(
      await rate(SINGLES, () =>
        sluice.acknowledgeAll(documents[0] ?? {}, SINGLES, CLIENTS, (n) => Buffer.from(JSON.stringify(recordOf(n)))),
      ),
    );
    results.latency.push(...(await sluice.latencies(documents[0] ?? {}, quick ? 50 : 200)));
    await raw.drop();
    console.error(`round ${round + 1} of ${ROUNDS}`);
  }
  report(results);
}

/** `--steps` runs only this and the comparison of flattened orders: loads of the same payloads under a design with 20 steps and under the same design without them, in alternating rounds. */
async function compareSteps(sluice: BenchClient): Promise<void> {
  const seconds = { with: [] as number[], without: [] as number[] };
  const load = async (transformations: readonly object[]) => {
    const datasetId = await sluice.dataset(documents[0] ?? {}, { transformations });
    const start = performance.now();
    await sluice.pushInto(datasetId, PAYLOADS, CLIENTS, () => payload);
    return (performance.now() - start) / 1_000;
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    seconds.without.push(await load([]));
    seconds.with.push(await load(TYPICAL_STEPS));
    console.error(`steps: round ${round + 1} of ${ROUNDS}`);
  }
  const [own, other] = [median(seconds.with), median(seconds.without)];
  console.log(
    `load under ${TYPICAL_STEPS.length} steps ${own.toFixed(1)} s, without ${other.toFixed(1)} s: ratio ${(own / other).toFixed(2)}, at most ${MAX_STEPS_RATIO} is wanted`,
  );
}

/** `--soak MINUTES`: 1 MB payloads, 100 in flight, for so many minutes; prints the service's resident memory every minute. */
async function measureMemory(sluice: BenchClient, minutes: number): Promise<void> {
  for (let minute = 1; minute <= minutes; minute += 1) {
    const end = performance.now() + 60_000;
    const { accepted, refused } = await sluice.pushUntil(
      documents[0] ?? {},
      CLIENTS,
      payload,
      () => performance.now() < end,
    );
    const megabytes = (await residentKilobytes(service.pid ?? 0)) / 1_024;
    console.log(
      `minute ${minute}: ${accepted} payloads of 1 MB accepted, ${refused} refused for now, ${megabytes.toFixed(0)} MB resident`,
    );
  }
}

/** Writes as a user would: a thousand documents per call, a few calls in parallel. */
async function rawBulk(raw: Collection): Promise<void> {
  const calls = Math.ceil((PAYLOADS * RECORDS_IN_1_MB) / 1_000);
  await inFlight(calls, 4, () =>
    raw.insertMany(
      documents.slice(0, 1_000).map((document) => ({ ...document })),
      { ordered: false },
    ),
  );
}

function report({
  bulkRaw,
  bulk,
  singleRaw,
  single,
  latency,
}: Record<'bulkRaw' | 'bulk' | 'singleRaw' | 'single' | 'latency', number[]>): void {
  const line = (what: string, own: number[], other: number[]) => {
    const [mine, theirs] = [median(own), median(other)];
    console.log(
      `${what.padEnd(52)} ${Math.round(mine).toLocaleString('en').padStart(9)}/s  raw ${Math.round(theirs).toLocaleString('en').padStart(9)}/s  ratio ${(mine / theirs).toFixed(2)}`,
    );
  };
  line('1 MB payloads, 100 in flight, push to queryable', bulk, bulkRaw);
  line('single records, 100 in flight, acknowledged', single, singleRaw);
  const sorted = [...latency].sort((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
  console.log(`one record on an idle service, push to Complete:      p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`);
}
