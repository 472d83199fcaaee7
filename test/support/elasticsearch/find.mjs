// Jest's configuration imports this file as it is: the register lets it import TypeScript.
import '@swc-node/register/esm-register';

const { elasticsearchDistribution } = await import('./distribution.ts');

/** Where an Elasticsearch can be started from, fetched if need be. Without one: null and a line that says why; with CI=true an error. */
export async function findElasticsearch() {
  try {
    return await elasticsearchDistribution();
  } catch (error) {
    if (process.env.CI === 'true') throw error;
    process.stderr.write(`The tests on Elasticsearch are left out: ${error.message}\n`);
    return null;
  }
}
