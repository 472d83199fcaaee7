import { findElasticsearch } from './find.mjs';

const { ElasticsearchServer } = await import('./server.ts');

/** Starts one throw-away Elasticsearch for the run. */
export default async function globalSetup() {
  const server = await ElasticsearchServer.start(await findElasticsearch());
  process.env.SLUICE_TEST_ELASTICSEARCH_URL = server.url;
  globalThis.stopTestElasticsearch = () => server.close();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.kill());
}
