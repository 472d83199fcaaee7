import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DesignRules } from '../../src/domain/design/design.js';
import type { JobCounts } from '../../src/domain/job/job.js';
import type { JsonValue } from '../../src/domain/json/json-value.js';
import { CALLER, type OpenLaneBench, openLaneBench } from '../support/lane.js';
import { pausedWorkers } from '../support/paused-workers.js';
import type { Pause } from '../support/pauses.js';
import { LOADED } from '../support/statuses.js';

type Values = Readonly<Record<string, unknown>>;

/** A kind of work: what is loaded before it, the jobs it is, and what they leave behind. */
interface Work {
  readonly sample: JsonValue;
  readonly rules?: Partial<DesignRules>;
  readonly identified?: boolean;
  readonly before?: JsonValue;
  readonly ask: (bench: OpenLaneBench, datasetId: string) => Promise<readonly string[]>;
  readonly counts: readonly Partial<JobCounts>[];
  readonly records: readonly Values[];
  readonly quarantined?: number;
  readonly pauses: readonly Pause[];
}

const AROUND_THE_COMMIT: readonly Pause[] = ['before the commit', 'after the commit', 'before the end'];
const ALL: readonly Pause[] = [...AROUND_THE_COMMIT, 'half way through writing'];
const NUMBERS = [1, 2, 3, 4].map((n) => ({ n, t: 'x' }));

const WORK: Record<string, Work> = {
  'a reload': {
    sample: { n: 1, t: '1' },
    before: [1, 2, 3].map((n) => ({ n, t: String(n) })),
    async ask({ useCases, reader }, id) {
      const { draftRevision: expectedRevision } = await reader.catalog.existingDataset(id);
      await useCases.designDrafts.update(id, { expectedRevision, columns: [{ id: 't', type: 'NUMERIC' }] }, CALLER);
      return [(await useCases.applyChanges(id, CALLER)).reload?.id ?? ''];
    },
    counts: [{ read: 3, added: 3, rows: 3 }],
    records: [1, 2, 3].map((n) => ({ n, t: n })),
    pauses: ALL,
  },
  'a delete by filter': {
    sample: { n: 1, t: 'x' },
    before: NUMBERS,
    ask: async ({ useCases }, id) => {
      const where = { column: 'n', op: 'LT' as const, value: 3 };
      return [(await useCases.deleteData.matching({ datasetId: id, where }, CALLER)).id];
    },
    counts: [{ read: 2, deleted: 2 }],
    records: NUMBERS.slice(2),
    pauses: ALL,
  },
  'a delete of all': {
    sample: { n: 1, t: 'x' },
    before: NUMBERS,
    ask: async ({ useCases }, id) => [(await useCases.deleteData.all({ datasetId: id }, CALLER)).id],
    counts: [{ read: 4, deleted: 4 }],
    records: [],
    pauses: AROUND_THE_COMMIT,
  },
  'a group of upserts': {
    sample: { n: 1, t: 'x' },
    identified: true,
    before: NUMBERS,
    ask: async (bench, id) => [
      await bench.push(id, [{ n: 1, t: 'a' }, { n: 2, t: 'a' }, { n: 5 }], 'UPSERT'),
      await bench.push(id, [{ n: 2, t: 'b' }, { n: 5, t: 'b' }, { n: 3 }], 'UPSERT'),
    ],
    counts: [
      { read: 3, added: 1, updated: 2 },
      { read: 3, added: 0, updated: 3 },
    ],
    records: ['a', 'b', 'x', 'x', 'b'].map((t, index) => ({ n: index + 1, t })),
    pauses: ALL,
  },
  'a push with records for quarantine': {
    sample: { n: 1, t: 'x' },
    rules: { mismatchPolicy: 'QUARANTINE' },
    ask: async (bench, id) => [await bench.push(id, [...NUMBERS, { n: 'bad', t: 'x' }, { n: 5, t: null, z: 1 }])],
    counts: [{ read: 6, added: 4, failed: 2 }],
    records: NUMBERS,
    quarantined: 2,
    pauses: ALL,
  },
};

describe('kill -9 of a worker', () => {
  let bench: OpenLaneBench;
  let workers: ReturnType<typeof pausedWorkers>;
  beforeAll(async () => {
    bench = await openLaneBench();
    workers = pausedWorkers(bench.database);
  });
  afterAll(async () => {
    workers.killAll();
    await bench.close();
  });

  const sorted = (records: readonly Values[]) =>
    records.map(({ n, t }) => ({ n, t })).sort((a, b) => Number(a.n) - Number(b.n));

  async function prepared({ sample, rules, identified, before }: Work): Promise<string> {
    const id = await bench.dataset(sample, rules);
    if (identified) {
      const columns = [{ id: 'n', uniqueIdentifier: true }];
      await bench.useCases.designDrafts.update(id, { expectedRevision: 1, columns }, CALLER);
      await bench.useCases.applyChanges(id, CALLER);
    }
    if (before !== undefined) await bench.push(id, before);
    await bench.load(id);
    return id;
  }

  const cases = Object.entries(WORK).flatMap(([name, { pauses }]) => pauses.map((pause) => [name, pause] as const));

  it.each(cases)('in %s, %s: the next one ends it, exactly once', async (name, pause) => {
    const work = WORK[name] as Work;
    const id = await prepared(work);
    const jobs = await work.ask(bench, id);
    const last = await bench.push(id, [{ n: 9, t: '9' }]);
    await workers.kill(await workers.pausedAt(pause, id));
    await bench.lanes.freeAll();
    await bench.load(id);

    const ended = await Promise.all(jobs.map((job) => bench.ledger.findJob(job)));
    expect(ended).toMatchObject(work.counts.map((counts) => ({ status: 'COMPLETE', counts })));
    expect(ended.map((job) => job?.history.map(({ status }) => status))).toEqual(jobs.map(() => LOADED));
    expect(await bench.ledger.findJob(last)).toMatchObject({ status: 'COMPLETE', counts: { added: 1 } });
    const { records, rows, quarantined } = await bench.contents(id);
    const nine = { n: 9, t: name === 'a reload' ? 9 : '9' };
    expect(sorted(records)).toEqual([...work.records, nine]);
    expect(rows).toBe(records.length);
    expect(quarantined).toHaveLength(work.quarantined ?? 0);
    const counted = { recordCount: records.length, rowCount: records.length };
    expect(await bench.catalog.findDataset(id)).toMatchObject(counted);
    expect(bench.errors).toEqual([]);
  });
});
