import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

/** What a program needs to talk to Sluice: fetch, a websocket and the API key. */
export interface SluiceClient {
  /** Runs one GraphQL operation and returns its data. Throws with the messages of the service. */
  query<T>(query: string, variables?: Record<string, unknown>): Promise<T>;
  /** Pushes records as NDJSON text over REST and returns the id of the job. */
  push(datasetId: string, ndjson: string): Promise<string>;
  /** Yields the results of a subscription until the consumer leaves. */
  subscribe<T>(query: string, variables: Record<string, unknown>): AsyncIterableIterator<{ data?: T | null }>;
  close(): Promise<void>;
}

export async function connect(): Promise<SluiceClient> {
  const url = process.env.SLUICE_URL ?? `http://127.0.0.1:${process.env.PORT ?? '4000'}`;
  const apiKey = await findApiKey();
  const headers = { 'x-api-key': apiKey };
  const socket = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: headers,
  });

  async function post(path: string, contentType: string, body: string): Promise<Response> {
    const request = { method: 'POST', headers: { ...headers, 'content-type': contentType }, body };
    return fetch(`${url}${path}`, request).catch((error: unknown) => {
      throw new Error(
        `no service responds at ${url}; start it with npm start, or set PORT here too if it has another port, then try again`,
        { cause: error },
      );
    });
  }

  return {
    async query<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
      const response = await post('/graphql', 'application/json', JSON.stringify({ query, variables }));
      const { data, errors } = (await response.json()) as { data?: T; errors?: { message: string }[] };
      if (errors || !data) throw new Error(errors?.map(({ message }) => message).join('; ') ?? response.statusText);
      return data;
    },
    async push(datasetId, ndjson) {
      const response = await post(`/dataload/${datasetId}`, 'application/x-ndjson', ndjson);
      const body = (await response.json()) as { jobId?: string; detail?: string };
      if (body.jobId === undefined) throw new Error(body.detail ?? `the push returned ${response.status}`);
      return body.jobId;
    },
    subscribe: (query, variables) => socket.iterate({ query, variables }),
    close: async () => socket.dispose(),
  };
}

async function findApiKey(): Promise<string> {
  if (process.env.API_KEY) return process.env.API_KEY;
  const path = join(process.env.SLUICE_DATA_DIR ?? './data', 'api-key');
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    throw new Error(
      `there is no API key: set API_KEY, or start the service once so that it makes ${path} (SLUICE_DATA_DIR names another folder)`,
      {
        cause: error,
      },
    );
  }
}
