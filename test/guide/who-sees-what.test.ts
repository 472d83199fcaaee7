import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { SignJWT } from 'jose';
import { WebSocket } from 'ws';
import { openShop, type Shop } from './shop.js';

/** In production: the output of `openssl rand -base64 48`. */
const SECRET = 'a secret of the service and of the backend';

const ORDERS = [
  { id: 1, tenant: 'acme', amount: 12, email: 'ada@acme.example' },
  { id: 2, tenant: 'globex', amount: 250, email: 'hank@globex.example' },
  { id: 3, tenant: 'acme', amount: 90, email: 'grace@acme.example' },
];

const ROWS_QUERY = `query ($id: ID!, $where: RecordFilter) {
  dataset(id: $id) { rowCount columns { id } records(where: $where, orderBy: [{ column: "id" }]) { nodes { values } } }
}`;

interface Rows {
  dataset: { rowCount: number; columns: { id: string }[]; records: { nodes: { values: object }[] } };
}

// From an API key to rows that only one customer sees. Read the chapters in order: each continues where the one before it ended.
describe('Who sees what', () => {
  let shop: Shop;
  let id: string;
  beforeAll(async () => {
    shop = await openShop({ SLUICE_JWT_SECRET: SECRET });
    const { createDataset } = await shop.graphql<{ createDataset: { id: string } }>(
      'mutation ($sample: JSON!) { createDataset(input: { name: "orders", sample: $sample, apply: true }) { id } }',
      { sample: ORDERS[0] },
    );
    id = createDataset.id;
  });
  afterAll(() => shop.close());

  /** Creates a key for the dataset; its secret is shown this once. */
  async function createKey(scope: 'PUSH' | 'READ'): Promise<{ keyId: string; secret: string }> {
    const { createApiKey } = await shop.graphql<{ createApiKey: { secret: string; apiKey: { id: string } } }>(
      `mutation ($id: ID!, $scope: Scope!) {
        createApiKey(input: { name: "a program", scopes: [$scope], datasetIds: [$id] }) { secret apiKey { id } }
      }`,
      { id, scope },
    );
    return { keyId: createApiKey.apiKey.id, secret: createApiKey.secret };
  }

  /** What a viewer of these tenants may see. */
  const permissions = (...values: string[]) => [
    { dataset_id: id, record_permissions: [{ security_name: 'tenant', values }] },
  ];

  /** A token as a backend in Node.js signs it, without a request to Sluice. */
  const signed = (...tenants: string[]) =>
    new SignJWT({ permissions: permissions(...tenants) })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject('user 4711')
      .setExpirationTime('15 minutes')
      .sign(new TextEncoder().encode(SECRET));

  const viewer = (token: string) => shop.as({ authorization: `Bearer ${token}` });

  it('18. A key with the scope PUSH pushes to its dataset, and reads no rows', async () => {
    const importer = shop.as({ 'x-api-key': (await createKey('PUSH')).secret });
    const pushed = await importer.post(`${shop.url}/dataload/${id}?wait=60`, ORDERS);
    expect(pushed).toMatchObject({ statusJob: { status: 'Complete' } });
    await expect(importer.graphql(ROWS_QUERY, { id })).rejects.toThrow('FORBIDDEN');
  });

  it('19. A security name decides by which column rows are shown, and managers alone see a sensitive column', async () => {
    const reader = shop.as({ 'x-api-key': (await createKey('READ')).secret });
    expect((await reader.graphql<Rows>(ROWS_QUERY, { id })).dataset.rowCount).toBe(3);

    const { applyChanges } = await shop.graphql<{ applyChanges: object }>(
      `mutation ($id: ID!) {
        updateDesign(datasetId: $id, input: {
          expectedRevision: 1
          columns: [{ id: "tenant", securityName: "tenant", indexed: true }, { id: "email", sensitive: true }]
        }) { design { faults { message } } }
        applyChanges(datasetId: $id, waitSeconds: 60) { dataset { status } reload { status } }
      }`,
      { id },
    );
    // The index makes pages of viewers fast. It is why the stored rows were rebuilt.
    expect(applyChanges).toEqual({ dataset: { status: 'ACTIVE' }, reload: { status: 'COMPLETE' } });

    // A key says nothing of tenants, so from now on this dataset takes a viewer token.
    await expect(reader.graphql(ROWS_QUERY, { id })).rejects.toThrow('FORBIDDEN');
  });

  it('20. A viewer token shows the rows of its permissions: in pages, counts and filters alike', async () => {
    const { createViewerToken } = await shop.graphql<{ createViewerToken: { token: string } }>(
      `mutation ($permissions: JSON!) {
        createViewerToken(input: { subject: "user 4711", permissions: $permissions, expiresInSeconds: 900 }) { token }
      }`,
      { permissions: permissions('acme') },
    );
    const { dataset } = await viewer(createViewerToken.token).graphql<Rows>(ROWS_QUERY, { id });
    expect(dataset).toEqual({
      rowCount: 2,
      columns: [{ id: 'id' }, { id: 'tenant' }, { id: 'amount' }],
      records: {
        nodes: [{ values: { id: 1, tenant: 'acme', amount: 12 } }, { values: { id: 3, tenant: 'acme', amount: 90 } }],
      },
    });
    const large = { column: 'amount', op: 'GT', value: 100 };
    const found = await viewer(createViewerToken.token).graphql<Rows>(ROWS_QUERY, { id, where: large });
    expect(found.dataset.records.nodes).toEqual([]);
  });

  it('21. A backend can sign tokens itself, for HTTP and for the websocket', async () => {
    const token = await signed('globex');
    const { dataset } = await viewer(token).graphql<Rows>(ROWS_QUERY, { id });
    expect(dataset.records.nodes).toEqual([{ values: { id: 2, tenant: 'globex', amount: 250 } }]);

    const socket = createClient({
      url: `${shop.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { Authorization: `Bearer ${token}` },
    });
    const { value } = await socket.iterate({ query: ROWS_QUERY, variables: { id } }).next();
    expect(value).toEqual({ data: { dataset } });
    await socket.dispose();
  });

  it('22. A manager asks what permissions show, and why they show nothing', async () => {
    const explained = async (asked: unknown) => {
      const { explainPermissions } = await shop.graphql<{ explainPermissions: object }>(
        'query ($id: ID!, $asked: JSON) { explainPermissions(datasetId: $id, permissions: $asked) { reason filter rowCount } }',
        { id, asked },
      );
      return explainPermissions;
    };
    const filter = { column: 'tenant', op: 'EQ', value: 'acme' };
    expect(await explained(permissions('acme'))).toEqual({ reason: null, filter, rowCount: 2 });
    const reason = 'no entry for the dataset has its security name "tenant"';
    expect(await explained([])).toEqual({ reason, filter: null, rowCount: 0 });
  });

  it('23. A rotated key has two secrets for a while, and a revoked one has none', async () => {
    const { keyId, secret } = await createKey('PUSH');
    const { rotateApiKey } = await shop.graphql<{ rotateApiKey: { secret: string } }>(
      'mutation ($keyId: ID!) { rotateApiKey(id: $keyId, overlapSeconds: 3600) { secret } }',
      { keyId },
    );
    const push = (key: string) => shop.as({ 'x-api-key': key }).post(`${shop.url}/dataload/${id}`, ORDERS);
    for (const key of [secret, rotateApiKey.secret]) expect(await push(key)).toEqual({ jobId: expect.any(String) });
    await shop.graphql('mutation ($keyId: ID!) { revokeApiKey(id: $keyId) { state } }', { keyId });
    for (const key of [secret, rotateApiKey.secret]) expect(await push(key)).toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});
