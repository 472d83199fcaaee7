import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CALLER, type OpenLaneBench, openLaneBench } from '../../test/support/lane.js';
import type { DesignRules } from '../domain/design/design.js';
import type { JsonObject } from '../domain/json/json-value.js';
import type { Step } from '../domain/transform/step-kinds.js';
import type { GivenTransformation } from '../domain/transform/transformation.js';

const SAMPLE = { t: 'x', n: 1.5, b: true, at: '2024-01-01T00:00:00Z', tags: ['a'], inner: { m: 1 } };
/** A push that is large enough for its records to be taken from its bytes. */
const COUNT = 300;
/** Records of a push are taken one by one in smaller pushes. */
const FEW = 60;

function made(id: string, step: Step, create: string | null): GivenTransformation {
  const output = create === null ? null : { create };
  return { id, name: id, enabled: true, output, onError: 'REJECT_RECORD', replaceWith: null, step };
}

/** Every record but the first gives two rows: its `n` is not 0. */
const STEPS: readonly GivenTransformation[] = [
  made('s1', { kind: 'uppercase', settings: { column: 't' } }, 'upper'),
  made('s2', { kind: 'multiply', settings: { operands: [{ column: 'n' }, { constant: 0.5 }] } }, 'half'),
  made('s3', { kind: 'copyRecord', settings: { where: { column: 'n', op: 'GT', value: 0 } } }, null),
];
const INVERTED = made('s1', { kind: 'divide', settings: { operands: [{ constant: 1 }, { column: 'n' }] } }, 'inverted');

/** Each n-th record cannot be taken from its bytes; now and then one does not fit. */
function recordsOf(nth: number, misfits: readonly number[] = []): JsonObject[] {
  return Array.from({ length: COUNT }, (_, n) => ({
    t: n % nth === 0 ? `line\n${n}` : `text ${n} ${'é'.repeat(20)}`,
    n: misfits.includes(n) ? 'no number' : n / 100,
    b: n % 2 === 0,
    at: n % 5 === 0 ? null : `2024-02-${String((n % 28) + 1).padStart(2, '0')}T01:02:03.004Z`,
    tags: n % 7 === 0 ? [] : ['a', `b${n}`],
    inner: n % 3 === 0 ? null : { m: n },
  }));
}

describe('a large push', () => {
  let bench: OpenLaneBench;
  beforeAll(async () => {
    bench = await openLaneBench();
  });
  afterAll(() => bench.close());

  async function loaded(
    records: readonly JsonObject[],
    size: number,
    rules: Partial<DesignRules> = {},
    transformations: readonly GivenTransformation[] = [],
  ) {
    const id = await bench.dataset(SAMPLE, rules);
    if (transformations.length > 0) {
      await bench.useCases.designDrafts.update(id, { expectedRevision: 1, transformations }, CALLER);
      await bench.useCases.applyChanges(id, CALLER);
    }
    const jobs: string[] = [];
    for (let start = 0; start < records.length; start += size)
      jobs.push(await bench.push(id, records.slice(start, start + size)));
    await bench.load(id);
    expect(bench.errors).toEqual([]);
    return { jobs, ...(await bench.contents(id)) };
  }

  it.each([2, 3, 50, 1_000])(
    'gives the rows that small pushes give if each %d-th record has an escape',
    async (nth) => {
      const records = recordsOf(nth);
      expect((await loaded(records, COUNT)).records).toEqual((await loaded(records, FEW)).records);
    },
  );

  it.each([2, 3, 50, 1_000])('gives the same rows by steps if each %d-th record has an escape', async (nth) => {
    const records = recordsOf(nth);
    const whole = await loaded(records, COUNT, {}, STEPS);
    expect(whole.records).toEqual((await loaded(records, FEW, {}, STEPS)).records);
    expect(whole.records[1]).toMatchObject({ upper: `TEXT 1 ${'É'.repeat(20)}`, half: 0.005 });
    expect(whole.rows).toBe(2 * COUNT - 1);
  });

  it('goes to quarantine in part if a step refuses some records', async () => {
    const records = recordsOf(1_000, [7]).map((one, n) => (n === 250 ? { ...one, n: 0 } : one));
    const rules = { mismatchPolicy: 'QUARANTINE' } as const;
    const whole = await loaded(records, COUNT, rules, [INVERTED]);
    const inParts = await loaded(records, FEW, rules, [INVERTED]);
    expect(whole.records).toEqual(inParts.records);
    // The first number is 0 too.
    expect(whole.quarantined).toHaveLength(3);
  });

  it('is refused, with the places of what does not fit', async () => {
    const { jobs, rows } = await loaded(recordsOf(1_000, [7, 250]), COUNT);
    const job = await bench.ledger.findJob(jobs[0] ?? '');
    expect(job).toMatchObject({ status: 'ERROR_EXIT', counts: { read: COUNT, failed: COUNT } });
    expect(
      (await bench.ledger.errorsOf(jobs[0] ?? '')).map(({ recordIndex, pointer }) => [recordIndex, pointer]),
    ).toEqual([
      [7, '/n'],
      [250, '/n'],
    ]);
    expect(rows).toBe(0);
  });

  it('is loaded without what does not fit, which goes to quarantine', async () => {
    const records = recordsOf(1_000, [7, 250]);
    const whole = await loaded(records, COUNT, { mismatchPolicy: 'QUARANTINE' });
    const inParts = await loaded(records, FEW, { mismatchPolicy: 'QUARANTINE' });
    expect(whole.records).toEqual(inParts.records);
    expect(whole.rows).toBe(COUNT - 2);
    expect(whole.quarantined).toHaveLength(2);
  });
});
