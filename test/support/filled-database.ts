import { hash } from 'node:crypto';
import { BSON, type Document } from 'mongodb';
import { CALLER, type OpenLaneBench, openLaneBench } from './lane.js';

/** Groups of the dataset, each of a few pushes with one refused record, and how many other datasets have a history just like it. */
const GROUPS = 40;
const PUSHES_A_GROUP = 3;
const OTHERS = 40;
/** How many of the others have a group that is JOINING; those of the rest have only begun. */
const JOINING = 4;
/** Jobs of the dataset that wait. */
const WAITING = 30;

/** A database that many datasets have been loaded into for long, every one of them through every kind of job. */
export interface FilledDatabase {
  readonly bench: OpenLaneBench;
  /** The dataset to ask about. Its lane is free; a group of it waits, and jobs behind that. */
  readonly datasetId: string;
  readonly connectionId: string;
  /** The dataset's generation of rows. */
  readonly generation: string;
  /** Other datasets, with what is theirs. */
  readonly others: readonly string[];
  close(): Promise<void>;
}

export async function fillDatabase(): Promise<FilledDatabase> {
  const bench = await openLaneBench();
  const datasetId = await bench.dataset({ k: 'a', n: 1 }, { mismatchPolicy: 'QUARANTINE' });
  await liveThrough(bench, datasetId);
  const dataset = await bench.reader.catalog.existingDataset(datasetId);
  const others = await copy(bench, datasetId);
  const joining = { datasetId: { $in: [datasetId, ...others.slice(-JOINING)] }, closedAt: null };
  const transition = { status: 'JOINING' as const, at: new Date() };
  await bench.collections.groups.updateMany(joining, { $push: { transitions: transition } });
  const { connectionId, generation } = dataset;
  if (generation === null) throw new Error('the dataset has no rows');
  return { bench, datasetId, connectionId, generation, others, close: () => bench.close() };
}

async function liveThrough(bench: OpenLaneBench, datasetId: string): Promise<void> {
  const { useCases, reader } = bench;
  await bench.push(datasetId, [{ k: 'first', n: 1 }]);
  await useCases.deleteData.all({ datasetId }, CALLER);
  const refused = await bench.push(datasetId, [{ k: 1, n: 'no number' }]);
  await bench.load(datasetId);
  for (let group = 0; group < GROUPS; group += 1) {
    for (let n = 0; n < PUSHES_A_GROUP; n += 1) {
      await bench.push(datasetId, [
        { k: `${group}-${n}`, n },
        { k: `${group}-${n}`, n: 'no number' },
      ]);
    }
    await bench.load(datasetId);
  }
  await useCases.deleteData.matching({ datasetId, where: { column: 'n', op: 'EQ', value: 1 } }, CALLER);
  for (const type of ['TEXT', 'NUMERIC'] as const) {
    const { draftRevision: expectedRevision } = await reader.catalog.existingDataset(datasetId);
    await useCases.designDrafts.update(datasetId, { expectedRevision, columns: [{ id: 'n', type }] }, CALLER);
    if (type === 'NUMERIC') await useCases.tryChanges(datasetId, CALLER);
    await bench.load(datasetId);
    await useCases.applyChanges(datasetId, CALLER);
    await bench.load(datasetId);
  }
  await useCases.rebuildDataset(datasetId, CALLER);
  await bench.load(datasetId);
  const ended = await bench.push(datasetId, [{ k: 'ended', n: 1 }]);
  await useCases.terminateJob(ended, CALLER);
  for (let n = 0; n < WAITING; n += 1) await bench.push(datasetId, [{ k: `waiting ${n}`, n }]);
  const lease = await bench.lanes.acquire(datasetId, 'filler', 60_000);
  const taken =
    lease &&
    (await bench.lanes.nextGroup(
      lease,
      { maxJobs: 3, maxRecords: 100_000, maxBytes: 1_000, splitAfter: 10, setApart: { after: 10, restMs: 1_000 } },
      new Date(),
    ));
  if (!lease || !taken) throw new Error('the lane of the dataset cannot be taken');
  await bench.lanes.recordWaiting(lease, taken.group, { reason: 'a test', since: new Date() });
  await bench.lanes.release(lease);
  if ((await bench.ledger.findJob(refused))?.status !== 'ERROR_EXIT') throw new Error('the refused push was loaded');
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** Found by secrets, which are nobody else's; and the one document of how far upkeep has come. */
const NOT_COPIED = ['api_keys', 'upkeep'];

/** Copies the dataset so often, with all that is kept of it except its rows, under ids that begin with the same times. Returns the copies' ids. */
async function copy({ database: { db }, collections }: OpenLaneBench, datasetId: string): Promise<string[]> {
  const idOf = (id: string, n: number) => id.slice(0, -12) + hash('sha256', `${id} ${n}`, 'hex').slice(0, 12);
  const names = new Set(Object.values(collections).map(({ collectionName }) => collectionName));
  for (const name of names) {
    if (NOT_COPIED.includes(name)) continue;
    const text = BSON.EJSON.stringify(await db.collection(name).find().toArray(), { relaxed: false });
    const copies = Array.from({ length: OTHERS }, (_, n): Document[] =>
      BSON.EJSON.parse(
        text.replace(UUID, (id) => idOf(id, n)),
        { relaxed: false },
      ),
    );
    const documents = copies.flat();
    if (documents.length > 0) await db.collection(name).insertMany(documents, { ordered: false });
  }
  return Array.from({ length: OTHERS }, (_, n) => idOf(datasetId, n));
}
