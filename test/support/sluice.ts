import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { type ExecutionResult, print } from 'graphql';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { App } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import { startApp } from '../../src/start-app.js';
import { createLogger, type Logger } from '../../src/telemetry/logger.js';
import {
  ApplyChangesDocument,
  CreateDatasetDocument,
  ReadDatasetDocument,
  ReadJobDocument,
  type ReadJobQuery,
  ReadRecordsDocument,
  UpdateDesignDocument,
  type UpdateDesignInput,
} from '../generated/graphql.js';
import { storeEnv, type TestDatabase, testDatabase } from './mongod.js';
import { allEvents, watch } from './watch.js';

export const API_KEY = 'a key that only these tests know';

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

export interface Problem {
  readonly code?: string;
  readonly detail?: string;
  readonly [detail: string]: unknown;
}

export type FinalJob = NonNullable<ReadJobQuery['job']>;

/** A whole service on its own port, with its own database. */
export interface Sluice {
  readonly url: string;
  readonly app: App;
  readonly database: TestDatabase;
  /** One GraphQL request; returns any result. */
  execute<T, V>(document: TypedDocumentNode<T, V>, variables: V): Promise<ExecutionResult<T>>;
  /** One GraphQL request that must succeed. */
  query<T, V>(document: TypedDocumentNode<T, V>, variables: V): Promise<T>;
  /** One REST request with the API key. */
  request(path: string, init?: RequestInit): Promise<Answer<Problem & { jobId?: string }>>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer<Problem & { jobId?: string }>>;
  /** Creates an applied dataset from this sample; returns its id. */
  dataset(sample: unknown): Promise<string>;
  /** Pushes through the bare REST form and returns the final job. */
  push(datasetId: string, records: unknown): Promise<FinalJob>;
  /** Edits the draft of a dataset, whatever its revision. */
  edit(datasetId: string, edit: Omit<UpdateDesignInput, 'expectedRevision'>): Promise<void>;
  /** Applies the draft; returns the final reload, or null if there was none. */
  apply(datasetId: string): Promise<FinalJob | null>;
  /** All rows' values, in the order of a column. */
  values(datasetId: string, orderBy?: string): Promise<Record<string, unknown>[]>;
  /** The job as it is now. */
  job(id: string): Promise<FinalJob>;
  /** The job, once it is final. */
  finalJob(id: string): Promise<FinalJob>;
  /** A graphql-transport-ws client; closed with the service. */
  socket(connectionParams?: Record<string, unknown>): Client;
  close(): Promise<void>;
}

export async function startSluice(
  env: NodeJS.ProcessEnv = {},
  logger: Logger = createLogger('silent'),
): Promise<Sluice> {
  const database = await testDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'sluice-e2e-'));
  const settings = {
    ...storeEnv(),
    MONGODB_URL: database.url,
    SLUICE_API_KEY: API_KEY,
    SLUICE_DATA_DIR: dataDir,
    PORT: '0',
    ...env,
  };
  const app = await startApp(readConfig(settings), logger, () => undefined);
  const clients: Client[] = [];
  const watcher = socketOf(app.url);
  const client = clientOf(app.url, watcher);
  clients.push(watcher);
  return {
    url: app.url,
    app,
    database,
    ...client,
    socket(connectionParams) {
      const socket = socketOf(app.url, connectionParams);
      clients.push(socket);
      return socket;
    },
    async close() {
      await Promise.all(clients.map((one) => one.dispose()));
      await app.close();
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function socketOf(url: string, connectionParams: Record<string, unknown> = { 'x-api-key': API_KEY }): Client {
  const address = `${url.replace('http', 'ws')}/graphql`;
  return createClient({ url: address, webSocketImpl: WebSocket, connectionParams, retryAttempts: 0 });
}

function clientOf(url: string, watcher: Client) {
  async function request(path: string, init: RequestInit = {}): Promise<Answer<Problem & { jobId?: string }>> {
    const headers = new Headers(init.headers);
    if (!headers.has('x-api-key')) headers.set('x-api-key', API_KEY);
    const response = await fetch(`${url}${path}`, { ...init, headers });
    return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
  }

  function post(path: string, body: unknown, headers: Record<string, string> = {}) {
    const text = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
    return request(path, { method: 'POST', body: text, headers: { 'content-type': 'application/json', ...headers } });
  }

  async function execute<T, V>(document: TypedDocumentNode<T, V>, variables: V): Promise<ExecutionResult<T>> {
    const { body } = await post('/graphql', { query: print(document), variables });
    return body as ExecutionResult<T>;
  }

  async function query<T, V>(document: TypedDocumentNode<T, V>, variables: V): Promise<T> {
    const { data, errors } = await execute(document, variables);
    if (errors || !data) throw new Error(`GraphQL returned ${JSON.stringify(errors)}`);
    return data;
  }

  async function finalJob(id: string): Promise<FinalJob> {
    // The subscription ends after the final status.
    await allEvents(watch(watcher, { jobId: id }));
    const found = await job(id);
    if (found.finishedAt === null) throw new Error(`the events of job ${id} ended before it was final`);
    return found;
  }

  async function job(id: string): Promise<FinalJob> {
    const found = (await query(ReadJobDocument, { id })).job;
    if (!found) throw new Error(`there is no job ${id}`);
    return found;
  }

  return {
    request,
    post,
    execute,
    query,
    job,
    finalJob,
    async dataset(sample: unknown): Promise<string> {
      const input = { name: 'test', sample, apply: true };
      return (await query(CreateDatasetDocument, { input })).createDataset.id;
    },
    async edit(datasetId: string, edit: Omit<UpdateDesignInput, 'expectedRevision'>): Promise<void> {
      const { dataset } = await query(ReadDatasetDocument, { id: datasetId });
      const expectedRevision = dataset?.design.revision ?? 0;
      await query(UpdateDesignDocument, { datasetId, input: { ...edit, expectedRevision } });
    },
    async apply(datasetId: string): Promise<FinalJob | null> {
      const { reload } = (await query(ApplyChangesDocument, { datasetId })).applyChanges;
      return reload && finalJob(reload.id);
    },
    async values(datasetId: string, orderBy?: string): Promise<Record<string, unknown>[]> {
      const order = orderBy === undefined ? [] : [{ column: orderBy }];
      const { dataset } = await query(ReadRecordsDocument, { id: datasetId, orderBy: order, first: 1000 });
      return dataset?.records.nodes.map(({ values }) => values as Record<string, unknown>) ?? [];
    },
    async push(datasetId: string, records: unknown): Promise<FinalJob> {
      const { status, body } = await post(`/dataload/${datasetId}?wait=60`, records);
      const { jobId } = (body.statusJob ?? {}) as { jobId?: string };
      if (jobId === undefined) throw new Error(`the push returned ${status} ${JSON.stringify(body)}`);
      return finalJob(jobId);
    },
  };
}
