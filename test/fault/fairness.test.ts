import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { restClient } from '../support/rest-client.js';
import { type Sluice, startSluice } from '../support/sluice.js';
import { until } from '../support/until.js';

jest.setTimeout(240_000);
/** The busy lane leaves a part of the machine to the others, however slow the machine is. */
const PATIENCE_MS = 100_000;

describe('many datasets in parallel', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice();
  });
  afterAll(() => sluice.close());

  const settled = async (ids: readonly string[]) => {
    const datasets = sluice.database.db.collection<{ _id: string; lane: { finalThrough: number } }>('datasets');
    const found = await datasets.find({ _id: { $in: [...ids] } }).toArray();
    return found.map(({ lane }) => lane.finalThrough);
  };

  it('100 datasets with one push each do not wait for one with endless small pushes, which continues meanwhile', async () => {
    const { url } = sluice;
    const busy = await restClient.dataset(url);
    const others = await Promise.all(Array.from({ length: 100 }, () => restClient.dataset(url)));

    let pushed = 0;
    let enough = false;
    const feeding = Array.from({ length: 10 }, async () => {
      while (!enough) {
        pushed += 1;
        await restClient.push(url, busy, pushed);
      }
    });
    await until('1,000 pushes', () => pushed >= 1_000);
    const [before = 0] = await settled([busy]);
    await Promise.all(others.map((id) => restClient.push(url, id, 1)));
    const isSettled = async () => (await settled(others)).every((position) => position === 1);
    await until('the 100 pushes', isSettled, PATIENCE_MS);
    const [after = 0] = await settled([busy]);
    expect(after).toBeGreaterThan(before);
    expect(after).toBeLessThan(pushed);

    enough = true;
    await Promise.all(feeding);
    await until('the end', async () => (await settled([busy]))[0] === pushed, PATIENCE_MS);
    const numbers = Array.from({ length: pushed }, (_, n) => n + 1);
    expect(await restClient.allNumbers(url, busy)).toEqual(numbers);
  });
});
