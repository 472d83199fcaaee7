import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@elastic/elasticsearch';
import { MongoClient } from 'mongodb';
import { startEmbeddedMongod } from '../src/adapters/embedded/start-embedded-mongod.js';
import { elasticsearchDistribution } from '../test/support/elasticsearch/distribution.js';
import { answersSearches, ElasticsearchServer } from '../test/support/elasticsearch/server.js';
import { RawElasticsearch } from './raw-elasticsearch.js';
import { RawMongodb } from './raw-mongodb.js';
import { Resources } from './resources.js';
import { BenchService } from './service.js';
import type { Store } from './targets.js';

/** Everything that runs for one record store: mongod, for Elasticsearch that too, and the service. */
export interface Servers {
  readonly store: Store;
  readonly service: BenchService;
  readonly mongodb: RawMongodb;
  /** Undefined for the store `mongodb`. */
  readonly elasticsearch: RawElasticsearch | undefined;
  /** Aborts when the benchmark must end: what a workload starts must end then. */
  readonly stopping: AbortSignal;
  /** Stops mongod, does this work, and starts it again on its data. The service must not run. */
  withoutMongod(work: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** Starts the servers with empty data. Throws, with nothing left running, if one of them does not start or `stopping` aborts. */
export async function startServers(store: Store, stopping: AbortSignal): Promise<Servers> {
  const resources = new Resources(stopping);
  const close = () => resources.close();
  try {
    const dataDir = await resources.start(
      () => mkdtemp(join(tmpdir(), 'sluice-bench-')),
      (folder) => rm(folder, { recursive: true, force: true }),
    );
    const mongod = await startMongod(dataDir, resources, stopping);
    const mongo = await resources.start(
      () => new MongoClient(mongod.url, { writeConcern: { w: 'majority' } }).connect(),
      (client) => client.close(),
    );
    const settings: Record<string, string> = { MONGODB_URL: mongod.url, SLUICE_DATA_DIR: dataDir };
    let elasticsearch: RawElasticsearch | undefined;
    if (store === 'elasticsearch') {
      const url = await startElasticsearch(resources, stopping);
      const client = await resources.start(
        async () => new Client({ node: url }),
        (client) => client.close(),
      );
      elasticsearch = new RawElasticsearch(client);
      settings.ELASTICSEARCH_URL = url;
    }
    const service = await resources.start(
      () => BenchService.start(settings, stopping),
      (service) => service.stop(),
    );
    const mongodb = new RawMongodb(mongo, mongod.url);
    return { store, service, mongodb, elasticsearch, stopping, withoutMongod: mongod.without, close };
  } catch (error) {
    await close();
    stopping.throwIfAborted();
    throw error;
  }
}

async function startMongod(dataDir: string, resources: Resources, stopping: AbortSignal) {
  const options = { dataDir, cacheDir: process.env.SLUICE_CACHE_DIR, onProgress: () => undefined, log: console };
  let latest = startEmbeddedMongod(options);
  const { url } = await resources.start(
    () => latest,
    // A restart may be going on: then its mongod is ended. One that could not be started leaves nothing to end.
    () =>
      latest.then(
        (mongod) => mongod.stop(),
        () => undefined,
      ),
  );
  const without = async (work: () => Promise<void>) => {
    const mongod = await latest;
    stopping.throwIfAborted();
    latest = mongod.stop().then(async () => {
      stopping.throwIfAborted();
      await work();
      return startEmbeddedMongod(options);
    });
    await latest;
  };
  return { url, without };
}

async function startElasticsearch(resources: Resources, stopping: AbortSignal): Promise<string> {
  const distribution = await elasticsearchDistribution();
  // The start ends early when the benchmark must end: it takes too long to wait for.
  const isUp = async (url: string) => stopping.aborted || (await answersSearches(url));
  const server = await resources.start(
    () => ElasticsearchServer.start(distribution, { isUp }),
    (started) => started.close(),
  );
  return server.url;
}
