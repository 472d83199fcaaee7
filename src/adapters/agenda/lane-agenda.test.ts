import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { testDatabase } from '../../../test/support/mongod.js';
import { until } from '../../../test/support/until.js';
import { connectMongo } from '../mongodb/connect.js';
import { LaneAgenda, type OwnPool } from './lane-agenda.js';

describe('wakes', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let agenda: LaneAgenda;
  const failed: unknown[] = [];
  const nudged: string[] = [];
  const waiting = new Set<string>();
  beforeEach(async () => {
    database = await testDatabase();
    nudged.length = 0;
    waiting.clear();
  });
  afterEach(async () => {
    await agenda.stop();
    await database.close();
    expect(failed.splice(0)).toEqual([]);
  });

  const pool: OwnPool = {
    nudge: (lane) => void nudged.push(lane),
    isWaiting: (lane) => waiting.has(lane),
    takeAhead: () => false,
  };
  /** One that is not started, so that wakes stay where they were written. */
  const openAgenda = (own: OwnPool | null, db = database.db) =>
    new LaneAgenda(db, { pool: own, reportError: (error) => void failed.push(error) });
  const written = async () => {
    const jobs = await database.db.collection('agenda_jobs').find().toArray();
    return jobs.map(({ data }) => (data as { datasetId: string }).datasetId);
  };

  it('are written only for lanes that still wait after half a second', async () => {
    agenda = openAgenda(pool);
    waiting.add('waits').add('begins');
    for (const lane of ['waits', 'begins', 'waits']) await agenda.wake(lane);
    expect([nudged, await written()]).toEqual([['waits', 'begins', 'waits'], []]);
    waiting.delete('begins');
    await until('a wake', async () => (await written()).length > 0);
    expect(await written()).toEqual(['waits']);
  });

  it('are written for at most 20 lanes in each poll', async () => {
    agenda = openAgenda(pool);
    const lanes = Array.from({ length: 30 }, (_, n) => `${n}`);
    for (const lane of lanes) waiting.add(lane);
    for (const lane of [...lanes, 'last']) await agenda.wake(lane);
    waiting.add('last');
    await until('the wakes', async () => (await written()).length >= 20);
    await agenda.stop();
    expect((await written()).length).toBe(20);
  });

  it('are all stored once the agenda has stopped and says that they are', async () => {
    const client = await connectMongo(database.url);
    agenda = openAgenda(null, client.db());
    await agenda.wake('paused');
    await agenda.wake('paused');
    const begun = agenda.wake('begun');
    await agenda.stop();
    const late = agenda.wake('late');
    await agenda.written();
    // This interrupts a command that has no answer yet.
    await client.close();
    await Promise.all([begun, late]);
    expect((await written()).sort()).toEqual(['begun', 'late', 'paused', 'paused']);
  });

  it('that a process which loads lanes has begun to write are stored too', async () => {
    const client = await connectMongo(database.url);
    const stopped = new Promise<void>((resolve, reject) => {
      const isWaiting = () => {
        // Once this returns, the wake is being written.
        queueMicrotask(() => agenda.stop().then(agenda.written).then(resolve, reject));
        return true;
      };
      agenda = openAgenda({ ...pool, isWaiting }, client.db());
    });
    await agenda.wake('lane');
    await stopped;
    await client.close();
    expect(await written()).toEqual(['lane']);
  });

  it('that cannot be written at a stop are reported', async () => {
    const client = await connectMongo(database.url);
    agenda = openAgenda(null, client.db());
    await agenda.wake('lane');
    await agenda.wake('lane');
    await client.close();
    await agenda.stop();
    await agenda.written();
    expect(failed.splice(0)).toHaveLength(1);
  });

  it('are not needed for a lane that this process takes ahead, unless it loads no lanes or is stopping', async () => {
    const accepted = Promise.resolve();
    const taken: unknown[] = [];
    const takeAhead = (...args: unknown[]) => taken.push(args) > 0;
    agenda = openAgenda(null);
    expect(agenda.takeAhead('lane', accepted)).toBe(false);
    await agenda.handOver('lane');
    await agenda.stop();
    agenda = openAgenda({ ...pool, takeAhead });
    expect(agenda.takeAhead('lane', accepted)).toBe(true);
    await agenda.handOver('lane');
    await agenda.stop();
    expect(agenda.takeAhead('lane', accepted)).toBe(false);
    expect(taken).toEqual([['lane', accepted]]);
  });

  it('are written at once by a process that loads no lanes, and once more if the lane was woken meanwhile', async () => {
    agenda = openAgenda(null);
    await agenda.wake('lane');
    expect(await written()).toEqual(['lane']);
    await agenda.wake('lane');
    await until('the second wake', async () => (await written()).length === 2);
  });
});
