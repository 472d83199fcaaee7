import type { estypes } from '@elastic/elasticsearch';
import pRetry from 'p-retry';
import { boundedBatches } from '../../../domain/bounded-batches.js';
import { eachInTurns } from '../../../event-loop/turns.js';
import type { RejectedRow } from '../../../ports/record-store.js';
import type { RowWrite } from '../../../ports/row-writes.js';
import { writeBatches } from '../../batch-writers.js';
import type { ReusedMemory } from '../../reused-memory.js';
import type { OpenIndex } from '../open-indices.js';
import { serverTime } from '../server-time.js';
import { asStoreRequest, toStoreError } from '../store-error.js';
import { type BulkItem, bulkBody, bulkItems, mostBytesOf } from './bulk-body.js';
import { type Verdict, verdictsOf } from './bulk-verdict.js';

const BATCH_ROWS = 2_000;
/** The best size of a bulk is between 1 and 10 MB. */
const BATCH_BYTES = 2 * 1024 * 1024;
const IN_FLIGHT = 4;
/** How long Elasticsearch waits for a missing shard; its default is a minute, during which nobody would know. */
const SHARD_WAIT = '5s';
/** What verdicts are made of. An answer without the rest is the same text for each row that is new. */
const VERDICTS = 'error,status,errors,items.*._index,items.*.result,items.*.status,items.*.error';
/** Only the items that the cluster could not accept are sent again, for about a second; then the caller gets an error, and waits longer. */
const BACKOFF = { retries: 3, minTimeout: 100, factor: 2, randomize: true };

/** The target of writes. */
interface Target {
  readonly index: OpenIndex;
  readonly stillOwned: () => void;
}

/** One of those that write batches in parallel. */
interface Writer extends Target {
  /** Of its bulks. */
  readonly memory: ReusedMemory;
}

/**
 * Writes each row if none is stored or the stored version is smaller, with external versions; returns the rows that Elasticsearch will never accept. When it throws, no
 * request is running any more.
 */
export async function writeRows(target: Target, writes: Iterable<RowWrite>): Promise<RejectedRow[]> {
  const writtenAt = (await isAnyTombstone(writes)) ? await asStoreRequest(() => serverTime(target.index)) : 0;
  const bounds = { maxItems: BATCH_ROWS, maxBytes: BATCH_BYTES };
  const pending = boundedBatches(bulkItems(writes, writtenAt), mostBytesOf, bounds);
  const rejected: RejectedRow[] = [];
  await writeBatches(pending, IN_FLIGHT, async (batch, memory) => {
    rejected.push(...(await writeBatch({ ...target, memory }, batch)));
  });
  return rejected;
}

async function isAnyTombstone(writes: Iterable<RowWrite>): Promise<boolean> {
  let isAny = false;
  await eachInTurns(writes, (write) => {
    isAny ||= 'deleted' in write;
  });
  return isAny;
}

async function writeBatch(writer: Writer, batch: readonly BulkItem[]): Promise<RejectedRow[]> {
  const rejected: RejectedRow[] = [];
  let left = batch;
  const attempt = async () => {
    const verdicts = await sendBulk(writer, left);
    const sent = left;
    left = sent.filter((_, index) => verdicts[index]?.kind === 'RETRY');
    sent.forEach((item, index) => {
      const verdict = verdicts[index];
      if (verdict?.kind === 'REJECTED') rejected.push({ id: item.id, reason: verdict.error.message });
    });
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

async function sendBulk({ index, stillOwned, memory }: Writer, items: readonly BulkItem[]): Promise<Verdict[]> {
  stillOwned();
  const { client, alias, name } = index;
  const request = {
    method: 'POST',
    path: `/${alias}/_bulk`,
    // Without `require_alias`, a late write would create a dropped index again, with a mapping guessed from the row.
    querystring: { require_alias: true, timeout: SHARD_WAIT, filter_path: VERDICTS },
    bulkBody: bulkBody(items, memory),
  };
  // The client would repeat it without checking whether the lane is still owned.
  const send = () => client.transport.request<estypes.BulkResponse>(request, { maxRetries: 0 });
  return asStoreRequest(async () => {
    const response = await send().catch((error: unknown) => {
      memory.leave();
      throw error;
    });
    return verdictsOf(response, items.length, name);
  });
}
