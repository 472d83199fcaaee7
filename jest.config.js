import { findElasticsearch } from './test/support/elasticsearch/find.mjs';
import { selectedProjects } from './test/support/selected-projects.mjs';

const common = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest'] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
};

/** All suites, with rows in MongoDB. */
const mongodb = {
  ...common,
  displayName: 'mongodb',
  testMatch: ['<rootDir>/{src,test}/**/*.test.ts'],
  testPathIgnorePatterns: ['/elasticsearch-[^/]*\\.test\\.ts$'],
  setupFiles: ['<rootDir>/test/support/use-mongodb.mjs'],
};

/** Suites that look at no rows: they are the same on both stores, and run only on MongoDB. */
const WITHOUT_ROWS = [
  '/test/e2e/(api-keys|audit|back-pressure|bad-input|bad-input-graphql|browsers|connections|design|first-key|geocode|graphql-http|idempotency|indexed|instructions|key-command)\\.test\\.ts$',
  '/test/e2e/(keys|log-levels|npm-start|push-url-access|query-limits|rate-limits|resume|secrets|socket-credentials|start|start-mistakes|start-secrets|status|stop|terminate|websocket)\\.test\\.ts$',
  '/test/e2e/viewer-(issuer|refusals)\\.test\\.ts$',
  // What steps compute does not depend on the store; transformations.test.ts runs on both.
  '/test/e2e/(salts|transformations-(arrays|conversion|dates|logic|numeric|text))\\.test\\.ts$',
  '/test/guide/transformation-examples\\.test\\.ts$',
  '/test/fault/(embedded-start|embedded-start-fails|failover|fairness|own-mongod|services)\\.test\\.ts$',
  '/src/pipeline/(lane-pool|group-progress|held-lease)\\.test\\.ts$',
];

/** The suites that load, read or store rows, with rows in Elasticsearch, and the suites only for Elasticsearch. */
const elasticsearch = {
  ...common,
  displayName: 'elasticsearch',
  testMatch: [
    '<rootDir>/test/{e2e,fault,guide}/**/*.test.ts',
    '<rootDir>/src/pipeline/**/*.test.ts',
    '<rootDir>/test/**/elasticsearch-*.test.ts',
  ],
  testPathIgnorePatterns: [
    '/node_modules/',
    // These age tombstones in MongoDB's own collections; the contract covers the sweep by the server's clock.
    '/src/pipeline/(upkeep|replay-log)\\.test\\.ts$',
    // Only rows in the database of the ledger can be stored in one step with it.
    '/src/pipeline/(one-step|remembered-groups)\\.test\\.ts$',
    ...WITHOUT_ROWS,
  ],
  globalSetup: '<rootDir>/test/support/elasticsearch/global-setup.mjs',
  setupFiles: ['<rootDir>/test/support/elasticsearch/use.mjs'],
};

/** @type {() => Promise<import('jest').Config>} */
const config = async () => ({
  // If its tests do not run, nothing is searched or fetched for them.
  projects:
    selectedProjects(['mongodb', 'elasticsearch'], process.argv.slice(2)).includes('elasticsearch') &&
    (await findElasticsearch())
      ? [mongodb, elasticsearch]
      : [mongodb],
  testTimeout: 60_000,
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  // Suites wait more than they work, so two of them do not keep two processors busy.
  maxWorkers: 3,
  // The memory of what a suite imports is not released after it.
  workerIdleMemoryLimit: '1500MB',
  testSequencer: '<rootDir>/test/support/long-suites-first.mjs',
});
// Jest reads its configuration from a default export; nothing else in the project has one.
export default config;
