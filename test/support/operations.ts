import { CALLERS, type CallerName, type Callers } from './callers.js';

/** Callers without a valid credential. A push URL's token is none outside of its path. */
export const NOBODY: readonly CallerName[] = ['none', 'wrong', 'expired', 'revoked', 'pushUrl'];

export interface Operation {
  /** Who may do it. To the others it is UNAUTHENTICATED or FORBIDDEN. */
  readonly allowed: readonly CallerName[];
  readonly send: (callers: Callers, caller: CallerName) => Promise<{ readonly code: unknown }>;
}

type Ids = Callers['ids'];

const MANAGERS: readonly CallerName[] = ['manage'];
const PUSHERS: readonly CallerName[] = ['manage', 'push'];
const READERS: readonly CallerName[] = ['manage', 'read', 'viewer', 'viewerOther'];
/** The dataset has no security name, so every viewer sees its rows. */
const VIEWERS: readonly CallerName[] = ['viewer', 'viewerOther'];
/** Those who may know of the dataset. */
const OF_DATASET: readonly CallerName[] = ['manage', 'push', 'read', ...VIEWERS];
const OF_SECURED: readonly CallerName[] = ['manage', 'viewer'];
const EVERYBODY = CALLERS.filter((caller) => !NOBODY.includes(caller));

function graphql(allowed: readonly CallerName[], query: (ids: Ids) => string): Operation {
  return { allowed, send: (callers, caller) => callers.graphql(caller, query(callers.ids)) };
}

function mutation(allowed: readonly CallerName[], field: (ids: Ids) => string): Operation {
  return graphql(allowed, (ids) => `mutation { ${field(ids)} }`);
}

function ofDataset(allowed: readonly CallerName[], field: string): Operation {
  return graphql(allowed, ({ dataset }) => `{ dataset(id: "${dataset}") { ${field} } }`);
}

function ofSecured(field: string): Operation {
  return graphql(OF_SECURED, ({ secured }) => `{ dataset(id: "${secured}") { ${field} } }`);
}

function ofConnection(field: string): Operation {
  return graphql(MANAGERS, ({ connection }) => `{ connection(id: "${connection}") { ${field} } }`);
}

function rest(
  allowed: readonly CallerName[],
  method: string,
  path: (ids: Ids) => string,
  body?: (ids: Ids) => unknown,
) {
  const init = (ids: Ids) => ({ method, ...(body && { body: JSON.stringify(body(ids)) }) });
  const send = (callers: Callers, caller: CallerName) => callers.send(caller, path(callers.ids), init(callers.ids));
  return { allowed, send };
}

/** An id that nothing has: an operation that is allowed on it ends in NOT_FOUND, and changes nothing. */
const NOTHING = 'nothing';

/** Every operation: fields of the schema by their name, routes as `METHOD path`. What one of them does must not change what another one finds. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  apiKeys: graphql(MANAGERS, () => '{ apiKeys { totalCount } }'),
  auditLog: graphql(MANAGERS, () => '{ auditLog { totalCount } }'),
  refusals: graphql(MANAGERS, () => '{ refusals { totalCount } }'),
  connection: ofConnection('id'),
  connections: graphql(MANAGERS, () => '{ connections { totalCount } }'),
  explainPermissions: graphql(
    MANAGERS,
    ({ dataset }) => `{ explainPermissions(datasetId: "${dataset}", permissions: []) { rowCount } }`,
  ),
  inferFields: graphql(MANAGERS, () => '{ inferFields(sample: {a: 1}) { path } }'),
  dataset: ofDataset(OF_DATASET, 'id'),
  // Cut to the datasets that the key is for; viewers read them by their ids.
  datasets: graphql(
    EVERYBODY.filter((caller) => !VIEWERS.includes(caller)),
    () => '{ datasets { totalCount } }',
  ),
  geocode: graphql(MANAGERS, () => '{ geocode(address: {city: "Kyoto"}) { dataVersion } }'),
  job: graphql(PUSHERS, ({ job }) => `{ job(id: "${job}") { status errors { totalCount } history { status } } }`),
  jobs: graphql(PUSHERS, ({ dataset }) => `{ jobs(datasetId: "${dataset}") { totalCount } }`),
  pushUrls: graphql(MANAGERS, ({ dataset }) => `{ pushUrls(datasetId: "${dataset}") { totalCount } }`),

  createApiKey: mutation(MANAGERS, () => 'createApiKey(input: {name: "m", scopes: [READ]}) { secret }'),
  rotateApiKey: mutation(MANAGERS, () => `rotateApiKey(id: "${NOTHING}") { secret }`),
  revokeApiKey: mutation(MANAGERS, ({ apiKey }) => `revokeApiKey(id: "${apiKey}") { id }`),
  createViewerToken: mutation(
    MANAGERS,
    () => 'createViewerToken(input: {subject: "m", permissions: []}) { expiresAt }',
  ),
  createConnection: mutation(MANAGERS, () => 'createConnection(input: {name: "m", sample: {a: 1}}) { id }'),
  updateConnection: mutation(
    MANAGERS,
    ({ connection }) => `updateConnection(id: "${connection}", input: {name: "m"}) { id }`,
  ),
  deleteConnection: mutation(MANAGERS, ({ connection }) => `deleteConnection(id: "${connection}")`),
  createDataset: mutation(MANAGERS, () => 'createDataset(input: {name: "m", sample: {a: 1}}) { id }'),
  deleteDataset: mutation(MANAGERS, () => `deleteDataset(id: "${NOTHING}")`),
  updateDesign: mutation(
    MANAGERS,
    ({ dataset }) => `updateDesign(datasetId: "${dataset}", input: {expectedRevision: 99}) { id }`,
  ),
  previewDesign: mutation(MANAGERS, ({ dataset }) => `previewDesign(datasetId: "${dataset}") { records { rows } }`),
  discardChanges: mutation(MANAGERS, ({ dataset }) => `discardChanges(datasetId: "${dataset}") { id }`),
  applyChanges: mutation(MANAGERS, ({ dataset }) => `applyChanges(datasetId: "${dataset}") { dataset { id } }`),
  tryChanges: mutation(MANAGERS, ({ dataset }) => `tryChanges(datasetId: "${dataset}") { id }`),
  pushData: mutation(PUSHERS, ({ dataset }) => `pushData(input: {datasetId: "${dataset}", data: [{n: 1}]}) { id }`),
  deleteData: mutation(
    PUSHERS,
    ({ dataset }) => `deleteData(input: {datasetId: "${dataset}", where: {column: "n", op: EQ, value: 7}}) { id }`,
  ),
  deleteAllData: mutation(PUSHERS, ({ dataset }) => `deleteAllData(input: {datasetId: "${dataset}"}) { id }`),
  rebuildDataset: mutation(MANAGERS, ({ dataset }) => `rebuildDataset(datasetId: "${dataset}") { id }`),
  terminateJob: mutation(MANAGERS, ({ job }) => `terminateJob(id: "${job}") { id }`),
  createPushUrl: mutation(
    MANAGERS,
    ({ dataset }) => `createPushUrl(input: {datasetId: "${dataset}", name: "m"}) { url }`,
  ),
  revokePushUrl: mutation(MANAGERS, () => `revokePushUrl(id: "${NOTHING}") { id }`),
  replayQuarantine: mutation(MANAGERS, ({ dataset }) => `replayQuarantine(datasetId: "${dataset}") { id }`),
  discardQuarantine: mutation(MANAGERS, ({ dataset }) => `discardQuarantine(datasetId: "${dataset}")`),

  jobStatusChanged: {
    allowed: PUSHERS,
    send: (callers, caller) =>
      callers.subscribe(caller, `subscription { jobStatusChanged(jobId: "${callers.ids.job}") { status } }`),
  },

  'Dataset.id': ofDataset(OF_DATASET, 'id'),
  'Dataset.name': ofDataset(OF_DATASET, 'name'),
  'Dataset.status': ofDataset(OF_DATASET, 'status'),
  'Dataset.createdAt': ofDataset(OF_DATASET, 'createdAt'),
  'Dataset.recordCount': ofDataset(READERS, 'recordCount'),
  'Dataset.rowCount': ofDataset(READERS, 'rowCount'),
  'Dataset.columns': ofDataset(READERS, 'columns { id }'),
  'Dataset.connection': ofDataset(MANAGERS, 'connection { id }'),
  'Dataset.records': ofDataset(READERS, 'records { nodes { values } }'),
  'Dataset.pushInstructions': ofDataset(MANAGERS, 'pushInstructions { postData }'),
  'Dataset.jobs': ofDataset(PUSHERS, 'jobs { totalCount }'),
  'Dataset.lastJob': ofDataset(PUSHERS, 'lastJob { id }'),
  'Dataset.trial': ofDataset(PUSHERS, 'trial { id }'),
  'Dataset.design': ofDataset(MANAGERS, 'design { revision }'),
  'Dataset.appliedDesign': ofDataset(MANAGERS, 'appliedDesign { revision }'),
  'Dataset.changes': ofDataset(MANAGERS, 'changes { path }'),
  'Dataset.quarantine': ofDataset(MANAGERS, 'quarantine { totalCount }'),

  'secured: its name': ofSecured('name'),
  'secured: its columns': ofSecured('columns { id }'),
  'secured: its rows': ofSecured('records { totalCount nodes { values } }'),
  'secured: how many rows it has': ofSecured('rowCount'),

  'Connection.id': ofConnection('id'),
  'Connection.name': ofConnection('name'),
  'Connection.type': ofConnection('type'),
  'Connection.fields': ofConnection('fields { path }'),
  'Connection.createdAt': ofConnection('createdAt'),
  'Connection.updatedAt': ofConnection('updatedAt'),
  'Connection.sample': ofConnection('sample'),
  'Connection.datasets': ofConnection('datasets { totalCount }'),

  'POST /dataload/postdata': rest(
    PUSHERS,
    'POST',
    () => '/dataload/postdata',
    ({ dataset }) => ({
      datasetId: dataset,
      data: [{ n: 1 }],
    }),
  ),
  'POST /dataload/deletedata': rest(
    PUSHERS,
    'POST',
    () => '/dataload/deletedata',
    ({ dataset }) => ({
      datasetId: dataset,
      data: [{ n: 1 }],
    }),
  ),
  'POST /dataload/deletealldata': rest(
    PUSHERS,
    'POST',
    () => '/dataload/deletealldata',
    ({ dataset }) => ({
      datasetId: dataset,
    }),
  ),
  'POST /dataload/:datasetId': rest(
    PUSHERS,
    'POST',
    ({ dataset }) => `/dataload/${dataset}`,
    () => [{ n: 1 }],
  ),
  'GET /dataload/:jobId/status': rest(PUSHERS, 'GET', ({ job }) => `/dataload/${job}/status`),
  'GET /dataload/:jobId/errors': rest(PUSHERS, 'GET', ({ job }) => `/dataload/${job}/errors`),
  'GET /graphql': rest(EVERYBODY, 'GET', () => '/graphql?query=%7B__typename%7D'),
  'POST /graphql': graphql(EVERYBODY, () => '{ __typename }'),
  // The token in the path is the credential; headers have no effect.
  'POST /hooks/:token': rest(
    CALLERS,
    'POST',
    ({ hookToken }) => `/hooks/${hookToken}`,
    () => [{ n: 1 }],
  ),
};

/** Routes that need no credential, and give no data. */
export const ROUTES: readonly string[] = ['GET /', 'GET /healthz', 'GET /readyz'];
