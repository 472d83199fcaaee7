import { Binary } from 'mongodb';
import type { PayloadRef } from '../../domain/job/job.js';
import type { AcceptedPush, KnownRequest, PushLog } from '../../ports/push-log.js';
import type { Collections, PayloadPartDocument } from './documents.js';
import { toJob } from './job-view.js';
import { LaneAppender, type LogEntry } from './lane-appender.js';

/** A document may have 16 MB; half of that leaves room for whatever the driver adds. */
const PART_BYTES = 8 * 1024 * 1024;

/** The push log on MongoDB: payload bytes in parts, and one document a job. */
export function mongoPushLog(collections: Collections): PushLog {
  const appenders = new Map<string, LaneAppender>();

  async function takenBy({ datasetId, idempotency }: AcceptedPush): Promise<KnownRequest> {
    const known = idempotency && (await log.findByKey(datasetId, idempotency));
    if (!known) throw new Error(`the idempotency key of a push to dataset ${datasetId} is taken by no job`);
    return known;
  }

  function appenderOf(datasetId: string): LaneAppender {
    let appender = appenders.get(datasetId);
    if (!appender) {
      appender = new LaneAppender(collections, datasetId, () => appenders.delete(datasetId));
      appenders.set(datasetId, appender);
    }
    return appender;
  }

  const log: PushLog = {
    async append(push) {
      const result = await appenderOf(push.datasetId).append(toEntry(push), partsOf(push), push.bound);
      if (result === 'BACKLOG_FULL') return { kind: result };
      return result === 'KEY_TAKEN' ? takenBy(push) : { kind: 'APPENDED', job: toJob(result, undefined) };
    },

    async findByKey(datasetId, { keyId, key, fingerprint }) {
      const taken = { 'idempotency.keyId': keyId, datasetId, 'idempotency.key': key };
      const known = await collections.jobs.findOne(taken, { projection: { idempotency: 1 } });
      return known && { kind: 'KNOWN', jobId: known._id, sameRequest: known.idempotency?.fingerprint === fingerprint };
    },

    async readPayloads(jobs) {
      const ids = jobs.flatMap(({ payload }) => partIds(payload));
      const parts = await collections.payloads.find({ _id: { $in: ids } }).toArray();
      const byId = new Map(parts.map((part) => [part._id, part.bytes]));
      return jobs.map((job) => ({ job, payload: wholeOf(job.payload, byId) }));
    },
  };
  return log;
}

function wholeOf(payload: PayloadRef, parts: ReadonlyMap<string, Binary>): Buffer {
  const buffers = partIds(payload).map((id) => {
    const part = parts.get(id);
    if (!part) throw new Error(`the push log has lost part ${id} of a payload`);
    return Buffer.from(part.buffer.buffer, part.buffer.byteOffset, part.position);
  });
  const [only] = buffers;
  return buffers.length === 1 && only ? only : Buffer.concat(buffers);
}

function toEntry(push: AcceptedPush): LogEntry {
  const { id, datasetId, kind, method, form, payload, recordCount, acceptedAt, requestedBy, idempotency, replayOf } =
    push;
  const parts = Math.max(1, Math.ceil(payload.length / PART_BYTES));
  const ref = { id, form, bytes: payload.length, parts };
  const accepted = {
    recordCount,
    acceptedAt,
    requestedBy,
    ...(idempotency && { idempotency }),
    ...(replayOf && { replayOf }),
  };
  return { _id: id, datasetId, kind, method, payload: ref, ...accepted, open: true };
}

function partsOf({ id, payload }: AcceptedPush): PayloadPartDocument[] {
  const parts: PayloadPartDocument[] = [];
  for (let start = 0; start === 0 || start < payload.length; start += PART_BYTES) {
    const bytes = new Binary(payload.subarray(start, start + PART_BYTES));
    parts.push({ _id: `${id}/${parts.length}`, bytes });
  }
  return parts;
}

function partIds({ id, parts }: PayloadRef): string[] {
  return Array.from({ length: parts }, (_, part) => `${id}/${part}`);
}
