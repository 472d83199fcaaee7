const TESTS = '\\.test\\.ts$';
const COMPOSITION = '^src/(app|start-app|database|open-record-store|stored-ports|key|examination-program)\\.ts$';

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
      name: 'the-start-imports-late',
      severity: 'error',
      comment: 'what is imported here delays each start (decision 38): use import()',
      from: { path: '^src/', pathNot: TESTS },
      to: {
        path: '^src/(app|adapters/elasticsearch/(connect|elasticsearch-record-store)|adapters/embedded/fetch-from-mongodb)\\.ts$',
        dependencyTypesNot: ['dynamic-import', 'type-only'],
      },
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
