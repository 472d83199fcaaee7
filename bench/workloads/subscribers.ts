import { setTimeout } from 'node:timers/promises';
import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { inFlight, median } from '../measure.js';
import { bodyOf, recordOf } from '../records.js';
import type { Bench, Workload } from '../workload.js';

/** Fewer than the service allows a caller (docs/limits.md). */
const WATCHERS_OF_A_KEY = 250;
const BEGIN_MS = 3_000;
const SUBSCRIPTION = 'subscription ($datasetId: ID!) { jobStatusChanged(datasetId: $datasetId) { status job { id } } }';

/** A thousand websockets that watch one dataset: from a push until the last of them knows that it is Complete, compared with a push that nobody watches; and the memory of the service. */
export const subscribers: Workload = {
  name: 'subscribers',
  stores: ['mongodb'],
  quick: false,
  alone: true,
  async run(bench) {
    const [count, pushes] = [bench.size(100, 1_000), bench.size(5, 20)];
    const { client } = bench.service;
    const datasetId = await client.dataset(recordOf(0));
    const watchers = await watchersOf(bench, datasetId, count);
    const body = bodyOf(recordOf(0));
    // The subscriptions of all have begun once all know of one job.
    for (let begun = false; !begun; ) {
      const known = watchers.allKnow(await client.push(datasetId, body)).then(() => true);
      begun = await Promise.race([known, setTimeout(BEGIN_MS, false)]);
    }
    const unwatched = await client.dataset(recordOf(0));
    await client.pushToComplete(unwatched, body);
    const [alone, watched]: [number[], number[]] = [[], []];
    const { megabytes } = await bench.service.watched(async () => {
      for (let n = 0; n < pushes; n += 1) {
        const start = performance.now();
        await client.pushToComplete(unwatched, body);
        alone.push(performance.now() - start);
        const from = performance.now();
        await watchers.allKnow(await client.push(datasetId, body));
        watched.push(performance.now() - from);
      }
    });
    await watchers.close();
    const values = [median(watched) / median(alone)];
    return [
      { row: 'subscribers', values, own: watched, raw: alone, of: 'ms' },
      { row: 'subscribers-memory', values: [megabytes] },
    ];
  },
};

interface Watchers {
  /** Resolves once every watcher knows that this job is Complete. */
  allKnow(jobId: string): Promise<void>;
  close(): Promise<void>;
}

async function watchersOf({ service }: Bench, datasetId: string, count: number): Promise<Watchers> {
  const { client } = service;
  const known = new Map<string, number>();
  const wakes = new Map<string, () => void>();
  const tell = (jobId: string) => {
    const sum = (known.get(jobId) ?? 0) + 1;
    known.set(jobId, sum);
    if (sum === count) wakes.get(jobId)?.();
  };
  const keys: string[] = [];
  while (keys.length * WATCHERS_OF_A_KEY < count) keys.push(await client.anotherKey());
  const watchers: Client[] = [];
  await inFlight(count, 20, async (n) => {
    const watcher = watcherOf(client.url, keys[n % keys.length] ?? '', datasetId, tell);
    watchers.push(watcher.client);
    await watcher.connected;
  });
  return {
    allKnow: (jobId) =>
      new Promise((resolve) => {
        if (known.get(jobId) === count) resolve();
        else wakes.set(jobId, resolve);
      }),
    async close() {
      for (const watcher of watchers) await watcher.dispose();
    },
  };
}

/** A websocket with one subscription, which tells of each Complete job. */
function watcherOf(url: string, apiKey: string, datasetId: string, tell: (jobId: string) => void) {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { 'x-api-key': apiKey },
    retryAttempts: 0,
  });
  const connected = new Promise<void>((resolve) => client.on('connected', () => resolve()));
  client.subscribe<{ jobStatusChanged: { status: string; job: { id: string } } }>(
    { query: SUBSCRIPTION, variables: { datasetId } },
    {
      next: ({ data, errors }) => {
        if (errors) console.error('a subscription failed:', errors);
        else if (data?.jobStatusChanged.status === 'COMPLETE') tell(data.jobStatusChanged.job.id);
      },
      error: (error) => console.error('a subscription failed:', error),
      complete: () => undefined,
    },
  );
  return { client, connected };
}
