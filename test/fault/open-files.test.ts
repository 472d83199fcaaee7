import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type EmbeddedMongod, startEmbeddedMongod } from '../../src/adapters/embedded/start-embedded-mongod.js';
import { connectMongo } from '../../src/adapters/mongodb/connect.js';
import { mongoRecordStore } from '../../src/adapters/mongodb/mongo-record-store.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { until } from '../support/until.js';

jest.setTimeout(180_000);

const GENERATIONS = 300;
/** What mongod keeps open besides, and the handles below which it closes none. */
const OTHERS = 450;

const onLinux = process.platform === 'linux' ? it : it.skip;

describe('an embedded mongod with many datasets', () => {
  let dataDir: string;
  let mongod: EmbeddedMongod;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'sluice-files-'));
    const cacheDir = process.env.SLUICE_CACHE_DIR;
    const log = createLogger('silent');
    mongod = await startEmbeddedMongod({ dataDir, cacheDir, onProgress: () => undefined, log });
  });
  afterAll(async () => {
    await mongod.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  onLinux('closes the files of those that nobody uses, of which each has three', async () => {
    const client = await connectMongo(mongod.url);
    try {
      const store = mongoRecordStore(client.db('files'));
      const open = () => readdirSync(`/proc/${mongod.pid}/fd`).length;
      const before = open();
      for (let n = 0; n < GENERATIONS; n += 1) await store.createGeneration(`rows_${n}_0_1`, []);
      // Its own files and connections come and go.
      expect(Math.round((open() - before) / GENERATIONS)).toBe(3);
      // Those that have changed since the last checkpoint stay open.
      await client.db('admin').command({ fsync: 1 });
      await until('closed files', () => open() < OTHERS, 120_000);
    } finally {
      await client.close();
    }
  });
});
