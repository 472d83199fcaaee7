import { Binary } from 'mongodb';
import { boundedBatches } from '../../domain/bounded-batches.js';
import { SluiceError } from '../../domain/errors.js';
import type { LoadedJob } from '../../ports/lane.js';
import type { AcceptedJob, KnownRequest, LoadedPush, PushLog } from '../../ports/push-log.js';
import type { Collections } from './collections.js';
import type { JobDocument } from './documents.js';
import { loadedJobsOf } from './job-history.js';
import { toJob } from './job-view.js';
import { joinedInserts } from './joined-inserts.js';
import { LaneAppender, type LogEntry, sameKey } from './lane-appender.js';
import { LaneTails } from './lane-tails.js';
import { type PayloadPartDocument, WITHOUT_BODY } from './log-documents.js';
import { loggedPayloads, PART_BYTES } from './logged-payloads.js';
import { RecentJobs } from './recent-jobs.js';
import { RecentPayloads, SMALL_PAYLOAD_BYTES } from './recent-payloads.js';
import { keepOfRun } from './run-writes.js';

const POSITIONS_AT_ONCE = 1_000;
const STOOD_STILL =
  'the service paused for so long while it accepted this that the payload was purged; nothing of it is stored, send it again';
const BATCH_BYTES = 8 * 1024 * 1024;

/**
 * The push log on MongoDB: payloads in parts, and one document for each job. It leaves the payloads that it accepts in `recent`, from which readers take them first, and the jobs in
 * `recentJobs`, unless other processes append to their lanes too.
 */
export function mongoPushLog(
  collections: Collections,
  recent = new RecentPayloads(),
  recentJobs = new RecentJobs(),
): PushLog {
  const appenders = new Map<string, LaneAppender>();
  const insertJobs = joinedInserts(collections.jobs);
  const tails = new LaneTails();

  async function takenBy({ datasetId, idempotency }: AcceptedJob): Promise<KnownRequest> {
    const known = idempotency && (await log.findByKey(datasetId, idempotency));
    if (!known) throw new Error(`the idempotency key of a push to dataset ${datasetId} was taken, but no job has it`);
    return known;
  }

  async function readBatch(batch: readonly JobDocument[]): Promise<LoadedPush[]> {
    const logged = await log.readPayloads(batch.map(({ _id: id, ...job }) => ({ id, ...job })));
    return logged.map((push, index) => ({ ...push, revision: revisionOf(batch[index]) }));
  }

  function appenderOf(datasetId: string): LaneAppender {
    let appender = appenders.get(datasetId);
    if (!appender) {
      appender = new LaneAppender(collections, insertJobs, tails, datasetId, () => appenders.delete(datasetId));
      appenders.set(datasetId, appender);
    }
    return appender;
  }

  const log: PushLog = {
    async append(push) {
      const result = await appenderOf(push.datasetId).append(toEntry(push), partsOf(push), push.bound);
      if (result === 'BACKLOG_FULL') return { kind: result };
      if (result === 'TOO_LATE') throw new SluiceError('STORE_UNAVAILABLE', STOOD_STILL);
      if (result === 'KEY_TAKEN') return takenBy(push);
      const { body: _, ...job } = result;
      recent.put(push.id, push.payload);
      // A replay names up to a thousand records.
      if (!push.replayOf && !tails.isShared(push.datasetId)) recentJobs.put(job);
      return { kind: 'APPENDED', job: toJob(job) };
    },

    async findByKey(datasetId, idempotency) {
      const taken = sameKey(datasetId, idempotency);
      const known = await collections.jobs.findOne(taken, { projection: { idempotency: 1 } });
      const sameRequest = known?.idempotency?.fingerprint === idempotency.fingerprint;
      return known && { kind: 'KNOWN', jobId: known._id, sameRequest };
    },

    async releaseFailed(jobId) {
      const failed = { _id: jobId, status: 'ERROR_EXIT' as const };
      return (await collections.jobs.updateOne(failed, { $unset: { idempotency: '' } })).matchedCount > 0;
    },

    readPayloads: loggedPayloads(collections, recent),

    async *readLoaded(datasetId, positions) {
      for (let start = 0; start < positions.length; start += POSITIONS_AT_ONCE) {
        const position = { $in: positions.slice(start, start + POSITIONS_AT_ONCE) };
        const found = await collections.jobs
          .find({ datasetId, position }, WITHOUT_BODY)
          .sort({ position: 1 })
          .toArray();
        for (const batch of batchesOf(found)) yield* await readBatch(batch);
      }
    },

    async *history(datasetId, through) {
      for await (const { jobs, loaded } of loadedJobsOf(collections, datasetId, through)) {
        for (const batch of batchesOf(jobs)) {
          yield (await readBatch(batch)).map((push) => ({ ...push, loaded: loadedOf(loaded, push) }));
        }
      }
    },

    async keepResolved({ runToken }, jobId, part, records) {
      const pairs = records.map(({ recordId, rowCount }) => [recordId, rowCount]);
      const bytes = new Binary(Buffer.from(JSON.stringify(pairs)));
      await keepOfRun(collections.payloads, runToken, [{ _id: resolvedId(jobId, part), bytes }]);
    },

    async readResolved(jobId, part) {
      const document = await collections.payloads.findOne({ _id: resolvedId(jobId, part) });
      if (!document) throw new Error(`the push log has lost part ${part} of what job ${jobId} deletes`);
      const records = JSON.parse(Buffer.from(document.bytes.value()).toString()) as [string, number][];
      return records.length === 0 ? null : records.map(([recordId, rowCount]) => ({ recordId, rowCount }));
    },
  };
  return log;
}

/** Splits jobs, in order, into batches with at most so many bytes, or a single job. */
function batchesOf(jobs: readonly JobDocument[]) {
  return boundedBatches(jobs, ({ payload }) => payload.bytes, { maxBytes: BATCH_BYTES });
}

function revisionOf(job: JobDocument | undefined): number {
  if (job?.revision === undefined) throw new Error(`job ${job?._id} has not been loaded`);
  return job.revision;
}

function loadedOf(loaded: ReadonlyMap<number, LoadedJob>, { job }: LoadedPush): LoadedJob {
  const found = loaded.get(job.position);
  if (!found) throw new Error(`job ${job.id} is Complete, but no group has loaded it`);
  return found;
}

function resolvedId(jobId: string, part: number): string {
  return `${jobId}/deleted/${part}`;
}

function toEntry(push: AcceptedJob): LogEntry {
  const {
    id,
    datasetId,
    kind,
    method,
    form,
    payload,
    recordCount,
    acceptedAt,
    requestedBy,
    idempotency,
    replayOf,
    revision,
    triedRevision,
    finalBefore,
  } = push;
  const parts = isSmall(push) ? 0 : Math.ceil(payload.length / PART_BYTES);
  const ref = { id, form, bytes: payload.length, parts };
  const accepted = {
    recordCount,
    acceptedAt,
    requestedBy,
    finalBefore,
    ...(idempotency && { idempotency }),
    ...(replayOf && { replayOf }),
    ...(revision !== undefined && { revision }),
    ...(triedRevision !== undefined && { triedRevision }),
  };
  const body = isSmall(push) && { body: { codec: 'IDENTITY' as const, bytes: new Binary(payload) } };
  return { _id: id, datasetId, kind, method, payload: ref, ...accepted, ...body };
}

function isSmall({ payload }: Pick<AcceptedJob, 'payload'>): boolean {
  return payload.length <= SMALL_PAYLOAD_BYTES;
}

function partsOf({ id, payload }: AcceptedJob): PayloadPartDocument[] {
  const parts: PayloadPartDocument[] = [];
  if (isSmall({ payload })) return parts;
  for (let start = 0; start < payload.length; start += PART_BYTES) {
    const bytes = new Binary(payload.subarray(start, start + PART_BYTES));
    parts.push({ _id: `${id}/${parts.length}`, bytes });
  }
  return parts;
}
