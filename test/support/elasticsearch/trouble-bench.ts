import { expect } from '@jest/globals';
import { PushDataDocument, ReadDatasetDocument } from '../../generated/graphql.js';
import { API_KEY, type Sluice } from '../sluice.js';
import { LOADED } from '../statuses.js';
import { until } from '../until.js';

export const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

/** What all kinds of trouble have in common: jobs wait and say why, pushes are accepted, and everything is loaded once it is over. */
export class TroubleBench {
  constructor(readonly sluice: Sluice) {}

  async push(datasetId: string, ...data: unknown[]): Promise<string> {
    return (await this.sluice.query(PushDataDocument, { input: { datasetId, data } })).pushData.id;
  }

  waiting(job: string, reason: RegExp): Promise<unknown> {
    return until(`job ${job} to wait for ${reason}`, async () => {
      const { waitingFor } = await this.sluice.job(job);
      return waitingFor && reason.test(waitingFor);
    });
  }

  async problems(): Promise<string[]> {
    const response = await fetch(`${this.sluice.url}/readyz`, { headers: { 'x-api-key': API_KEY } });
    const { ready, problems } = (await response.json()) as { ready: boolean; problems: string[] };
    expect([response.status, ready]).toEqual([200, true]);
    return problems;
  }

  /** That the jobs have loaded the numbers below `count`, each once; in one attempt unless the worker gave way to others meanwhile. */
  async expectExact(datasetId: string, jobs: readonly string[], count: number, gaveWay = false): Promise<void> {
    for (const job of jobs) {
      const final = await this.sluice.finalJob(job);
      expect(final.history.map(({ status }) => status)).toEqual(LOADED);
      expect(final).toMatchObject({ waitingFor: null, counts: { failed: 0 } });
      expect(final.attempts > 1).toBe(gaveWay);
    }
    expect((await this.sluice.values(datasetId, 'n')).map(({ n }) => n)).toEqual(upTo(count));
    const { dataset } = await this.sluice.query(ReadDatasetDocument, { id: datasetId });
    expect(dataset).toMatchObject({ status: 'ACTIVE', recordCount: count, rowCount: count });
  }
}
