import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { SluiceError } from '../../src/domain/errors.js';
import type { JsonValue } from '../../src/domain/json/json-value.js';
import { LaneWorker } from '../../src/pipeline/lane-worker.js';
import type { AnswerLog } from '../../src/ports/answer-log.js';
import type { Lanes } from '../../src/ports/lane.js';
import type { LookupSource } from '../../src/ports/lookup-source.js';
import type { RecordStore } from '../../src/ports/record-store.js';
import { CALLER, type OpenLaneBench, openLaneBench } from '../support/lane.js';
import { sentRecords } from '../support/sent-records.js';
import { LOADED, REFUSED } from '../support/statuses.js';
import {
  type Crash,
  LABELS,
  LOOKUP_STEPS,
  MODEL_SAMPLE,
  type Operation,
  operation,
  STORE_STEPS,
  type Step,
  shapingWith,
} from './model-operations.js';
import { type Given, type ModelDesign, type ModelJob, type ModelWork, ReferenceLane } from './reference-lane.js';

const RUNS = Number(process.env.SLUICE_MODEL_RUNS ?? 60);
jest.setTimeout(60_000 + RUNS * 2_000);

describe('any interleaving of pushes, upserts, deletes, reloads, replays, terminations, loads and crashes', () => {
  let bench: OpenLaneBench;
  /** The dataset that the others look up. */
  let labels: string;
  beforeAll(async () => {
    bench = await openLaneBench();
    labels = await bench.dataset({ k: 'a', label: 'x' });
    await bench.useCases.designDrafts.update(
      labels,
      { expectedRevision: 1, columns: [{ id: 'k', uniqueIdentifier: true }] },
      CALLER,
    );
    await bench.useCases.applyChanges(labels, CALLER);
    await bench.push(
      labels,
      Object.entries(LABELS).map(([k, label]) => ({ k, label })),
    );
    await bench.load(labels);
  });
  afterAll(() => bench.close());

  /** A worker that dies at a step; without `released` it dies so suddenly that its lease stays behind. */
  function crashingWorker({ step, when, released }: Crash): LaneWorker {
    const of = { ...bench.lanes, ...bench.records, ...bench.lookups, ...bench.answerLog } as Record<
      Step,
      (...args: unknown[]) => Promise<unknown>
    >;
    const dying = async (...args: unknown[]) => {
      if (when === 'after') await of[step](...args);
      throw new Error('crash');
    };
    const lanes: Partial<Lanes> = released ? {} : { release: async () => undefined };
    const isStoreStep = (STORE_STEPS as readonly string[]).includes(step);
    const isLookupStep = (LOOKUP_STEPS as readonly string[]).includes(step);
    const records: Partial<RecordStore> = isStoreStep ? { [step]: dying } : {};
    const deps = bench.workerDeps({
      lanes: isStoreStep || isLookupStep ? lanes : { ...lanes, [step]: dying },
      records,
    });
    const lookups = step === 'find' ? { find: dying as LookupSource['find'] } : deps.lookups;
    const answerLog = step === 'keep' ? { ...deps.answerLog, keep: dying as AnswerLog['keep'] } : deps.answerLog;
    return new LaneWorker({ ...deps, lookups, answerLog });
  }

  /** One dataset, the jobs it accepted, and how its draft stands. */
  class Run {
    readonly jobs: { readonly id: string; readonly job: ModelJob }[] = [];

    constructor(readonly datasetId: string) {}

    async perform(one: Operation): Promise<void> {
      const { useCases, reader } = bench;
      switch (one.kind) {
        case 'push':
        case 'upsert': {
          const method = one.kind === 'push' ? ('REPLACE' as const) : ('UPSERT' as const);
          const data = one.records as unknown as JsonValue;
          return this.#accept({ kind: 'PUSH', method, records: one.records as Given[] }, () =>
            bench.push(this.datasetId, data, method),
          );
        }
        case 'delete': {
          const request = {
            datasetId: this.datasetId,
            ...sentRecords(one.keys.map((k) => ({ k }))),
          };
          return this.#accept({ kind: 'DELETE', keys: one.keys }, () =>
            useCases.deleteData.byIdentifiers(request, CALLER),
          );
        }
        case 'delete where': {
          const where = { column: 'v', op: 'LT' as const, value: one.below };
          const request = { datasetId: this.datasetId, where };
          return this.#accept({ kind: 'DELETE_WHERE', below: one.below }, () =>
            useCases.deleteData.matching(request, CALLER),
          );
        }
        case 'delete all':
          return this.#accept({ kind: 'DELETE_ALL' }, () =>
            useCases.deleteData.all({ datasetId: this.datasetId }, CALLER),
          );
        case 'redesign':
          return this.#redesign(one);
        case 'replay': {
          const kept = await reader.quarantine.list(this.datasetId, 100, undefined);
          const ids = kept.nodes.map(({ id }) => id);
          if (ids.length === 0) return;
          return this.#accept({ kind: 'REPLAY', ids }, () => useCases.quarantine.replay(this.datasetId, ids, CALLER));
        }
        case 'terminate':
          return this.#terminate(one.job);
        case 'load':
          return this.load();
        case 'crash':
          await crashingWorker(one).run(this.datasetId);
          return bench.lanes.freeAll();
        case 'together':
          await Promise.all([this.load(), this.#terminate(one.job), this.load()]);
      }
    }

    load(): Promise<void> {
      return bench.load(this.datasetId);
    }

    async #redesign({ identified, numeric, shaped }: ModelDesign): Promise<void> {
      const { designDrafts, applyChanges } = bench.useCases;
      const columns = [
        { id: 'k', uniqueIdentifier: identified },
        { id: 'w', type: numeric ? ('NUMERIC' as const) : ('TEXT' as const) },
      ];
      const { draftRevision } = await bench.reader.catalog.existingDataset(this.datasetId);
      await designDrafts.update(
        this.datasetId,
        { expectedRevision: draftRevision, columns, transformations: shaped ? shapingWith(labels) : [] },
        CALLER,
      );
      await this.#accept(
        { kind: 'RELOAD', identified, numeric, shaped },
        async () => (await applyChanges(this.datasetId, CALLER)).reload,
      );
    }

    /** Jobs that the design in force refuses at once are not accepted, and change nothing. */
    async #accept(work: ModelWork, ask: () => Promise<string | { id: string } | null>): Promise<void> {
      try {
        const answer = await ask();
        if (answer === null) return;
        const id = typeof answer === 'string' ? answer : answer.id;
        this.jobs.push({ id, job: { ...work, position: this.jobs.length + 1, terminated: false } });
      } catch (error) {
        const refusals = ['UPSERT_NEEDS_IDENTIFIER', 'IDENTIFIER_REQUIRED', 'RELOAD_IN_PROGRESS'];
        if (!(error instanceof SluiceError) || !refusals.includes(error.code)) throw error;
      }
    }

    async #terminate(index: number): Promise<void> {
      const accepted = this.jobs[index % Math.max(1, this.jobs.length)];
      if (!accepted) return;
      const before = accepted.job.terminated;
      const result = await bench.terminations.terminate(accepted.id, new Date());
      if (result === 'TERMINATED') accepted.job.terminated = true;
      if (before) expect(result).toBe('FINAL');
    }
  }

  /** Every job's history and counts are what the model says; jobs are taken in the order of their acceptance. */
  async function expectJobs({ jobs }: Run, lane: ReferenceLane): Promise<void> {
    for (const { id, job: accepted } of jobs) {
      const counts = accepted.terminated ? null : lane.apply(accepted, id);
      const job = await bench.ledger.findJob(id);
      const history = job?.history.map(({ status }) => status) ?? [];
      const expected = accepted.terminated ? terminatedAfter(history.length - 1) : counts ? LOADED : REFUSED;
      expect([accepted, history]).toEqual([accepted, expected]);
      if (counts) expect([accepted, job?.counts]).toEqual([accepted, expect.objectContaining(counts)]);
    }
  }

  /** Records, rows, counts and quarantine are the model's. */
  async function expectContents({ datasetId }: Run, lane: ReferenceLane): Promise<void> {
    const expected = lane.rows();
    const { records, rows, quarantined } = await bench.contents(datasetId);
    expect(sorted(records)).toEqual(sorted(expected));
    expect([rows, await bench.catalog.findDataset(datasetId)]).toMatchObject([
      expected.length,
      { recordCount: lane.recordCount(), rowCount: expected.length },
    ]);
    const kept = [...lane.quarantine].map(([id, { superseded }]) => ({ id, superseded }));
    expect(sorted(quarantined)).toEqual(sorted(kept));
  }

  /** The database holds files open for every collection: those of thousands of cases would be too many. */
  async function dropRows({ datasetId }: Run): Promise<void> {
    const generations = await bench.collections.generations.find({ datasetId }).toArray();
    for (const { _id } of generations) await bench.records.dropGeneration(_id);
  }

  const sorted = (records: readonly object[]) => records.map((one) => JSON.stringify(one)).sort();
  const terminatedAfter = (statuses: number) => [...LOADED.slice(0, statuses), 'TERMINATED_EXIT'];

  it(`gives exactly what the accepted order gives (${RUNS} cases)`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 16 }), fc.boolean(), async (operations, quarantines) => {
        const mismatchPolicy = quarantines ? ('QUARANTINE' as const) : ('FAIL' as const);
        const run = new Run(await bench.dataset(MODEL_SAMPLE, { mismatchPolicy }));
        for (const one of operations) await run.perform(one);
        await run.load();
        const lane = new ReferenceLane(quarantines);
        await expectJobs(run, lane);
        await expectContents(run, lane);
        // The push log gives the same rows again.
        await bench.useCases.rebuildDataset(run.datasetId, CALLER);
        await run.load();
        await expectContents(run, lane);
        await dropRows(run);
      }),
      { numRuns: RUNS },
    );
  });
});
