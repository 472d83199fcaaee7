import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@elastic/elasticsearch';
import { MongoClient } from 'mongodb';
import { startEmbeddedMongod } from '../src/adapters/embedded/start-embedded-mongod.js';
import { elasticsearchDistribution } from '../test/support/elasticsearch/distribution.js';
import { ElasticsearchServer } from '../test/support/elasticsearch/server.js';
import { RawElasticsearch } from './raw-elasticsearch.js';
import { RawMongodb } from './raw-mongodb.js';
import { BenchService } from './service.js';
import type { Store } from './targets.js';

/** Everything that runs for one record store: mongod, for Elasticsearch that too, and the service. */
export interface Servers {
  readonly store: Store;
  readonly service: BenchService;
  readonly mongodb: RawMongodb;
  /** Undefined for the store `mongodb`. */
  readonly elasticsearch: RawElasticsearch | undefined;
  /** Stops mongod and starts it again on its data. Returns how many milliseconds the start takes. The service must not run. */
  restartMongod(): Promise<number>;
  close(): Promise<void>;
}

/** Starts the servers with empty data. */
export async function startServers(store: Store): Promise<Servers> {
  const closings: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const closing of closings.splice(0).reverse()) await closing();
  };
  try {
    const dataDir = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
    closings.push(() => rm(dataDir, { recursive: true, force: true }));
    const options = { dataDir, cacheDir: process.env.SLUICE_CACHE_DIR, onProgress: () => undefined, log: console };
    let mongod = await startEmbeddedMongod(options);
    closings.push(() => mongod.stop());
    const mongo = await new MongoClient(mongod.url, { writeConcern: { w: 'majority' } }).connect();
    closings.push(() => mongo.close());
    const settings: Record<string, string> = { MONGODB_URL: mongod.url, SLUICE_DATA_DIR: dataDir };
    let elasticsearch: RawElasticsearch | undefined;
    if (store === 'elasticsearch') {
      const server = await ElasticsearchServer.start(await elasticsearchDistribution());
      closings.push(() => server.close());
      const client = new Client({ node: server.url });
      closings.push(() => client.close());
      elasticsearch = new RawElasticsearch(client);
      settings.ELASTICSEARCH_URL = server.url;
    }
    const service = await BenchService.start(settings);
    closings.push(() => service.stop());
    const restartMongod = async () => {
      await mongod.stop();
      const start = performance.now();
      mongod = await startEmbeddedMongod(options);
      return performance.now() - start;
    };
    return { store, service, mongodb: new RawMongodb(mongo, mongod.url), elasticsearch, restartMongod, close };
  } catch (error) {
    await close();
    throw error;
  }
}
