import type { Collection, Db, Document } from 'mongodb';
import { v7 as uuidV7 } from 'uuid';
import { type Collections, collectionsOf } from '../src/adapters/mongodb/collections.js';
import type { DatasetDocument, JobDocument } from '../src/adapters/mongodb/documents.js';
import { isOpen } from '../src/adapters/mongodb/job-end.js';

const BATCH = 5_000;
/** Every past job lies so many milliseconds after the one before it. */
const STEP_MS = 1_000;
const UNCHECKED = { ordered: false, writeConcern: { w: 1 } } as const;

/** A finished job as the service stored it: its document, that of its group, its errors, and the parts of its payload. */
interface Finished {
  readonly job: JobDocument & Document;
  readonly group: Document | null;
  readonly errors: Document | null;
  readonly parts: readonly Document[];
}

/** What is written together. */
interface Batch {
  readonly jobs: Document[];
  readonly groups: Document[];
  readonly jobErrors: Document[];
  readonly payloads: Document[];
}

/** Reads finished jobs, each of which was loaded alone. */
export async function finishedJobs(db: Db, ids: readonly string[]): Promise<Finished[]> {
  const { jobs, groups, jobErrors, payloads } = collectionsOf(db);
  const all: Finished[] = [];
  for (const _id of ids) {
    const found = await jobs.findOne({ _id });
    if (!found || isOpen(found)) throw new Error(`job ${_id} is not finished`);
    const { open: _, openThrough: __, ...job } = found;
    const group = job.groupId === undefined ? null : await groups.findOne({ _id: job.groupId });
    if (group && group.first < group.last) throw new Error(`job ${_id} was not loaded alone`);
    const parts = await payloads.find({ _id: { $gt: `${_id}/`, $lt: `${_id}0` } }).toArray();
    all.push({ job, group, errors: await jobErrors.findOne({ _id }), parts });
  }
  return all;
}

/**
 * Fills lanes with copies of finished jobs, written directly into the database of a service that does not run: pushing a million jobs would take hours. Each copy has its own id, in the order of time, its own place in its lane, and its own
 * group, as if it had been accepted and loaded alone; only the rows are missing. Most are copies of the first job; of every hundred, each other one is copied once.
 */
export async function fillLanes(
  db: Db,
  lanes: readonly { readonly datasetId: string; readonly count: number }[],
  finished: readonly Finished[],
): Promise<void> {
  const collections = collectionsOf(db);
  const total = lanes.reduce((sum, { count }) => sum + count, 0);
  const states = await Promise.all(lanes.map((lane) => stateOf(collections, lane)));
  const since = Date.now() - (total + 3_600) * STEP_MS;
  let batch = emptyBatch();
  let lastPart: string | undefined;
  let [n, writing] = [0, Promise.resolve()];
  for (const turn of turnsOf(states)) {
    const copy = copiedTo(turn, copiedAt(n, finished), since + n * STEP_MS);
    batch.jobs.push(copy.job);
    if (copy.group) batch.groups.push(copy.group);
    if (copy.errors) batch.jobErrors.push(copy.errors);
    batch.payloads.push(...copy.parts);
    lastPart = copy.parts.at(-1)?._id ?? lastPart;
    n += 1;
    if (batch.jobs.length < BATCH && n < total) continue;
    await writing;
    writing = write(collections, batch);
    batch = emptyBatch();
  }
  await writing;
  await Promise.all(states.map((state) => settle(collections, state)));
  // The purge has seen them when they were new.
  if (lastPart !== undefined) {
    await collections.upkeep.updateOne({ _id: 'payloads' }, { $max: { through: lastPart } }, { upsert: true });
  }
}

function copiedAt(n: number, [first, ...others]: readonly Finished[]): Finished {
  const job = others[n % 100] ?? first;
  if (!job) throw new Error('there is no job to copy');
  return job;
}

interface LaneState {
  readonly datasetId: string;
  left: number;
  position: number;
  bytes: number;
}

async function stateOf(
  { datasets }: Pick<Collections, 'datasets'>,
  { datasetId, count }: { readonly datasetId: string; readonly count: number },
): Promise<LaneState> {
  const { lane } = (await datasets.findOne({ _id: datasetId })) as DatasetDocument;
  return { datasetId, left: count, position: lane.finalThrough, bytes: lane.finalBytes };
}

/** The lanes take turns, each as often as it has jobs left. */
function* turnsOf(states: readonly LaneState[]): Generator<LaneState> {
  const smallest = Math.min(...states.map(({ left }) => left));
  const weights = states.map(({ left }) => Math.ceil(left / Math.max(1, smallest)));
  while (states.some(({ left }) => left > 0)) {
    for (const [index, state] of states.entries()) {
      for (let turn = 0; turn < (weights[index] ?? 1) && state.left > 0; turn += 1) {
        state.left -= 1;
        yield state;
      }
    }
  }
}

function copiedTo(lane: LaneState, { job, group, errors, parts }: Finished, at: number) {
  const { datasetId } = lane;
  const _id = uuidV7({ msecs: at });
  lane.position += 1;
  lane.bytes += job.payload.bytes;
  const { position, bytes: totalBytes } = lane;
  const groupId = `${datasetId}:${position}`;
  const own = { _id, datasetId, position, totalBytes, payload: { ...job.payload, id: _id }, finalBefore: position - 1 };
  const idempotency = job.idempotency && { idempotency: { ...job.idempotency, key: _id } };
  const loaded = (group?.loaded as Document[] | undefined)?.map((entry) => ({ ...entry, p: position }));
  const place = { _id: groupId, datasetId, first: position, last: position, totalBytes, loaded };
  return {
    job: { ...job, ...own, ...(group && { groupId }), ...idempotency },
    group: group && { ...group, ...place },
    errors: errors && { ...errors, _id },
    parts: parts.map((part) => ({ ...part, _id: String(part._id).replace(job._id, _id) })),
  };
}

function emptyBatch(): Batch {
  return { jobs: [], groups: [], jobErrors: [], payloads: [] };
}

async function write(collections: Collections, batch: Batch): Promise<void> {
  const into = async (collection: unknown, documents: Document[]) => {
    if (documents.length > 0) await (collection as Collection<Document>).insertMany(documents, UNCHECKED);
  };
  await Promise.all([
    into(collections.jobs, batch.jobs),
    into(collections.groups, batch.groups),
    into(collections.jobErrors, batch.jobErrors),
    into(collections.payloads, batch.payloads),
  ]);
}

/** The lane is final up to its last copy. */
async function settle({ datasets }: Pick<Collections, 'datasets'>, { datasetId, position, bytes }: LaneState) {
  const lane = {
    'lane.finalThrough': position,
    'lane.committedThrough': position,
    'lane.takenThrough': position,
    'lane.finalBytes': bytes,
  };
  await datasets.updateOne({ _id: datasetId }, { $set: lane });
}
