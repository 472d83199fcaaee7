import { API_KEY } from './sluice.js';
import { until } from './until.js';

const FINAL = ['Complete', 'ErrorExit', 'TerminatedExit'];
const HEADERS = { 'x-api-key': API_KEY, 'content-type': 'application/json' };

/** The requests of fault tests to services in other processes, which may end at any moment. */
export const restClient = {
  async query<T>(url: string, query: string): Promise<T> {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: HEADERS,
      body: JSON.stringify({ query }),
    });
    const { data, errors } = (await response.json()) as { data: T; errors?: { message: string }[] };
    if (errors) throw new Error(errors.map(({ message }) => message).join());
    return data;
  },

  /** An applied dataset with one NUMERIC column `n`. */
  async dataset(url: string): Promise<string> {
    const made = await this.query<{ createDataset: { id: string } }>(
      url,
      'mutation { createDataset(input: {name: "d", sample: {n: 1}, apply: true}) { id } }',
    );
    return made.createDataset.id;
  },

  /** Pushes one record to a dataset, with any parameters, and returns any response. */
  async tryPush(url: string, target: string, n: number, key?: string): Promise<PushAnswer> {
    const headers = { ...HEADERS, ...(key !== undefined && { 'idempotency-key': key }) };
    const init = { method: 'POST', headers, body: JSON.stringify({ n }) };
    const response = await fetch(`${url}/dataload/${target}`, init);
    return { status: response.status, body: (await response.json()) as PushAnswer['body'] };
  },

  /** Pushes one record and returns the job's id. Throws if the push was not acknowledged. */
  async push(url: string, datasetId: string, n: number, key?: string): Promise<string> {
    const { jobId, detail } = (await this.tryPush(url, datasetId, n, key)).body;
    if (jobId === undefined) throw new Error(detail);
    return jobId;
  },

  /** Pushes the numbers from 0 on, one record each, up to 50 at a time, and returns which job has which. */
  async pushMany(url: string, datasetId: string, count: number): Promise<Map<string, number>> {
    const pushed = new Map<string, number>();
    let next = 0;
    const pushing = Array.from({ length: 50 }, async () => {
      while (next < count) {
        const n = next;
        next += 1;
        pushed.set(await this.push(url, datasetId, n), n);
      }
    });
    await Promise.all(pushing);
    return pushed;
  },

  /** A push of one record whose end is not sent before `goOn` is called. */
  halfPush(url: string, datasetId: string, n: number): { answer: Promise<Response>; goOn: () => void } {
    let goOn: () => void = () => undefined;
    const body = new ReadableStream({
      async start(controller) {
        controller.enqueue(Buffer.from('{"n":'));
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
        controller.enqueue(Buffer.from(`${n}}`));
        controller.close();
      },
    });
    const init = { method: 'POST', headers: HEADERS, body, duplex: 'half' as const };
    return { answer: fetch(`${url}/dataload/${datasetId}`, init), goOn: () => goOn() };
  },

  /** The numbers of all rows, however many, in ascending order. */
  async allNumbers(url: string, datasetId: string): Promise<number[]> {
    const numbers: number[] = [];
    let after: string | null = null;
    do {
      const page: NumbersPage = await this.query(
        url,
        `{ dataset(id: "${datasetId}") { records(first: 1000, after: ${JSON.stringify(after)}, orderBy: [{column: "n"}]) { nodes { values } pageInfo { hasNextPage endCursor } } } }`,
      );
      const { nodes, pageInfo } = page.dataset.records;
      numbers.push(...nodes.map(({ values }) => values.n));
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
    return numbers;
  },

  /** Waits for the final status of a job, whatever fails on the way. */
  async final(url: string, jobId: string): Promise<string> {
    return until(`the end of job ${jobId}`, async () => {
      const status = await fetch(`${url}/dataload/${jobId}/status`, { headers: HEADERS })
        .then(async (response) => ((await response.json()) as { statusJob?: { status: string } }).statusJob?.status)
        .catch(() => undefined);
      return FINAL.find((one) => one === status);
    });
  },

  /** The numbers of all rows, and all jobs with their histories, both in the order of their acceptance. */
  async contents(
    url: string,
    datasetId: string,
  ): Promise<{ numbers: number[]; jobs: string[]; histories: string[][]; recordCount: number }> {
    const { dataset } = await this.query<Contents>(
      url,
      `{ dataset(id: "${datasetId}") { recordCount records(first: 1000) { nodes { values } } jobs(first: 1000) { nodes { id history { status } } } } }`,
    );
    const jobs = dataset.jobs.nodes.toReversed();
    return {
      recordCount: dataset.recordCount,
      numbers: dataset.records.nodes.map(({ values }) => values.n),
      jobs: jobs.map(({ id }) => id),
      histories: jobs.map(({ history }) => history.map(({ status }) => status)),
    };
  },
};

interface PushAnswer {
  status: number;
  body: { jobId?: string; code?: string; detail?: string; statusJob?: { status: string } };
}

interface NumbersPage {
  dataset: {
    records: { nodes: { values: { n: number } }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
  };
}

interface Contents {
  dataset: {
    recordCount: number;
    records: { nodes: { values: { n: number } }[] };
    jobs: { nodes: { id: string; history: { status: string }[] }[] };
  };
}
