import type { ChildProcess } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { inFlight } from './measure.js';

/** Pushes over HTTP to a service in another process, with a new dataset for each kind of load. */
export class BenchClient {
  readonly #headers: Record<string, string>;

  private constructor(
    private readonly url: string,
    apiKey: string,
  ) {
    this.#headers = { 'x-api-key': apiKey, 'content-type': 'application/json' };
  }

  /** Waits until the service prints its address. */
  static connect(service: ChildProcess, apiKey: string): Promise<BenchClient> {
    let output = '';
    return new Promise((resolve, reject) => {
      service.stdout?.on('data', (chunk) => {
        output += chunk;
        const url = /Sluice is ready at (\S+)/.exec(output)?.[1];
        if (url !== undefined) resolve(new BenchClient(url, apiKey));
      });
      service.once('exit', () => reject(new Error(`the service ended: ${output}`)));
    });
  }

  /** Pushes, and resolves once all of it is queryable. */
  async pushAll(sample: object, count: number, clients: number, body: (n: number) => Buffer): Promise<void> {
    await this.pushInto(await this.dataset(sample), count, clients, body);
  }

  /** As `pushAll`, into a dataset that exists. */
  async pushInto(datasetId: string, count: number, clients: number, body: (n: number) => Buffer): Promise<void> {
    await inFlight(count, clients, (n) => this.#push(datasetId, body(n)));
    await this.#push(datasetId, body(0), 60);
  }

  /** Pushes, and resolves once all of it is acknowledged. */
  async acknowledgeAll(sample: object, count: number, clients: number, body: (n: number) => Buffer): Promise<void> {
    const datasetId = await this.dataset(sample);
    await inFlight(count, clients, (n) => this.#push(datasetId, body(n)));
  }

  /** Pushes for the given time, and retries if the service refuses for now; then waits for the last push. */
  async pushUntil(
    sample: object,
    clients: number,
    body: Buffer,
    goOn: () => boolean,
  ): Promise<{ accepted: number; refused: number }> {
    const datasetId = await this.dataset(sample);
    let accepted = 0;
    let refused = 0;
    const client = async () => {
      while (goOn()) {
        const response = await this.#post(`/dataload/${datasetId}`, body);
        await response.arrayBuffer();
        if (response.status === 429) {
          refused += 1;
          await setTimeout(Number(response.headers.get('retry-after')) * 1_000);
        } else if (response.ok) accepted += 1;
        else throw new Error(`the push returned ${response.status}`);
      }
    };
    await Promise.all(Array.from({ length: clients }, client));
    await this.#push(datasetId, body, 60);
    return { accepted, refused };
  }

  /** Milliseconds from push to Complete, one at a time. */
  async latencies(sample: object, count: number): Promise<number[]> {
    const datasetId = await this.dataset(sample);
    const body = Buffer.from(JSON.stringify(sample));
    const times: number[] = [];
    for (let n = 0; n < count; n += 1) {
      const start = performance.now();
      await this.#push(datasetId, body, 60);
      times.push(performance.now() - start);
    }
    return times;
  }

  async #push(datasetId: string, body: Buffer, waitSeconds?: number): Promise<void> {
    const query = waitSeconds === undefined ? '' : `?wait=${waitSeconds}`;
    const response = await this.#post(`/dataload/${datasetId}${query}`, body);
    const text = await response.text();
    if (!response.ok || (query !== '' && !text.includes('"status":"Complete"')))
      throw new Error(`the push returned ${text}`);
  }

  #post(path: string, body: Buffer): Promise<Response> {
    return fetch(`${this.url}${path}`, { method: 'POST', headers: this.#headers, body });
  }

  /** Creates an applied dataset. Its design has these transformations. Returns its id. */
  async dataset(sample: object, edit: object = {}): Promise<string> {
    const { createDataset } = await this.#query<{ createDataset: { id: string; design: { revision: number } } }>(
      'mutation ($sample: JSON!) { createDataset(input: {name: "bench", sample: $sample}) { id design { revision } } }',
      { sample },
    );
    const { id: datasetId, design } = createDataset;
    await this.#query(
      'mutation ($datasetId: ID!, $input: UpdateDesignInput!) { updateDesign(datasetId: $datasetId, input: $input) { design { faults { message } } } }',
      { datasetId, input: { expectedRevision: design.revision, ...edit } },
    );
    await this.#query('mutation ($datasetId: ID!) { applyChanges(datasetId: $datasetId) { dataset { status } } }', {
      datasetId,
    });
    return datasetId;
  }

  /** Signs a viewer token with these permissions. */
  async viewerToken(permissions: readonly object[]): Promise<string> {
    const { createViewerToken } = await this.#query<{ createViewerToken: { token: string } }>(
      'mutation ($permissions: JSON!) { createViewerToken(input: {subject: "bench", permissions: $permissions}) { token } }',
      { permissions },
    );
    return createViewerToken.token;
  }

  /** Reads a page of a dataset's rows, with a viewer token or as a manager. Throws unless it has so many rows. */
  async read(query: string, rows: number, viewerToken?: string): Promise<void> {
    const { 'x-api-key': _, ...others } = this.#headers;
    const headers = viewerToken === undefined ? this.#headers : { ...others, authorization: `Bearer ${viewerToken}` };
    const response = await fetch(`${this.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
    const { data } = (await response.json()) as { data?: { dataset: { records: { nodes: readonly unknown[] } } } };
    const found = data?.dataset.records.nodes.length;
    if (found !== rows) throw new Error(`the page has ${found} rows, not ${rows}`);
  }

  async #query<T>(query: string, variables: object): Promise<T> {
    const response = await this.#post('/graphql', Buffer.from(JSON.stringify({ query, variables })));
    const { data, errors } = (await response.json()) as { data?: T; errors?: { message: string }[] };
    if (errors || !data) throw new Error(errors?.map(({ message }) => message).join('; ') ?? response.statusText);
    return data;
  }
}
