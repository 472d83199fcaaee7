import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { LaneWorker } from '../../src/pipeline/lane-worker.js';
import { laneBench } from '../support/lane.js';
import { type TestDatabase, testDatabase } from '../support/mongod.js';
import { LOADED, REFUSED } from '../support/statuses.js';

const RUNS = Number(process.env.SLUICE_MODEL_RUNS ?? 200);
jest.setTimeout(60_000 + RUNS * 1_000);

/** The steps of a load that a crash may hit, before or after their effect. */
const STEPS = ['nextGroup', 'recordTransitions', 'commit', 'complete', 'writeRows'] as const;

type Operation =
  | { readonly kind: 'push'; readonly numbers: readonly number[]; readonly bad: boolean }
  | { readonly kind: 'terminate'; readonly job: number }
  | { readonly kind: 'load' }
  | {
      readonly kind: 'crash';
      readonly step: (typeof STEPS)[number];
      readonly when: 'before' | 'after';
      readonly released: boolean;
    }
  | { readonly kind: 'together'; readonly job: number };

const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('push'),
      numbers: fc.array(fc.nat(99), { minLength: 1, maxLength: 3 }),
      bad: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('terminate'), job: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('load') }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('crash'),
      step: fc.constantFrom(...STEPS),
      when: fc.constantFrom('before', 'after'),
      released: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('together'), job: fc.nat(9) }) },
);

/** What the accepted order gives, in the plainest words: a list of pushes, and what became of each. */
interface Pushed {
  readonly id: string;
  readonly numbers: readonly number[];
  readonly bad: boolean;
  terminated: boolean;
}

const rowsOfModel = (pushes: readonly Pushed[]) =>
  pushes.flatMap(({ numbers, bad, terminated }) => (bad || terminated ? [] : numbers));

function countsOfModel({ numbers, bad, terminated }: Pushed) {
  const read = numbers.length + (bad ? 1 : 0);
  return bad || terminated ? { read, added: 0, failed: read, rows: 0 } : { read, added: read, failed: 0, rows: read };
}

describe('any interleaving of pushes, terminations, loads and crashes', () => {
  let database: TestDatabase;
  let bench: Awaited<ReturnType<typeof laneBench>>;
  beforeAll(async () => {
    database = await testDatabase();
    bench = await laneBench(database);
  });
  afterAll(() => database.close());

  /** A worker that dies at a step; without `released` it dies so suddenly that its lease stays behind. */
  function crashingWorker({ step, when, released }: Extract<Operation, { kind: 'crash' }>): LaneWorker {
    const dying =
      <A extends unknown[], R>(work: (...args: A) => Promise<R>) =>
      async (...args: A): Promise<R> => {
        if (when === 'after') await work(...args);
        throw new Error('crash');
      };
    const lanes = { ...bench.lanes, ...(!released && { release: async () => undefined }) };
    if (step === 'writeRows')
      return new LaneWorker(bench.workerDeps({ lanes, records: { writeRows: dying(bench.records.writeRows) } }));
    return new LaneWorker(
      bench.workerDeps({ lanes: { ...lanes, [step]: dying(lanes[step] as (...args: unknown[]) => Promise<unknown>) } }),
    );
  }

  async function terminate(pushes: Pushed[], index: number): Promise<void> {
    const push = pushes[index % Math.max(1, pushes.length)];
    if (!push) return;
    const before = push.terminated;
    const result = await bench.terminations.terminate(push.id, new Date());
    if (result === 'TERMINATED') push.terminated = true;
    if (before) expect(result).toBe('FINAL');
  }

  async function perform(id: string, pushes: Pushed[], one: Operation): Promise<void> {
    switch (one.kind) {
      case 'push': {
        const records = [...one.numbers.map((n) => ({ n })), ...(one.bad ? [{ n: 'x' }] : [])];
        pushes.push({ id: await bench.push(id, records), numbers: one.numbers, bad: one.bad, terminated: false });
        return;
      }
      case 'terminate':
        return terminate(pushes, one.job);
      case 'load':
        return new LaneWorker(bench.workerDeps()).run(id);
      case 'crash':
        await crashingWorker(one).run(id);
        return bench.lanes.freeAll();
      case 'together':
        await Promise.all([
          new LaneWorker(bench.workerDeps()).run(id),
          terminate(pushes, one.job),
          new LaneWorker(bench.workerDeps()).run(id),
        ]);
    }
  }

  it(`gives exactly what the accepted order gives (${RUNS} cases)`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 14 }), async (operations) => {
        const id = await bench.dataset({ n: 1 });
        const pushes: Pushed[] = [];
        for (const one of operations) await perform(id, pushes, one);
        await new LaneWorker(bench.workerDeps()).run(id);

        expect((await bench.rows(id)).map(({ values }) => values.c1)).toEqual(rowsOfModel(pushes));
        expect(await bench.catalog.findDataset(id)).toMatchObject({ recordCount: rowsOfModel(pushes).length });
        for (const push of pushes) {
          const job = await bench.ledger.findJob(push.id);
          const history = job?.history.map(({ status }) => status) ?? [];
          expect(job?.counts).toMatchObject(countsOfModel(push));
          if (push.terminated) expect(history).toEqual([...LOADED.slice(0, history.length - 1), 'TERMINATED_EXIT']);
          else expect(history).toEqual(push.bad ? REFUSED : LOADED);
        }
      }),
      { numRuns: RUNS },
    );
  });
});
