/** What the audit log must say of a mutation. */
export interface Recorded {
  readonly action: string;
  readonly subject: { readonly kind: string; readonly id: string; readonly name: string | null };
  readonly datasetId: string | null;
}

/** Runs a mutation and returns what must be recorded of it; null if nothing must be. `send` sends one operation, and returns what its field gives. */
export type AuditedMutation = (given: Given) => Promise<Recorded | null>;

export interface Given {
  readonly send: (mutation: string) => Promise<unknown>;
  /** An applied dataset called `test`, with a record in quarantine. */
  readonly dataset: string;
  /** A key called `old`. */
  readonly key: string;
  /** A push URL of the dataset called `old`. */
  readonly pushUrl: string;
  /** A connection called `spare`. */
  readonly connection: string;
  /** Pushes to the dataset a job that waits. */
  readonly waitingJob: () => Promise<string>;
}

/** Secrets and values that are sent along. None of them may be in the audit log. */
export const PLANTED = [
  'planted-in-a-sample',
  'planted-in-a-record',
  'planted-in-a-salt',
  'planted-in-a-signature',
  'planted-in-a-token',
];

const idOf = (made: unknown) => (made as { readonly id: string }).id;
const onDataset = (action: string, id: string): Recorded => ({
  action,
  subject: { kind: 'DATASET', id, name: 'test' },
  datasetId: id,
});
const made = (action: string, kind: string, id: string, name: string): Recorded => ({
  action,
  subject: { kind, id, name },
  datasetId: kind === 'DATASET' ? id : null,
});

/** Every mutation of the schema, in an order in which each finds what it needs. */
export const AUDITED_MUTATIONS: Readonly<Record<string, AuditedMutation>> = {
  async createApiKey({ send }) {
    const { apiKey } = (await send('createApiKey(input: {name: "new", scopes: [PUSH]}) { secret apiKey { id } }')) as {
      apiKey: unknown;
    };
    return made('CREATE_API_KEY', 'API_KEY', idOf(apiKey), 'new');
  },
  async rotateApiKey({ send, key }) {
    await send(`rotateApiKey(id: "${key}") { secret }`);
    return made('ROTATE_API_KEY', 'API_KEY', key, 'old');
  },
  async revokeApiKey({ send, key }) {
    await send(`revokeApiKey(id: "${key}") { id }`);
    return made('REVOKE_API_KEY', 'API_KEY', key, 'old');
  },
  async createPushUrl({ send, dataset }) {
    const signature = '{scheme: GITHUB, secret: "planted-in-a-signature"}';
    const input = `{name: "shop", datasetId: "${dataset}", signature: ${signature}}`;
    const { pushUrl } = (await send(`createPushUrl(input: ${input}) { url pushUrl { id } }`)) as { pushUrl: unknown };
    return { ...made('CREATE_PUSH_URL', 'PUSH_URL', idOf(pushUrl), 'shop'), datasetId: dataset };
  },
  async revokePushUrl({ send, pushUrl, dataset }) {
    await send(`revokePushUrl(id: "${pushUrl}") { id }`);
    return { ...made('REVOKE_PUSH_URL', 'PUSH_URL', pushUrl, 'old'), datasetId: dataset };
  },
  async createViewerToken({ send }) {
    const permissions =
      '[{dataset_id: "*", record_permissions: [{security_name: "o", values: ["planted-in-a-token"]}]}]';
    await send(`createViewerToken(input: {subject: "ada", permissions: ${permissions}}) { token }`);
    return made('CREATE_VIEWER_TOKEN', 'VIEWER', 'viewer:ada', 'ada');
  },
  async createConnection({ send }) {
    const one = await send('createConnection(input: {name: "crm", sample: {a: "planted-in-a-sample"}}) { id }');
    return made('CREATE_CONNECTION', 'CONNECTION', idOf(one), 'crm');
  },
  async updateConnection({ send, connection }) {
    await send(`updateConnection(id: "${connection}", input: {name: "renamed"}) { id }`);
    return made('UPDATE_CONNECTION', 'CONNECTION', connection, 'spare');
  },
  async deleteConnection({ send, connection }) {
    await send(`deleteConnection(id: "${connection}")`);
    return made('DELETE_CONNECTION', 'CONNECTION', connection, 'renamed');
  },
  async createDataset({ send }) {
    const input = '{name: "sales", sample: {a: "planted-in-a-sample"}, apply: true}';
    return made('CREATE_DATASET', 'DATASET', idOf(await send(`createDataset(input: ${input}) { id }`)), 'sales');
  },
  async updateDesign({ send, dataset }) {
    const hash = 'step: {hash: {column: "text", salt: "planted-in-a-salt"}}';
    const step = `{id: "h", name: "h", output: {update: "text"}, ${hash}}`;
    const input = `{expectedRevision: 1, transformations: [${step}]}`;
    await send(`updateDesign(datasetId: "${dataset}", input: ${input}) { id }`);
    return onDataset('UPDATE_DESIGN', dataset);
  },
  async previewDesign({ send, dataset }) {
    await send(`previewDesign(datasetId: "${dataset}") { __typename }`);
    return null;
  },
  /** Its job says who requested it. */
  async tryChanges({ send, dataset }) {
    await send(`tryChanges(datasetId: "${dataset}", waitSeconds: 60) { id }`);
    return null;
  },
  async discardChanges({ send, dataset }) {
    await send(`discardChanges(datasetId: "${dataset}") { id }`);
    return onDataset('DISCARD_CHANGES', dataset);
  },
  async applyChanges({ send, dataset }) {
    await send(`applyChanges(datasetId: "${dataset}", waitSeconds: 60) { dataset { id } }`);
    return onDataset('APPLY_CHANGES', dataset);
  },
  async pushData({ send, dataset }) {
    const data = '[{n: 5, text: "planted-in-a-record"}]';
    await send(`pushData(input: {datasetId: "${dataset}", data: ${data}, waitSeconds: 60}) { id }`);
    return null;
  },
  async deleteData({ send, dataset }) {
    const where = '{column: "n", op: EQ, value: 5}';
    await send(`deleteData(input: {datasetId: "${dataset}", where: ${where}, waitSeconds: 60}) { id }`);
    return null;
  },
  async deleteAllData({ send, dataset }) {
    await send(`deleteAllData(input: {datasetId: "${dataset}", waitSeconds: 60}) { id }`);
    return null;
  },
  async rebuildDataset({ send, dataset }) {
    await send(`rebuildDataset(datasetId: "${dataset}", waitSeconds: 60) { id }`);
    return onDataset('REBUILD_DATASET', dataset);
  },
  async replayQuarantine({ send, dataset }) {
    await send(`replayQuarantine(datasetId: "${dataset}", waitSeconds: 60) { id }`);
    return onDataset('REPLAY_QUARANTINE', dataset);
  },
  async discardQuarantine({ send, dataset }) {
    await send(`discardQuarantine(datasetId: "${dataset}")`);
    return onDataset('DISCARD_QUARANTINE', dataset);
  },
  async terminateJob({ send, waitingJob, dataset }) {
    const waiting = await waitingJob();
    await send(`terminateJob(id: "${waiting}") { id }`);
    return { action: 'TERMINATE_JOB', subject: { kind: 'JOB', id: waiting, name: null }, datasetId: dataset };
  },
  async deleteDataset({ send, dataset }) {
    await send(`deleteDataset(id: "${dataset}")`);
    return onDataset('DELETE_DATASET', dataset);
  },
};
