import { elasticsearchDistribution } from './distribution.js';
import { ElasticsearchServer } from './server.js';

/** `npm run elasticsearch`: the server that the tests use, on port 9200, until Ctrl-C. */
try {
  const server = await ElasticsearchServer.start(await elasticsearchDistribution(), { port: 9200 });
  process.stdout.write(`Elasticsearch is ready at ${server.url}; its data goes when it ends. Ctrl-C ends it.\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close());
} catch (error) {
  process.stderr.write(`Elasticsearch cannot be started: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
