// Jest's configuration imports this file as it is: the register lets it import TypeScript.
import '@swc-node/register/esm-register';

const { elasticsearchDistribution } = await import('./distribution.ts');

/** Finds an Elasticsearch to start, and fetches it if necessary. If there is none, returns null and prints why; with CI=true it throws. */
export async function findElasticsearch() {
  try {
    return await elasticsearchDistribution();
  } catch (error) {
    if (process.env.CI === 'true') throw error;
    process.stderr.write(`The tests on Elasticsearch are left out: ${error.message}\n`);
    return null;
  }
}
