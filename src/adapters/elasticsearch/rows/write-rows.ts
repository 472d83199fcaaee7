import type { estypes } from '@elastic/elasticsearch';
import pRetry from 'p-retry';
import { boundedBatches } from '../../../domain/bounded-batches.js';
import { othersFirst } from '../../../event-loop/turns.js';
import type { RejectedRow, RowWrite } from '../../../ports/record-store.js';
import type { OpenIndex } from '../open-indices.js';
import { serverTime } from '../server-time.js';
import { asStoreRequest, toStoreError } from '../store-error.js';
import { type Verdict, verdictsOf } from './bulk-verdict.js';
import { hiddenJson, rowJson, tombstoneJson } from './row-source.js';

const BATCH_ROWS = 2_000;
/** The best size of a bulk is between 1 and 10 MB. */
const BATCH_BYTES = 4 * 1024 * 1024;
const IN_FLIGHT = 2;
/** How long Elasticsearch waits for a missing shard; its default is a minute, during which nobody would know. */
const SHARD_WAIT = '5s';
/** Only the items that the cluster could not accept are sent again, for about a second; then the caller gets an error, and waits longer. */
const BACKOFF = { retries: 3, minTimeout: 100, factor: 2, randomize: true };

/** One item of a bulk: two lines. */
interface Item {
  readonly id: string;
  readonly lines: string;
  readonly bytes: number;
}

/** The target of writes. */
interface Target {
  readonly index: OpenIndex;
  readonly stillOwned: () => void;
}

/**
 * Writes each row if none is stored or the stored version is smaller, with external versions; returns the rows that Elasticsearch will never accept. When it throws, no
 * request is running any more.
 */
export async function writeRows(target: Target, writes: Iterable<RowWrite>): Promise<RejectedRow[]> {
  const writtenAt = isAnyTombstone(writes) ? await asStoreRequest(() => serverTime(target.index)) : 0;
  // A writer that fails ends the generator that all writers share, and so ends the others.
  const bounds = { maxItems: BATCH_ROWS, maxBytes: BATCH_BYTES };
  const pending = boundedBatches(itemsOf(writes, writtenAt), ({ bytes }) => bytes, bounds);
  const rejected: RejectedRow[] = [];
  const writeNext = async (_: unknown, index: number) => {
    // To make a batch takes some ten milliseconds.
    if (index > 0) await othersFirst();
    for (const batch of pending) rejected.push(...(await writeBatch(target, batch)));
  };
  const ends = await Promise.allSettled(Array.from({ length: IN_FLIGHT }, writeNext));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return rejected;
}

function isAnyTombstone(writes: Iterable<RowWrite>): boolean {
  for (const write of writes) if ('deleted' in write) return true;
  return false;
}

/** Items are made when their batch is sent, so that not all of them are in memory. */
function* itemsOf(writes: Iterable<RowWrite>, writtenAt: number): Generator<Item> {
  for (const write of writes) yield toItem(write, writtenAt);
}

function toItem(write: RowWrite, writtenAt: number): Item {
  const { id, version } = write;
  const action = JSON.stringify({ index: { _id: id, version, version_type: 'external' } });
  const lines = `${action}\n${toJson(write, writtenAt)}`;
  return { id, lines, bytes: Buffer.byteLength(lines) };
}

function toJson(write: RowWrite, writtenAt: number): string {
  if ('deleted' in write) return tombstoneJson(write.id, writtenAt);
  return 'hidden' in write ? hiddenJson(write) : rowJson(write);
}

async function writeBatch(target: Target, batch: readonly Item[]): Promise<RejectedRow[]> {
  const rejected: RejectedRow[] = [];
  let left = batch;
  const attempt = async () => {
    const verdicts = await sendBulk(target, left);
    const sent = left;
    left = sent.filter((_, index) => verdicts[index]?.kind === 'RETRY');
    for (const [index, { id }] of sent.entries()) {
      const verdict = verdicts[index];
      if (verdict?.kind === 'REJECTED') rejected.push({ id, reason: verdict.error.message });
    }
    throwFirst(verdicts, 'GONE');
    throwFirst(verdicts, 'RETRY');
  };
  await pRetry(attempt, {
    ...BACKOFF,
    shouldRetry: ({ error }) => toStoreError(error).code === 'UNAVAILABLE' && left !== batch,
  });
  return rejected;
}

function throwFirst(verdicts: readonly Verdict[], kind: 'GONE' | 'RETRY'): void {
  for (const verdict of verdicts) if (verdict.kind === kind) throw verdict.error;
}

async function sendBulk(
  { index: { client, alias, name }, stillOwned }: Target,
  items: readonly Item[],
): Promise<Verdict[]> {
  stillOwned();
  const request: estypes.BulkRequest = {
    index: alias,
    // Otherwise a late write would create a dropped index again, with a mapping guessed from the row.
    require_alias: true,
    timeout: SHARD_WAIT,
    operations: items.map(({ lines }) => lines),
  };
  // The client would repeat it without checking whether the lane is still owned.
  return asStoreRequest(async () => verdictsOf(await client.bulk(request, { maxRetries: 0 }), items.length, name));
}
