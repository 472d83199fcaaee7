import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Db, MongoClient } from 'mongodb';
import { v7 as uuidV7 } from 'uuid';
import { collectionsOf } from '../../src/adapters/mongodb/collections.js';
import { connectMongo } from '../../src/adapters/mongodb/connect.js';
import { createIndexes } from '../../src/adapters/mongodb/indexes.js';
import { mongoPushLog } from '../../src/adapters/mongodb/push-log.js';
import type { AcceptedJob } from '../../src/ports/push-log.js';
import { acceptedPush } from '../support/accepted-push.js';
import { type ThreeMongods, threeMongods } from '../support/three-mongods.js';
import { until } from '../support/until.js';

jest.setTimeout(120_000);

/** A payload that is stored in a part of its own. */
const LARGE = `[{"n":1}${' '.repeat(20_000)}]`;

describe('a replica set of three that loses its primary', () => {
  let mongods: ThreeMongods;
  let client: MongoClient;
  let db: Db;
  beforeAll(async () => {
    mongods = await threeMongods();
    client = await connectMongo(mongods.url);
    db = client.db('sluice');
  });
  afterAll(async () => {
    await client?.close();
    await mongods?.close();
  });

  it('has the payload of every acknowledged push, even if at first only the lost primary had it', async () => {
    const collections = collectionsOf(db);
    await createIndexes(collections);
    const primary = await mongods.primary();
    const others = mongods.members.filter((member) => member !== primary);
    let goOn: () => void = () => undefined;
    const elected = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    // The job is sent once there is another primary.
    const insertMany: typeof collections.jobs.insertMany = async (...args) => {
      await elected;
      return collections.jobs.insertMany(...args);
    };
    const jobs = Object.create(collections.jobs, { insertMany: { value: insertMany } });
    const first = pushOf(LARGE);
    await Promise.all(others.map((other) => other.kill()));
    const answer = mongoPushLog({ ...collections, jobs }).append(first);
    const answered = answer.then(
      () => true,
      () => false,
    );
    const part = { _id: `${first.id}/0` };
    await onlyOn(primary.host, (alone) => alone.collection<typeof part>('payloads').findOne(part));
    await primary.kill();
    for (const other of others) other.start();
    await mongods.primary();
    goOn();

    const log = mongoPushLog(collections);
    const push = (await answered) ? first : pushOf(LARGE);
    if (push !== first) await log.append(push);
    const stored = await collections.jobs.findOne({ _id: push.id });
    if (!stored) throw new Error('the job is not in the log');
    const [logged] = await log.readPayloads([{ ...stored, id: push.id }]);
    expect(logged?.payload).toEqual(push.payload);
  });

  /** Waits until one member, which is alone, has something. */
  async function onlyOn(host: string, has: (alone: Db) => Promise<unknown>): Promise<void> {
    const alone = new MongoClient(`mongodb://${host}/?directConnection=true&readPreference=primaryPreferred`);
    try {
      await until('a write of the primary', () => has(alone.db('sluice')).then(Boolean));
    } finally {
      await alone.close();
    }
  }
});

function pushOf(json: string): AcceptedJob {
  return acceptedPush(uuidV7(), Buffer.from(json));
}
