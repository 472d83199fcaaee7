import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LaneBench, laneBench } from '../support/lane.js';
import { type Sluice, startSluice } from '../support/sluice.js';
import { LOADED } from '../support/statuses.js';
import { until } from '../support/until.js';
import { watch } from '../support/watch.js';

/** The ids of the events up to one, or from one event on. */
async function eventsOf(
  sluice: Sluice,
  datasetId: string,
  lastId: string,
  after?: string,
  seen: string[] = [],
): Promise<string[]> {
  for await (const { id } of watch(sluice.socket(), { datasetId, ...(after !== undefined && { after }) })) {
    seen.push(id);
    if (id === lastId) break;
  }
  return seen;
}

const idsOf = (job: string, from = 0) => LOADED.map((_, place) => `${job}:${place}`).slice(from);

describe('a dataset stream that is resumed where the jobs are loaded', () => {
  it('does not get jobs again that were final before the one it has seen was accepted', async () => {
    const sluice = await startSluice();
    const id = await sluice.dataset({ n: 1 });
    const pushToEnd = async () => {
      const { jobId } = (await sluice.post(`/dataload/${id}`, [{ n: 1 }])).body;
      await eventsOf(sluice, id, `${jobId}:6`);
      return jobId ?? '';
    };
    const [one, two] = [await pushToEnd(), await pushToEnd()];
    expect(await eventsOf(sluice, id, `${two}:6`, `${two}:0`)).toEqual(idsOf(two, 1));
    expect(await eventsOf(sluice, id, `${two}:6`, `${one}:6`)).toEqual(idsOf(two));
    await sluice.close();
  });
});

/** A service that responds but loads nothing: a lane moves only when a worker of these tests takes it. */
describe('a dataset stream that is resumed', () => {
  let sluice: Sluice;
  let bench: LaneBench;
  beforeAll(async () => {
    sluice = await startSluice({ SLUICE_ROLE: 'api' });
    bench = await laneBench(sluice.database);
  });
  afterAll(() => sluice.close());

  async function push(datasetId: string): Promise<string> {
    return (await sluice.post(`/dataload/${datasetId}`, [{ n: 1 }])).body.jobId ?? '';
  }

  /** Loads waiting jobs with a worker whose clock is wrong. */
  function load(datasetId: string, clockOffMs = 0): Promise<void> {
    const clock = { now: () => new Date(Date.now() + clockOffMs), monotonicMs: () => performance.now() };
    return bench.load(datasetId, {}, { clock });
  }

  const eventsUntil = (datasetId: string, lastId: string, after?: string, seen?: string[]) =>
    eventsOf(sluice, datasetId, lastId, after, seen);

  it('gets all events of a job that was loaded together with the one it has seen', async () => {
    const id = await sluice.dataset({ n: 1 });
    const [one, two] = [await push(id), await push(id)];
    await load(id);
    expect(await eventsUntil(id, `${two}:6`, `${one}:6`)).toEqual(idsOf(two));
  });

  it('gets all events of a job that was loaded by a worker whose clock is five minutes behind the clock of the previous worker', async () => {
    const id = await sluice.dataset({ n: 1 });
    const one = await push(id);
    await load(id, 300_000);
    const two = await push(id);
    await load(id);
    expect(await eventsUntil(id, `${two}:6`, `${one}:6`)).toEqual(idsOf(two));
  });

  it('gets the missed events of jobs before the one it saw last', async () => {
    const id = await sluice.dataset({ n: 1 });
    const [one, two, three] = [await push(id), await push(id), await push(id)];
    expect(await eventsUntil(id, `${three}:0`)).toEqual([`${one}:0`, `${two}:0`, `${three}:0`]);
    await load(id, -300_000);
    const seen = await eventsUntil(id, `${three}:6`, `${three}:0`);
    for (const job of [one, two]) expect(seen).toEqual(expect.arrayContaining(idsOf(job, 1)));
    expect(seen.slice(-6)).toEqual(idsOf(three, 1));
  });

  it('gets the events after the one it has seen, if another process has just loaded the job before', async () => {
    const id = await sluice.dataset({ n: 1 });
    await push(id);
    await load(id);
    const two = await push(id);
    await load(id);
    const seen = await eventsUntil(id, `${two}:6`, `${two}:0`);
    expect(seen.slice(-6)).toEqual(idsOf(two, 1));
  });

  it('gets many waiting jobs in order, some at a time', async () => {
    const id = await sluice.dataset({ n: 1 });
    await Promise.all(Array.from({ length: 220 }, (_, n) => bench.push(id, [{ n }])));
    const jobs = (await bench.ledger.jobsAfter(id, 0, 1000)).map((job) => job.id);
    const seen: string[] = [];
    const watching = eventsUntil(id, `${jobs.at(-1)}:6`, undefined, seen);
    await until('the first 200 jobs', () => seen.length === 200);
    expect(seen).toEqual(jobs.slice(0, 200).map((job) => `${job}:0`));
    await load(id);
    await watching;
    const seenOf = new Map<string, string[]>();
    for (const event of seen) {
      const [job = ''] = event.split(':');
      seenOf.set(job, [...(seenOf.get(job) ?? []), event]);
    }
    expect([...seenOf.keys()]).toEqual(jobs);
    for (const [job, events] of seenOf) expect(events).toEqual(idsOf(job).slice(-events.length));
  }, 90_000);
});
