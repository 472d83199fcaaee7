import { setTimeout } from 'node:timers/promises';
import { isFinal, JOB_STATUSES } from '../src/domain/job/status.js';
import { HttpClient, headerOf } from './http-client.js';
import { inFlight } from './measure.js';

/** The most seconds that one request waits for its job. */
const MAX_WAIT_SECONDS = 60;
const POLL_MS = 250;
const SHORT_POLL_MS = 20;
const OPEN_STATUSES = JOB_STATUSES.filter((status) => !isFinal(status));

interface Bodies {
  readonly count: number;
  readonly body: (n: number) => Buffer;
  /** A small body that is pushed after the others. */
  readonly end: Buffer;
  readonly method?: 'replace' | 'upsert';
}

/** A user of the service: makes datasets, pushes over REST, and reads through GraphQL. */
export class SluiceClient {
  readonly #http: HttpClient;
  readonly #headers: Record<string, string>;

  constructor(
    readonly url: string,
    readonly apiKey: string,
  ) {
    this.#headers = { 'x-api-key': apiKey, 'content-type': 'application/json' };
    this.#http = new HttpClient(url, this.#headers);
  }

  /** Pushes a body, and resolves with the job's id once it is acknowledged. Throws if it is refused. */
  async push(datasetId: string, body: Buffer, method = 'replace', idempotencyKey?: string): Promise<string> {
    const own = idempotencyKey === undefined ? undefined : { ...this.#headers, 'idempotency-key': idempotencyKey };
    const { status, text } = await this.#http.send('POST', pushPath(datasetId, method), body, own);
    if (status !== 202) throw new Error(`the push returned ${status}: ${text}`);
    return (JSON.parse(text) as { jobId: string }).jobId;
  }

  /** As `push`, but null if the service refuses for now, after the time that it asks to wait. */
  async pushUnlessRefused(datasetId: string, body: Buffer): Promise<string | null> {
    const { status, text, head } = await this.#http.send('POST', pushPath(datasetId, 'replace'), body);
    if (status === 429) {
      await setTimeout(Number(headerOf(head, 'retry-after') ?? 1) * 1_000);
      return null;
    }
    if (status !== 202) throw new Error(`the push returned ${status}: ${text}`);
    return (JSON.parse(text) as { jobId: string }).jobId;
  }

  /** Pushes a body, and resolves once its rows can be queried, however long the jobs before it take. Throws if it does not end in Complete. */
  async pushToComplete(datasetId: string, body: Buffer, method = 'replace'): Promise<void> {
    const path = `${pushPath(datasetId, method)}&wait=${MAX_WAIT_SECONDS}`;
    const { status, text } = await this.#http.send('POST', path, body);
    const jobId = status === 202 ? /"jobId":"([^"]+)"/.exec(text)?.[1] : undefined;
    if (jobId !== undefined) return this.untilComplete(jobId);
    if (status !== 200) throw new Error(`the push returned ${status}: ${text}`);
  }

  /** Deletes the records that this filter matches, and resolves with the job's id once it is final. */
  async deletion(datasetId: string, where: object): Promise<string> {
    const { deleteData } = await this.query<{ deleteData: { id: string } }>(
      'mutation ($input: DeleteDataInput!) { deleteData(input: $input) { id } }',
      { input: { datasetId, where, waitSeconds: MAX_WAIT_SECONDS } },
    );
    return deleteData.id;
  }

  /** Resolves once a job is Complete. Throws if it ends in another way. */
  async untilComplete(jobId: string, pollMs = POLL_MS): Promise<void> {
    const text = await this.untilFinal(jobId, pollMs);
    if (!text.includes('"status":"Complete"')) throw new Error(`the job ended: ${text}`);
  }

  /** Resolves with its status once a job is final, however it ends. */
  async untilFinal(jobId: string, pollMs = POLL_MS): Promise<string> {
    for (;;) {
      const { status, text } = await this.#http.send('GET', `/dataload/${jobId}/status`);
      if (status >= 400) throw new Error(`the status of job ${jobId} returned ${status}: ${text}`);
      if (/"status":"(Complete|\w+Exit)"/.test(text)) return text;
      await setTimeout(pollMs);
    }
  }

  /** Resolves once no job waits or is being loaded. */
  async untilNoneWaits(): Promise<void> {
    const query = `{ jobs(first: 1, status: [${OPEN_STATUSES.join()}]) { nodes { id } } }`;
    while ((await this.query<{ jobs: { nodes: readonly unknown[] } }>(query)).jobs.nodes.length > 0) {
      await setTimeout(SHORT_POLL_MS);
    }
  }

  /** Pushes these bodies, `clients` at a time, and resolves once all of them can be queried. */
  async pushAll(datasetId: string, bodies: Bodies, clients = 100): Promise<void> {
    const { count, body, end, method } = bodies;
    await inFlight(count, clients, (n) => this.push(datasetId, body(n), method));
    // Jobs of a dataset end in their order, and any response may have been the last: `end` comes after all.
    await this.pushToComplete(datasetId, end, method);
  }

  /** Throws unless the dataset has so many records. */
  async expectRecords(datasetId: string, count: number): Promise<void> {
    const query = 'query ($datasetId: ID!) { dataset(id: $datasetId) { recordCount } }';
    const { dataset } = await this.query<{ dataset: { recordCount: number } }>(query, { datasetId });
    if (dataset.recordCount !== count) throw new Error(`${dataset.recordCount} records are stored, not ${count}`);
  }

  /** Creates an applied dataset, and returns its id. `edit` are changes of its design. */
  async dataset(sample: object, edit: object = {}): Promise<string> {
    const { createDataset } = await this.query<{ createDataset: { id: string; design: { revision: number } } }>(
      'mutation ($sample: JSON!) { createDataset(input: {name: "bench", sample: $sample}) { id design { revision } } }',
      { sample },
    );
    const { id: datasetId, design } = createDataset;
    if (Object.keys(edit).length > 0) {
      await this.query(
        'mutation ($datasetId: ID!, $input: UpdateDesignInput!) { updateDesign(datasetId: $datasetId, input: $input) { id } }',
        { datasetId, input: { expectedRevision: design.revision, ...edit } },
      );
    }
    await this.query('mutation ($datasetId: ID!) { applyChanges(datasetId: $datasetId) { dataset { status } } }', {
      datasetId,
    });
    return datasetId;
  }

  /** Creates another API key that may do anything, and returns its secret. */
  async anotherKey(): Promise<string> {
    const { createApiKey } = await this.query<{ createApiKey: { secret: string } }>(
      'mutation { createApiKey(input: {name: "bench", scopes: [MANAGE]}) { secret } }',
    );
    return createApiKey.secret;
  }

  /** Signs a viewer token with these permissions. */
  async viewerToken(permissions: readonly object[]): Promise<string> {
    const { createViewerToken } = await this.query<{ createViewerToken: { token: string } }>(
      'mutation ($permissions: JSON!) { createViewerToken(input: {subject: "bench", permissions: $permissions}) { token } }',
      { permissions },
    );
    return createViewerToken.token;
  }

  /** Runs a GraphQL operation, as a manager or with a viewer token. Throws the errors of its response. */
  async query<T>(query: string, variables: object = {}, viewerToken?: string): Promise<T> {
    const body = Buffer.from(JSON.stringify({ query, variables }));
    const { 'x-api-key': _, ...others } = this.#headers;
    const own = viewerToken === undefined ? undefined : { ...others, authorization: `Bearer ${viewerToken}` };
    const { status, text } = await this.#http.send('POST', '/graphql', body, own);
    const { data, errors } = JSON.parse(text) as { data?: T; errors?: { message: string }[] };
    if (errors || !data) throw new Error(errors?.map(({ message }) => message).join('; ') ?? `status ${status}`);
    return data;
  }

  /** Reads a page of a dataset's rows. Throws unless it has so many. */
  async page(datasetId: string, rows: number, options = '', viewerToken?: string): Promise<void> {
    const query = `{ dataset(id: "${datasetId}") { records(first: ${rows}${options}) { nodes { id values } } } }`;
    const { dataset } = await this.query<{ dataset: { records: { nodes: readonly unknown[] } } }>(
      query,
      {},
      viewerToken,
    );
    const found = dataset.records.nodes.length;
    if (found !== rows) throw new Error(`the page has ${found} rows, not ${rows}`);
  }

  close(): void {
    this.#http.close();
  }
}

function pushPath(datasetId: string, method: string): string {
  return `/dataload/${datasetId}?documentUpdateMethod=${method}`;
}
