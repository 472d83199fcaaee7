const TESTS = '\\.test\\.ts$';
const COMPOSITION = '^src/(app|start-app|database|open-record-store|stored-ports|key|examination-program)\\.ts$';
/** Read before an embedded mongod begins. */
const EARLY = 'main|start-app|database|config|edge-config|viewer-token-config|banner|give-up|production';
const LATE = ['core', 'dynamic-import', 'type-only'];

/** Imports point inward: edge and adapters -> usecases and pipeline -> ports -> domain. */
const layer = (name, from, allowed) => ({
  name,
  severity: 'error',
  comment: `${from} may import only ${allowed.join(', ')}`,
  from: { path: `^src/${from}/`, pathNot: TESTS },
  to: { path: '^src/', pathNot: `^src/(${allowed.join('|')})/` },
});

/** Packages that only some folders may know, beside the files that put the service together. */
const only = (name, folder, packages) => ({
  name,
  severity: 'error',
  comment: `only ${folder} may import ${packages.join(', ')}`,
  from: { path: '^src/', pathNot: [`^src/${folder}/`, COMPOSITION, TESTS] },
  to: { path: `^node_modules/(${packages.join('|')})/` },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: ['\\.d\\.ts$', '^test/support/.*\\.mjs$'] },
      to: {},
    },
    layer('domain-is-pure', 'domain', ['domain']),
    layer('ports-know-the-domain', 'ports', ['domain', 'ports']),
    layer('usecases-know-ports', 'usecases', ['domain', 'ports', 'event-loop', 'usecases']),
    layer('pipeline-knows-ports', 'pipeline', ['domain', 'ports', 'event-loop', 'pipeline']),
    layer('adapters-implement-ports', 'adapters', ['domain', 'ports', 'event-loop', 'adapters']),
    layer('turns-know-the-domain', 'event-loop', ['domain', 'event-loop']),
    layer('edge-calls-usecases', 'edge', ['domain', 'ports', 'usecases', 'telemetry', 'event-loop', 'edge']),
    {
      name: 'adapters-are-named-where-the-service-is-put-together',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/adapters/', '^src/banner\\.ts$', COMPOSITION, TESTS] },
      to: { path: '^src/adapters/' },
    },
    only('databases-stay-in-adapters', 'adapters', [
      'mongodb',
      'mongodb-memory-server-core',
      'agenda',
      'jose',
      '@agendajs',
      '@elastic',
    ]),
    only('protocols-stay-in-the-edge', 'edge', [
      'fastify',
      'graphql',
      'graphql-scalars',
      'graphql-ws',
      'type-graphql',
      'ws',
      '@apollo',
      '@as-integrations',
    ]),
    {
      name: 'mongod-begins-before-the-program-is-read',
      severity: 'error',
      comment:
        'what these import delays the start of mongod (decision 38): import the rest in app.ts, or with import()',
      from: { path: `^src/(${EARLY})\\.ts$` },
      to: {
        pathNot: [
          `^src/(${EARLY}|edge/listening|edge/client-address|adapters/key-file|adapters/mongodb/connect|adapters/mongodb/server-trouble)\\.ts$`,
          '^src/(domain|ports|telemetry|adapters/embedded)/',
          '^node_modules/(mongodb|reflect-metadata|zod)/',
        ],
        dependencyTypesNot: LATE,
      },
    },
    {
      name: 'what-few-services-need-is-imported-late',
      severity: 'error',
      comment: 'use import(), so that others start without it (decision 38)',
      from: { path: '^src/', pathNot: ['^src/adapters/elasticsearch/', '^src/examination-program\\.ts$', TESTS] },
      to: { path: '^src/adapters/(elasticsearch/|embedded/fetch-from)', dependencyTypesNot: LATE },
    },
    {
      name: 'domain-does-no-io',
      severity: 'error',
      from: { path: '^src/domain/', pathNot: TESTS },
      to: { dependencyTypes: ['core'], pathNot: '^(buffer|crypto)$' },
    },
    {
      name: 'no-dev-dependencies-in-the-service',
      severity: 'error',
      from: { path: '^src/', pathNot: TESTS },
      to: { dependencyTypes: ['npm-dev'] },
    },
    {
      name: 'no-test-code-in-the-service',
      severity: 'error',
      from: { path: '^src/', pathNot: TESTS },
      to: { path: ['^(test|demo|bench|docs|geodata)/', TESTS] },
    },
    {
      name: 'docs-are-written-from-the-schema',
      severity: 'error',
      comment: 'what docs import beside each other must be a package: examples are data, which tests read',
      from: { path: '^docs/' },
      to: { path: '^(src|test|demo|bench|geodata)/' },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^test/generated/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
    moduleSystems: ['es6', 'cjs'],
  },
};
