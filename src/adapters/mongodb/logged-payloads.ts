import type { Binary } from 'mongodb';
import { boundedBatches } from '../../domain/bounded-batches.js';
import type { LaneJob, PayloadRef } from '../../domain/job/job.js';
import type { LoggedPush } from '../../ports/push-log.js';
import type { Collections } from './collections.js';
import type { RecentPayloads } from './recent-payloads.js';

/** A document can have 16 MB; half of that leaves room for what the driver adds. */
export const PART_BYTES = 8 * 1024 * 1024;
/** The most bytes of payloads that a reply of MongoDB has, if it has more than one document: the driver copies a reply in one go, and the event loop waits. */
const REPLY_BYTES = 1024 * 1024;

/** Reads the payloads of jobs, in the order of the jobs: from `recent`, which loses them by it, or from the log. Throws if one is incomplete. */
export function loggedPayloads(
  collections: Pick<Collections, 'bodies' | 'payloads'>,
  recent: RecentPayloads,
): (jobs: readonly LaneJob[]) => Promise<LoggedPush[]> {
  /** The payloads that are stored with these jobs, by the ids of the jobs. */
  async function readBodies(jobs: readonly LaneJob[]): Promise<ReadonlyMap<string, Buffer>> {
    const small = jobs.filter(({ payload }) => payload.parts === 0);
    if (small.length === 0) return new Map();
    const bodies = small.map(({ id, payload: { bytes } }) => ({ id, bytes }));
    const found = await readInReplies(bodies, (ids, batchSize) =>
      collections.bodies.find({ _id: { $in: ids } }, { projection: { body: 1 }, batchSize }).toArray(),
    );
    return new Map(found.map(({ _id, body }) => [_id, bytesOf(body.bytes)]));
  }

  async function readParts(jobs: readonly LaneJob[]): Promise<ReadonlyMap<string, Binary>> {
    const large = jobs.filter(({ payload }) => payload.parts > 0);
    if (large.length === 0) return new Map();
    const parts = large.flatMap(({ payload }) =>
      partIds(payload).map((id, part) => ({ id, bytes: Math.min(PART_BYTES, payload.bytes - part * PART_BYTES) })),
    );
    const found = await readInReplies(parts, (ids, batchSize) =>
      collections.payloads.find({ _id: { $in: ids } }, { batchSize }).toArray(),
    );
    return new Map(found.map(({ _id, bytes }) => [_id, bytes]));
  }

  return async (jobs) => {
    const kept = new Map(jobs.map(({ id }) => [id, recent.take(id)]));
    const others = jobs.filter(({ id }) => !kept.get(id));
    const [bodies, parts] = await Promise.all([readBodies(others), readParts(others)]);
    return jobs.map((job) => {
      const payload = kept.get(job.id) ?? bodies.get(job.id) ?? wholeOf(job.payload, parts);
      return { job, payload };
    });
  };
}

/** Reads documents of these sizes, one request for each reply. With a batch size above their number, the server closes the cursor with that reply. */
async function readInReplies<T>(
  documents: readonly { readonly id: string; readonly bytes: number }[],
  read: (ids: readonly string[], batchSize: number) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const found: T[] = [];
  for (const batch of boundedBatches(documents, ({ bytes }) => bytes, { maxBytes: REPLY_BYTES })) {
    const ids = batch.map(({ id }) => id);
    found.push(...(await read(ids, ids.length + 1)));
  }
  return found;
}

function wholeOf(payload: PayloadRef, parts: ReadonlyMap<string, Binary>): Buffer {
  const buffers = partIds(payload).map((id) => {
    const part = parts.get(id);
    if (!part) throw new Error(`the push log has lost part ${id} of a payload`);
    return bytesOf(part);
  });
  if (buffers.length === 0) throw new Error(`the push log has lost the payload of job ${payload.id}`);
  const [only] = buffers;
  return buffers.length === 1 && only ? only : Buffer.concat(buffers);
}

/** The bytes of a binary value, without a copy. */
function bytesOf({ buffer, position }: Binary): Buffer {
  return Buffer.from(buffer.buffer, buffer.byteOffset, position);
}

function partIds({ id, parts }: PayloadRef): string[] {
  return Array.from({ length: parts }, (_, part) => `${id}/${part}`);
}
