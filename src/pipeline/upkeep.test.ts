import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { laneBench } from '../../test/support/lane.js';
import { type TestDatabase, testDatabase } from '../../test/support/mongod.js';
import { until } from '../../test/support/until.js';
import { mongoPurge } from '../adapters/mongodb/purge.js';
import { mongoPushLog } from '../adapters/mongodb/push-log.js';
import type { AcceptedJob } from '../ports/push-log.js';
import { LaneWorker } from './lane-worker.js';
import { type UpkeepDeps, upkeepRound } from './upkeep.js';

const HOUR_MS = 3_600_000;

describe('upkeep', () => {
  let database: TestDatabase;
  let bench: Awaited<ReturnType<typeof laneBench>>;
  beforeAll(async () => {
    database = await testDatabase();
    bench = await laneBench(database);
  });
  afterAll(() => database.close());

  /** A round as it is done so many milliseconds from now, by this process's clock. */
  function roundIn(ms: number, faults: Partial<UpkeepDeps> = {}): Promise<void> {
    const now = () => new Date(Date.now() + ms);
    const purge = mongoPurge(bench.collections);
    return upkeepRound({ ...bench, purge, ...faults, clock: { ...bench.clock, now } });
  }

  function pushTo(datasetId: string): AcceptedJob {
    const payload = Buffer.from('[{"n":1}]');
    const job = { id: uuidV7(), datasetId, kind: 'PUSH', method: 'REPLACE', form: 'RECORDS', payload } as const;
    const rest = { recordCount: 1, acceptedAt: new Date(), requestedBy: 'test', idempotency: null };
    return { ...job, ...rest, bound: { position: 1e9, bytes: 1e12 } };
  }
  const partsOf = (jobId: string) => bench.collections.payloads.countDocuments({ _id: `${jobId}/0` });

  describe('payloads without a job', () => {
    /** A push log whose process stands still between the payload and the job, until it is told to go on. */
    function standingStill() {
      let goOn: () => void = () => undefined;
      const told = new Promise<void>((resolve) => {
        goOn = resolve;
      });
      const { jobs } = bench.collections;
      const insertMany: typeof jobs.insertMany = async (...args) => {
        await told;
        return jobs.insertMany(...args);
      };
      const slow = Object.create(jobs, { insertMany: { value: insertMany } });
      return { log: mongoPushLog({ ...bench.collections, jobs: slow }), goOn };
    }

    it('go, and those of accepted jobs stay', async () => {
      const id = await bench.dataset({ n: 1 });
      const accepted = await bench.push(id, [{ n: 1 }]);
      const { log } = standingStill();
      const orphan = pushTo(id);
      void log.append(orphan);
      await until('the payload', () => partsOf(orphan.id));
      await roundIn(0);
      expect([await partsOf(accepted), await partsOf(orphan.id)]).toEqual([1, 1]);
      await roundIn(HOUR_MS);
      expect([await partsOf(accepted), await partsOf(orphan.id)]).toEqual([1, 0]);
    });

    it('make the push they were written for fail when its process goes on, and no other one', async () => {
      const id = await bench.dataset({ n: 1 });
      const { log, goOn } = standingStill();
      const [late, behind] = [pushTo(id), pushTo(id)];
      const answers = Promise.allSettled([log.append(late), log.append(behind)]);
      await until('the payload', () => partsOf(late.id));
      await roundIn(HOUR_MS);
      goOn();
      const [answer, other] = await answers;
      expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'STORE_UNAVAILABLE' } });
      expect(other).toMatchObject({ status: 'fulfilled', value: { kind: 'APPENDED', job: { position: 1 } } });
      expect(await bench.ledger.findJob(late.id)).toBeNull();
      expect((await bench.ledger.listJobs({ first: 100 })).nodes.map((job) => job.id)).not.toContain(late.id);
      expect(await bench.terminations.terminate(late.id, new Date())).toBe('NOT_FOUND');
      await new LaneWorker(bench.workerDeps()).run(id);
      expect(await bench.rows(id)).toHaveLength(1);
      expect(bench.errors).toEqual([]);
    });
  });
});
