import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CALLER, type OpenLaneBench, openLaneBench } from '../../test/support/lane.js';
import { threadsForTests } from '../../test/support/threads.js';
import type { DesignRules } from '../domain/design/design.js';
import type { JsonObject } from '../domain/json/json-value.js';
import { recordIdFromLog } from '../domain/record-id.js';
import type { Step } from '../domain/transform/step-kinds.js';
import type { GivenTransformation } from '../domain/transform/transformation.js';
import type { ExaminationThreads } from '../ports/examination-threads.js';
import type { Lanes } from '../ports/lane.js';
import type { RecordStore } from '../ports/record-store.js';
import type { RowWrite } from '../ports/row-writes.js';

const CITIES = ['Paris', 'Kyoto', 'no such place', null];
const SAMPLE = {
  t: 'x',
  city: 'x',
  n: 1.5,
  b: true,
  at: '2024-01-01T00:00:00Z',
  tags: ['a'],
  items: [{ sku: 's', price: 1.5 }],
};
/** A push of so many records is large enough for a thread. */
const COUNT = 200;
const PUSHES = 4;

function made(id: string, step: Step, create: string | null = null): GivenTransformation {
  const output = create === null ? null : { create };
  return { id, name: id, enabled: true, output, onError: 'REJECT_RECORD', replaceWith: null, step };
}

const UPPER = made('s1', { kind: 'uppercase', settings: { column: 't' } }, 'upper');
const INVERSE = made('s2', { kind: 'divide', settings: { operands: [{ constant: 1 }, { column: 'n' }] } }, 'inverse');
const FLATTEN = made('s3', { kind: 'flatten', settings: { column: 'items', keepEmpty: false } });
const REMOVE = made('s4', { kind: 'removeRecord', settings: { where: { column: 'b', op: 'EQ', value: false } } });
const LOCATE = made('g1', { kind: 'locateAddress', settings: { city: 'city' } }, 'place');
/** More than the bytes of a payload times four. */
const LONG = made('s5', { kind: 'template', settings: { template: '{{t}}'.repeat(100), nulls: 'AS_EMPTY' } }, 'long');

function recordOf(n: number): JsonObject {
  return {
    t: n % 50 === 0 ? `line\n${n}` : `text ${n} ${'é'.repeat(20)}`,
    n: n + 1,
    city: CITIES[n % CITIES.length] ?? null,
    b: n % 3 !== 0,
    at: n % 5 === 0 ? null : `2024-02-${String((n % 28) + 1).padStart(2, '0')}T01:02:03.004Z`,
    tags: n % 7 === 0 ? [] : ['a', `b${n}`],
    items: Array.from({ length: n % 4 }, (_, item) => ({ sku: `sku ${item}`, price: item / 4 })),
  };
}

const RECORDS = Array.from({ length: COUNT * PUSHES }, (_, n) => recordOf(n));
/** Some have another structure, and for one a step fails, in every push. */
const WITH_MISFITS = RECORDS.map((one, n) => {
  if (n % COUNT === 7) return { ...one, n: 'no number' };
  return n % COUNT === 90 ? { ...one, n: 0 } : one;
});

describe('pushes under a design with steps', () => {
  let bench: OpenLaneBench;
  const threads = threadsForTests();
  beforeAll(async () => {
    bench = await openLaneBench();
    // A thread is used once it has started.
    while (threads.examined === 0) await loaded({ threads }, RECORDS, [LOCATE]);
  });
  afterAll(async () => {
    await threads.end();
    await bench.close();
  });

  async function datasetWith(steps: readonly GivenTransformation[], rules: Partial<DesignRules> = {}): Promise<string> {
    const id = await bench.dataset(SAMPLE, rules);
    const geolocations = steps.filter((one) => one === LOCATE);
    const transformations = steps.filter((one) => one !== LOCATE);
    await bench.useCases.designDrafts.update(id, { expectedRevision: 1, transformations, geolocations }, CALLER);
    await bench.useCases.applyChanges(id, CALLER);
    return id;
  }

  /** As a store that refuses the second row of the eighth record of each push. */
  const refusing: RecordStore['writeRows'] = async (generation, writes, stillOwned) => {
    const all = [...writes];
    const isRefused = (write: RowWrite) =>
      !('deleted' in write) && write.id.endsWith(`${recordIdFromLog(0, 7).slice(-6)}-1`);
    const rejected = await bench.records.writeRows(
      generation,
      all.filter((write) => !isRefused(write)),
      stillOwned,
    );
    return [...rejected, ...all.filter(isRefused).map(({ id }) => ({ id, reason: 'no' }))];
  };

  /** Everything that users see of the dataset after a load. `encoding`: null to keep rows as they are until they are written. */
  async function loaded(
    used: { readonly threads: ExaminationThreads | null; readonly encoding?: null; readonly isRefusing?: true },
    records: readonly JsonObject[],
    transformations: readonly GivenTransformation[],
    rules: Partial<DesignRules> = {},
  ) {
    const id = await datasetWith(transformations, rules);
    const ids: string[] = [];
    for (let at = 0; at < records.length; at += COUNT) ids.push(await bench.push(id, records.slice(at, at + COUNT)));
    const { threads: threadsOfLoad, isRefusing, ...store } = used;
    await bench.load(
      id,
      { records: isRefusing ? { ...store, writeRows: refusing } : store },
      { threads: threadsOfLoad },
    );
    expect(bench.errors.splice(0)).toHaveLength(isRefusing ? PUSHES : 0);
    const jobs = await Promise.all(ids.map((job) => bench.ledger.findJob(job)));
    const errors = await Promise.all(ids.map((job) => bench.ledger.errorsOf(job)));
    const { quarantined, ...contents } = await bench.contents(id);
    const rows = await bench.rows(id);
    return {
      ...contents,
      jobs: jobs.map((job) => ({ status: job?.status, counts: job?.counts })),
      errors,
      quarantined: quarantined.length,
      places: rows.map(({ id: row, recordId, ordinal, rowCount, version }) => ({
        row,
        recordId,
        ordinal,
        rowCount,
        version,
      })),
    };
  }

  it.each<[string, readonly GivenTransformation[], readonly JsonObject[], Partial<DesignRules>]>([
    ['create a column', [UPPER, INVERSE], RECORDS, {}],
    ['give several rows, or none, of a record', [UPPER, FLATTEN], RECORDS, {}],
    ['place addresses', [UPPER, LOCATE], RECORDS, {}],
    ['remove records', [REMOVE, UPPER], RECORDS, {}],
    ['refuse some records', [UPPER, INVERSE], WITH_MISFITS, { mismatchPolicy: 'QUARANTINE' }],
    ['refuse whole pushes', [UPPER, INVERSE], WITH_MISFITS, { mismatchPolicy: 'FAIL' }],
  ])(
    'have the same rows, counts and errors wherever they are examined, by steps that %s',
    async (_, steps, records, rules) => {
      const before = threads.examined;
      const elsewhere = await loaded({ threads }, records, steps, rules);
      expect(threads.examined).toBeGreaterThan(before);
      expect(elsewhere).toEqual(await loaded({ threads: null, encoding: null }, records, steps, rules));
      expect(elsewhere).toEqual(await loaded({ threads: null }, records, steps, rules));
      expect(threads.errors).toEqual([]);
    },
  );

  it('lose the records of which the store refuses a row, and no others', async () => {
    const ways = [{ threads }, { threads: null }, { threads: null, encoding: null }] as const;
    const results = [];
    for (const way of ways) results.push(await loaded({ ...way, isRefusing: true }, RECORDS, [FLATTEN]));
    const [elsewhere, ...others] = results;
    expect(others).toEqual([elsewhere, elsewhere]);
    expect(elsewhere?.jobs.map(({ counts }) => counts?.failed)).toEqual(Array(PUSHES).fill(1));
    expect(elsewhere?.quarantined).toBe(PUSHES);
  });

  it('are examined without threads after an attempt that failed', async () => {
    const id = await datasetWith([UPPER]);
    await bench.load(id);
    for (let at = 0; at < RECORDS.length; at += COUNT) await bench.push(id, RECORDS.slice(at, at + COUNT));
    let inFirstAttempt: number | undefined;
    const commit: Lanes['commit'] = async (...args) => {
      if (inFirstAttempt !== undefined) return bench.lanes.commit(...args);
      inFirstAttempt = threads.examined;
      throw new Error('the first attempt fails');
    };
    const before = threads.examined;
    await bench.loadAll(id, { ...bench.workerDeps({ lanes: { commit } }), threads });
    expect(bench.errors.splice(0)).toHaveLength(1);
    expect(inFirstAttempt).toBeGreaterThan(before);
    expect(threads.examined).toBe(inFirstAttempt);
    expect((await bench.contents(id)).rows).toBe(RECORDS.length);
  });

  it('are examined here if their rows take too much memory', async () => {
    const before = threads.examined;
    const { rows, records } = await loaded({ threads }, RECORDS, [LONG]);
    expect(threads.examined).toBe(before);
    expect(rows).toBe(RECORDS.length);
    expect(records[1]).toMatchObject({ long: String(RECORDS[1]?.t).repeat(100) });
  });
});
