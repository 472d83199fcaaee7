import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readConfig } from '../../src/config.js';
import { createSchema } from '../../src/edge/graphql/schema.js';
import { startApp } from '../../src/start-app.js';
import { createLogger } from '../../src/telemetry/logger.js';
import {
  type AuditAction,
  CreateApiKeyDocument,
  CreateDatasetDocument,
  CreatePushUrlDocument,
  ReadAuditLogDocument,
  type ReadAuditLogQueryVariables,
} from '../generated/graphql.js';
import { AUDITED_MUTATIONS, type Given, PLANTED, type Recorded } from '../support/audited-mutations.js';
import { holdLane } from '../support/held-lanes.js';
import { storeEnv } from '../support/mongod.js';
import { runProgram } from '../support/service-process.js';
import { API_KEY, type Sluice, startSluice } from '../support/sluice.js';

const JWT_SECRET = 'a secret that signs the tokens of this test';
const ENV = { SLUICE_TRUST_PROXY: '127.0.0.1, ::1', SLUICE_JWT_SECRET: JWT_SECRET };
const CLIENT = '203.0.113.7';

describe('the audit log', () => {
  let sluice: Sluice;
  let manager: { id: string; secret: string };
  let given: Given;
  let recorded: Map<string, Recorded | null>;
  const secrets: string[] = [API_KEY, JWT_SECRET, ...PLANTED];
  beforeAll(async () => {
    sluice = await startSluice(ENV);
    manager = await key('an administrator', 'MANAGE');
    given = await prepared();
    recorded = await everyMutation();
  });
  afterAll(() => sluice.close());

  async function key(name: string, scope: 'MANAGE' | 'PUSH' | 'READ') {
    const { createApiKey: made } = await sluice.query(CreateApiKeyDocument, { input: { name, scopes: [scope] } });
    secrets.push(made.secret);
    return { id: made.apiKey.id, secret: made.secret };
  }

  async function prepared(): Promise<Given> {
    const rules = { mismatchPolicy: 'QUARANTINE', apply: true } as const;
    const input = { name: 'test', sample: { n: 1, text: 'a' }, ...rules };
    const dataset = (await sluice.query(CreateDatasetDocument, { input })).createDataset.id;
    await sluice.push(dataset, [{ n: 'planted-in-a-record', text: 'a' }]);
    const { body } = await sluice.post('/graphql', {
      query: 'mutation { createConnection(input: {name: "spare", sample: {a: 1}}) { id } }',
    });
    const connection = (body as unknown as { data: { createConnection: { id: string } } }).data.createConnection.id;
    const { createPushUrl } = await sluice.query(CreatePushUrlDocument, { input: { name: 'old', datasetId: dataset } });
    return {
      send,
      pushUrl: createPushUrl.pushUrl.id,
      dataset,
      connection,
      key: (await key('old', 'PUSH')).id,
      async waitingJob() {
        await holdLane(sluice, dataset);
        return (await sluice.post(`/dataload/${dataset}`, [{ n: 1, text: 'a' }])).body.jobId ?? '';
      },
    };
  }

  /** Sends a mutation of the administrator's, through a proxy, and returns what its field gives. */
  async function send(mutation: string): Promise<unknown> {
    const headers = { 'x-api-key': manager.secret, 'x-forwarded-for': `1.2.3.4, ${CLIENT}` };
    const { body } = await sluice.post('/graphql', { query: `mutation { ${mutation} }` }, headers);
    const { data, errors } = body as { data?: Record<string, unknown>; errors?: unknown };
    if (errors !== undefined || !data) throw new Error(`${mutation} returned ${JSON.stringify(body)}`);
    const [result] = Object.values(data);
    const { secret, url, token } = (result ?? {}) as { secret?: string; url?: string; token?: string };
    secrets.push(...[secret, url?.split('/').at(-1), token].filter((one) => one !== undefined));
    return result;
  }

  async function everyMutation(): Promise<Map<string, Recorded | null>> {
    const done = new Map<string, Recorded | null>();
    for (const [name, run] of Object.entries(AUDITED_MUTATIONS)) done.set(name, await run(given));
    return done;
  }

  async function read(variables: ReadAuditLogQueryVariables = {}) {
    return (await sluice.query(ReadAuditLogDocument, { first: 1000, ...variables })).auditLog;
  }

  it('knows every mutation of the schema', async () => {
    const fields = Object.keys((await createSchema()).getMutationType()?.getFields() ?? {});
    expect(Object.keys(AUDITED_MUTATIONS).toSorted()).toEqual(fields.toSorted());
  });

  it('has exactly one entry for each action of a manager, with who did it to what and from where', async () => {
    const { nodes } = await read({ filter: { callerId: manager.id } });
    const expected = [...recorded.values()].filter((one) => one !== null).toReversed();
    const common = {
      outcome: 'DONE',
      caller: { id: manager.id, kind: 'API_KEY', name: 'an administrator' },
      address: CLIENT,
    };
    expect(nodes).toEqual(
      expected.map((one) => ({ ...common, ...one, id: expect.any(String), at: expect.any(String) })),
    );
    const times = nodes.map(({ at }) => new Date(at).getTime());
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect(Date.now() - (times[0] ?? 0)).toBeLessThan(600_000);
    expect(await sluice.database.db.collection('audit_announcements').countDocuments()).toBe(0);
  });

  it('has no entries of pushes and reads', async () => {
    const { secret } = await key('a program', 'PUSH');
    const id = await sluice.dataset({ n: 1 });
    const before = (await read()).totalCount;
    await sluice.post(`/dataload/${id}?wait=60`, [{ n: 1 }], { 'x-api-key': secret });
    await sluice.post('/graphql', { query: `{ dataset(id: "${id}") { records { totalCount } } }` });
    expect((await read()).totalCount).toBe(before);
  });

  it('has no secrets, samples or records', async () => {
    const stored = JSON.stringify(await sluice.database.db.collection('audit').find().toArray());
    expect(stored).toContain('an administrator');
    expect(secrets.length).toBeGreaterThan(PLANTED.length + 7);
    for (const secret of secrets) expect(stored).not.toContain(secret);
  });

  it('has no entries of what was refused', async () => {
    const before = (await read()).totalCount;
    const { body } = await sluice.post('/graphql', { query: 'mutation { deleteDataset(id: "nowhere") }' });
    expect(body).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
    expect((await read()).totalCount).toBe(before);
    expect(await sluice.database.db.collection('audit_announcements').countDocuments()).toBe(0);
  });

  it('is filtered by action, caller, dataset and time', async () => {
    const { nodes: all } = await read();
    const someTime = all[5]?.at ?? '';
    const some: AuditAction[] = ['APPLY_CHANGES', 'CREATE_API_KEY'];
    for (const [filter, keeps] of [
      [{ actions: some }, (one) => some.includes(one.action)],
      [{ actions: [] }, () => false],
      [{ callerId: manager.id }, (one) => one.caller?.id === manager.id],
      [{ datasetId: given.dataset }, (one) => one.datasetId === given.dataset],
      [{ from: someTime }, (one) => one.at >= someTime],
      [{ to: someTime }, (one) => one.at < someTime],
      [{ actions: some, to: someTime }, (one) => one.at < someTime && some.includes(one.action)],
      [{ from: '0001-01-01T00:00:00Z', to: '9999-12-31T00:00:00Z' }, () => true],
    ] as [ReadAuditLogQueryVariables['filter'], (one: (typeof all)[number]) => boolean][]) {
      const { nodes, totalCount } = await read({ filter });
      expect([filter, nodes]).toEqual([filter, all.filter(keeps)]);
      expect(totalCount).toBe(nodes.length);
    }
  });

  it('is read in pages', async () => {
    const { nodes: all } = await read();
    const paged: unknown[] = [];
    let after: string | null | undefined;
    do {
      const { nodes, pageInfo } = await read({ first: 4, after });
      paged.push(...nodes);
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after != null);
    expect(paged).toEqual(all);
  });

  it.each(['PUSH', 'READ'] as const)('is FORBIDDEN to a key with the scope %s', async (scope) => {
    const { secret } = await key('other', scope);
    const { body } = await sluice.post('/graphql', { query: '{ auditLog { totalCount } }' }, { 'x-api-key': secret });
    expect(body).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  });

  it('is removed after its retention, also when that is changed', async () => {
    const seconds = async () => {
      const indexes = await sluice.database.db.collection('audit').indexes();
      return indexes.find(({ key: keys }) => keys.at === 1)?.expireAfterSeconds;
    };
    expect(await seconds()).toBe(365 * 86_400);
    const env = { ...storeEnv(), MONGODB_URL: sluice.database.url, SLUICE_API_KEY: API_KEY, PORT: '0' };
    const config = readConfig({ ...env, SLUICE_ROLE: 'api', SLUICE_AUDIT_RETENTION_DAYS: '30' });
    const other = await startApp(config, createLogger('silent'), () => undefined);
    await other.close();
    expect(await seconds()).toBe(30 * 86_400);
    const [stored] = await sluice.database.db.collection('audit').find().toArray();
    expect(stored?.at).toBeInstanceOf(Date);
  });

  it('has an entry of a key that is configured, and none of a start that finds it', async () => {
    const start = async (secret: string) => {
      const env = { ...storeEnv(), MONGODB_URL: sluice.database.url, SLUICE_API_KEY: secret, PORT: '0' };
      const app = await startApp(readConfig({ ...env, SLUICE_ROLE: 'api' }), createLogger('silent'), () => undefined);
      await app.close();
    };
    const configured = async () => {
      const { nodes } = await read({ filter: { actions: ['CREATE_API_KEY'] } });
      return nodes.filter(({ subject }) => subject.name === 'configured');
    };
    const [first, ...others] = await configured();
    expect(others).toEqual([]);
    expect(first).toMatchObject({ caller: null, address: null, outcome: 'DONE' });
    await start(API_KEY);
    expect(await configured()).toHaveLength(1);
    await start('another key that is configured');
    await start(API_KEY);
    const ids = (await configured()).map(({ subject }) => subject.id);
    expect(ids).toEqual([first?.subject.id, expect.not.stringMatching(`^${first?.subject.id}$`), first?.subject.id]);
  });

  it('has entries of npm run key, done on the machine', async () => {
    const run = (...args: string[]) =>
      runProgram(['src/key.ts', ...args], { ...storeEnv(), MONGODB_URL: sluice.database.url });
    const { output } = await run('create', 'by hand');
    const filter = { actions: ['CREATE_API_KEY', 'ROTATE_API_KEY', 'REVOKE_API_KEY'] as AuditAction[] };
    const [made] = (await read({ filter })).nodes;
    const id = made?.subject.id ?? '';
    await run('rotate', id);
    await run('revoke', id);
    const byHand = { outcome: 'DONE', caller: null, address: null, datasetId: null };
    const subject = { kind: 'API_KEY', id, name: 'by hand' };
    expect((await read({ filter, first: 3 })).nodes).toMatchObject(
      ['REVOKE_API_KEY', 'ROTATE_API_KEY', 'CREATE_API_KEY'].map((action) => ({ action, subject, ...byHand })),
    );
    const stored = JSON.stringify(await sluice.database.db.collection('audit').find().toArray());
    expect(stored).not.toContain(output.trim());
  });
});
