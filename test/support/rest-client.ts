import { API_KEY } from './sluice.js';
import { until } from './until.js';

const FINAL = ['Complete', 'ErrorExit', 'TerminatedExit'];
const HEADERS = { 'x-api-key': API_KEY, 'content-type': 'application/json' };

/** The few requests that fault tests make of services in other processes, which may be gone at any moment. */
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

  /** Pushes one record and answers the job's id. Throws when the push was not acknowledged. */
  async push(url: string, datasetId: string, n: number, key?: string): Promise<string> {
    const headers = { ...HEADERS, ...(key !== undefined && { 'idempotency-key': key }) };
    const response = await fetch(`${url}/dataload/${datasetId}`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ n }),
    });
    const { jobId, detail } = (await response.json()) as { jobId?: string; detail?: string };
    if (jobId === undefined) throw new Error(detail);
    return jobId;
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

  /** The numbers of all rows, in the order of their acceptance, and the histories of all jobs. */
  async contents(
    url: string,
    datasetId: string,
  ): Promise<{ numbers: number[]; histories: string[][]; recordCount: number }> {
    const { dataset } = await this.query<Contents>(
      url,
      `{ dataset(id: "${datasetId}") { recordCount records(first: 1000) { nodes { values } } jobs(first: 1000) { nodes { history { status } } } } }`,
    );
    return {
      recordCount: dataset.recordCount,
      numbers: dataset.records.nodes.map(({ values }) => values.n),
      histories: dataset.jobs.nodes.map(({ history }) => history.map(({ status }) => status)),
    };
  },
};

interface Contents {
  dataset: {
    recordCount: number;
    records: { nodes: { values: { n: number } }[] };
    jobs: { nodes: { history: { status: string }[] }[] };
  };
}
