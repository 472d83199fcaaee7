import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { inFlight, median } from '../measure.js';
import { bodyOf, recordOf } from '../records.js';
import type { Bench, Workload } from '../workload.js';

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
    const unwatched = await client.dataset(recordOf(0));
    await client.pushToComplete(unwatched, body);
    const [alone, watched]: [number[], number[]] = [[], []];
    const { megabytes } = await bench.service.watched(async () => {
      for (let n = 0; n < pushes; n += 1) {
        const start = performance.now();
        await client.pushToComplete(unwatched, body);
        alone.push(performance.now() - start);
        const from = performance.now();
        const told = watchers.allTold();
        await client.push(datasetId, body);
        await told;
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
  /** Resolves once every watcher has been told that one more job is Complete. */
  allTold(): Promise<void>;
  close(): Promise<void>;
}

async function watchersOf({ service }: Bench, datasetId: string, count: number): Promise<Watchers> {
  const { url, apiKey } = service.client;
  let told = 0;
  let wake: () => void = () => undefined;
  const clients: Client[] = [];
  const subscribe = async () => {
    const client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      lazy: false,
      connectionParams: { 'x-api-key': apiKey },
      retryAttempts: 0,
    });
    clients.push(client);
    await new Promise<void>((resolve) => client.on('connected', () => resolve()));
    client.subscribe<{ jobStatusChanged: { status: string } }>(
      { query: SUBSCRIPTION, variables: { datasetId } },
      {
        next: ({ data }) => {
          if (data?.jobStatusChanged.status !== 'COMPLETE') return;
          told += 1;
          if (told % count === 0) wake();
        },
        error: (error) => console.error('a subscription failed:', error),
        complete: () => undefined,
      },
    );
  };
  await inFlight(count, 20, subscribe);
  return {
    allTold: () =>
      new Promise((resolve) => {
        wake = resolve;
      }),
    async close() {
      for (const client of clients) await client.dispose();
    },
  };
}
