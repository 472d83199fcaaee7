import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CompactSign, type JWTPayload } from 'jose';
import {
  CreateApiKeyDocument,
  CreateDatasetDocument,
  CreateViewerTokenDocument,
  type CreateViewerTokenInput,
  ExplainPermissionsDocument,
  ReadAsViewerDocument,
} from '../generated/graphql.js';
import { claimsOf, forged, signed } from '../support/issuer.js';
import { API_KEY, type Sluice, startSluice } from '../support/sluice.js';
import { askAs, askOverSocket } from '../support/viewer.js';

const SECRET = 'a secret that only these tests and their service know';
const SAMPLE = { tenant: 'a', n: 1, hidden: 'h', inside: { city: 'x' } };

/** Permissions for the rows with certain values in the column with the security name `tenant`. */
function tenants(datasetId: string | readonly string[], ...values: readonly unknown[]) {
  return [{ dataset_id: datasetId, record_permissions: [{ security_name: 'tenant', values }] }];
}

describe('a viewer token', () => {
  let sluice: Sluice;
  /** Of two tenants. */
  let secured: string;
  let open: string;
  let unpermitted: string;
  beforeAll(async () => {
    sluice = await startSluice({
      SLUICE_JWT_SECRET: SECRET,
      SLUICE_JWT_ISSUER: 'the tests',
      SLUICE_JWT_AUDIENCE: 'sluice',
    });
    secured = await securedDataset('tenant');
    unpermitted = await securedDataset('other');
    open = await sluice.dataset({ n: 1 });
    await sluice.push(open, [{ n: 1 }]);
  });
  afterAll(() => sluice.close());

  async function securedDataset(securityName: string): Promise<string> {
    const id = await sluice.dataset(SAMPLE);
    const columns = [
      { id: 'tenant', securityName },
      { id: 'hidden', enabled: false },
      { id: 'n', displayFormat: ',.2f' },
    ];
    await sluice.edit(id, { columns });
    await sluice.apply(id);
    const records = ['a', 'b', 'a', 'c', 'a'].map((tenant, index) => ({ ...SAMPLE, tenant, n: index }));
    await sluice.push(id, records);
    return id;
  }

  async function minted(permissions: unknown, rest: Partial<CreateViewerTokenInput> = {}): Promise<string> {
    const input = { subject: 'alice', permissions, ...rest };
    return (await sluice.query(CreateViewerTokenDocument, { input })).createViewerToken.token;
  }

  function signedText(claims: string): Promise<string> {
    const text = new TextEncoder();
    return new CompactSign(text.encode(claims)).setProtectedHeader({ alg: 'HS256' }).sign(text.encode(SECRET));
  }

  const own = (claims: JWTPayload = {}) =>
    signed(SECRET, claimsOf({ iss: 'the tests', aud: 'sluice', permissions: tenants(secured, 'a'), ...claims }));

  it('reads the rows that its permissions show, their count and the columns, and nothing of the others', async () => {
    const token = await minted(tenants(secured, 'a'));
    const { data } = await askAs(sluice, token, ReadAsViewerDocument, { id: secured });
    expect(data?.dataset).toMatchObject({ id: secured, name: 'test', rowCount: 3, records: { totalCount: 3 } });
    expect(data?.dataset?.columns).toEqual([
      { id: 'tenant', name: 'tenant', type: 'TEXT', displayFormat: null },
      { id: 'n', name: 'n', type: 'NUMERIC', displayFormat: ',.2f' },
      { id: 'inside.city', name: 'inside.city', type: 'TEXT', displayFormat: null },
    ]);
    const values = data?.dataset?.records.nodes.map((node) => node.values);
    expect(values?.map(({ n }) => n).sort()).toEqual([0, 2, 4]);
    expect(Object.keys(values?.[0] ?? {}).sort()).toEqual(['inside.city', 'n', 'tenant']);
    const where = { column: 'tenant', op: 'EQ' as const, value: 'b' };
    const others = await askAs(sluice, token, ReadAsViewerDocument, { id: secured, where });
    expect(others.data?.dataset).toMatchObject({ rowCount: 3, records: { totalCount: 0, nodes: [] } });
  });

  it('sees the columns that a manager sees too, except before the first apply, when nobody sees any', async () => {
    const shown = ['tenant', 'n', 'inside.city'];
    const manager = await sluice.query(ReadAsViewerDocument, { id: secured });
    expect(manager.dataset?.columns.map(({ id }) => id)).toEqual(shown);
    await sluice.edit(secured, { columns: [{ id: 'n', name: 'number', securityName: 'later' }] });
    expect((await sluice.query(ReadAsViewerDocument, { id: secured })).dataset).toEqual(manager.dataset);
    await sluice.edit(secured, { columns: [{ id: 'n', name: 'n', securityName: null }] });
    const { createDataset } = await sluice.query(CreateDatasetDocument, { input: { name: 'x', sample: { n: 1 } } });
    expect((await sluice.query(ReadAsViewerDocument, { id: createDataset.id })).dataset).toMatchObject({ columns: [] });
  });

  it('reads the same over a websocket', async () => {
    const query = `{ dataset(id: "${secured}") { rowCount records(orderBy: [{column: "n"}]) { nodes { values } } } }`;
    const node = (n: number) => ({ values: { tenant: 'a', n, 'inside.city': 'x' } });
    const dataset = { rowCount: 3, records: { nodes: [0, 2, 4].map(node) } };
    expect(await askOverSocket(sluice, await minted(tenants(secured, 'a')), query)).toEqual({ data: { dataset } });
  });

  it('reads a dataset without security names, whatever its permissions are', async () => {
    for (const permissions of [[], tenants(secured, 'a')]) {
      const { data } = await askAs(sluice, await minted(permissions), ReadAsViewerDocument, { id: open });
      expect(data?.dataset).toMatchObject({ rowCount: 1, columns: [{ id: 'n' }], records: { totalCount: 1 } });
    }
  });

  it('is not told whether a dataset exists that its permissions do not show', async () => {
    const never = await sluice.query(CreateDatasetDocument, { input: { name: 'x', sample: { n: 1 } } });
    const token = await minted([...tenants(secured, 'a'), ...tenants(unpermitted, 'a')]);
    const ask = async (id: string) => {
      const { data, errors } = await askAs(sluice, token, `{ dataset(id: "${id}") { name } }`);
      return { data, errors: errors.map(({ message, extensions }) => ({ message, extensions })) };
    };
    const unknown = await ask('0199a0b0-0000-7000-8000-000000000000');
    expect(unknown.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect(await ask(unpermitted)).toEqual(unknown);
    expect(await ask(never.createDataset.id)).toEqual(unknown);
  });

  it.each([
    ['datasets', () => '{ datasets { totalCount } }'],
    ['jobs', () => '{ jobs { totalCount } }'],
    ['connections', () => '{ connections { totalCount } }'],
    ['API keys', () => '{ apiKeys { totalCount } }'],
    ['its jobs', () => `{ dataset(id: "${secured}") { jobs { totalCount } } }`],
    ['its last job', () => `{ dataset(id: "${secured}") { lastJob { id } } }`],
    ['its quarantine', () => `{ dataset(id: "${secured}") { quarantine { totalCount } } }`],
    ['its design', () => `{ dataset(id: "${secured}") { design { columns { id } } } }`],
    ['its applied design', () => `{ dataset(id: "${secured}") { appliedDesign { revision } } }`],
    ['its connection', () => `{ dataset(id: "${secured}") { connection { sample } } }`],
    ['its push instructions', () => `{ dataset(id: "${secured}") { pushInstructions { postData } } }`],
    ['its record count', () => `{ dataset(id: "${secured}") { recordCount } }`],
    ['inferred fields', () => '{ inferFields(sample: {a: 1}) { path } }'],
    ['permissions', () => `{ explainPermissions(datasetId: "${secured}", permissions: []) { rowCount } }`],
    ['a token', () => 'mutation { createViewerToken(input: {subject: "x", permissions: []}) { token } }'],
    ['a key', () => 'mutation { createApiKey(input: {name: "x", scopes: [READ]}) { secret } }'],
    ['a delete', () => `mutation { deleteData(input: {datasetId: "${secured}", where: {}}) { id } }`],
    ['a reload', () => `mutation { rebuildDataset(datasetId: "${secured}") { id } }`],
  ])('gets FORBIDDEN for %s', async (_, query) => {
    expect((await askAs(sluice, await own(), query())).code).toBe('FORBIDDEN');
  });

  it('gets FORBIDDEN for pushes, and for jobs that it watches', async () => {
    const token = await own();
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const push = await fetch(`${sluice.url}/dataload/${open}`, { method: 'POST', headers, body: '[{"n": 2}]' });
    expect([push.status, await push.json()]).toEqual([403, expect.objectContaining({ code: 'FORBIDDEN' })]);
    const watched = await askOverSocket(
      sluice,
      token,
      `subscription { jobStatusChanged(datasetId: "${open}") { status } }`,
    );
    expect(watched).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  });

  it.each<[string, () => string | Promise<string>, string]>([
    ['has expired', () => own({ exp: 1_700_000_000 }), 'it expired at 2023-11-14T22:13:20.000Z; send a new one'],
    ['has no exp', () => own({ exp: undefined }), 'the claim "exp" is missing'],
    ['is not valid yet', () => own({ nbf: 4_000_000_000 }), 'it is not valid before 2096'],
    ['is of another issuer', () => own({ iss: 'me' }), 'the claim "iss" is "me"; it must be "the tests"'],
    ['is for others', () => own({ aud: 'x' }), 'the claim "aud" is "x"; it must be or have "sluice"'],
    ['has no permissions', () => own({ permissions: undefined }), 'the claim "permissions" is missing'],
    ['has permissions that are no list', () => own({ permissions: {} }), 'the claim permissions is {}; give a list'],
    [
      'has an unknown validation type',
      () =>
        own({
          permissions: [
            {
              dataset_id: '*',
              record_permissions: [{ security_name: 'tenant', values: ['a'], validation_type: 'LIKE' }],
            },
          ],
        }),
      'the claim permissions[0].record_permissions[0].validation_type is "LIKE"; give one of EQUAL',
    ],
    [
      'has a number that would be rounded',
      () =>
        signedText(
          `{"iss": "the tests", "aud": "sluice", "sub": "x", "exp": ${Math.floor(Date.now() / 1_000) + 60}, "permissions": [{"dataset_id": "*", "record_permissions": [{"security_name": "tenant", "values": [12345678901234567890]}]}]}`,
        ),
      'the claim permissions[0].record_permissions[0].values[0] is 12345678901234567890; give',
    ],
    ['is signed with another secret', () => signed(`${SECRET}.`), 'its signature does not fit'],
    ['is not signed', () => forged({ alg: 'none' }, claimsOf()), 'its header has the alg "none"'],
    ['is cut', async () => (await own()).slice(0, -5), 'its signature does not fit'],
  ])('is refused if it %s', async (_, made, reason) => {
    const token = await made();
    const { status, code, errors } = await askAs(sluice, token, '{ __typename }');
    expect([status, code]).toEqual([401, 'UNAUTHENTICATED']);
    expect(errors[0]?.message).toContain(`the viewer token was refused: ${reason}`);
    expect(JSON.stringify(errors)).not.toContain(token.split('.')[1]);
    const rest = await fetch(`${sluice.url}/dataload/x/status`, { headers: { authorization: `Bearer ${token}` } });
    expect([rest.status, await rest.json()]).toEqual([401, expect.objectContaining({ code: 'UNAUTHENTICATED' })]);
    const closed = await askOverSocket(sluice, token, '{ __typename }');
    expect(closed).toEqual({
      code: 4403,
      reason: expect.stringContaining('UNAUTHENTICATED: the viewer token was refused'),
    });
  });

  it('is refused if it is too long', async () => {
    const token = await own({ permissions: tenants(secured, ...Array(750).fill('0123456789')) });
    expect(token.length).toBeGreaterThan(12_288);
    const { errors } = await askAs(sluice, token, '{ __typename }');
    expect(errors[0]?.message).toMatch(/it has \d+ characters; at most 12288 are allowed/);
    const huge = 'x'.repeat(1_000_000);
    const headers = { authorization: `Bearer ${forged({ alg: 'HS256' }, claimsOf(), huge)}` };
    expect((await fetch(`${sluice.url}/graphql?query={__typename}`, { headers })).status).toBe(431);
    expect(await askOverSocket(sluice, forged({ alg: 'HS256' }, claimsOf(), huge), '{ __typename }')).toMatchObject({
      code: 1006,
    });
  });

  it('is refused together with an API key or another token, and an API key as a bearer is still a key', async () => {
    const token = await own();
    const both = await askAs(sluice, token, '{ __typename }', undefined, { 'x-api-key': API_KEY });
    expect([both.code, both.errors[0]?.message]).toEqual([
      'UNAUTHENTICATED',
      expect.stringContaining('an API key and a viewer token were sent'),
    ]);
    const two = await askAs(sluice, token, '{ __typename }', undefined, { 'x-api-key': await own({ sub: 'bob' }) });
    expect(two.errors[0]?.message).toContain('two different viewer tokens were sent');
    expect(await askAs(sluice, API_KEY, '{ datasets { totalCount } }')).toMatchObject({ code: 'OK' });
  });

  it('sees what the applied design permits now, and never what an earlier one did', async () => {
    const id = await securedDataset('tenant');
    const token = await minted(tenants(id, 'a'));
    const count = () =>
      askAs(sluice, token, `{ dataset(id: "${id}") { rowCount records(first: 1) { pageInfo { endCursor } } } }`);
    expect((await count()).data).toMatchObject({ dataset: { rowCount: 3 } });
    await sluice.edit(id, { columns: [{ id: 'n', securityName: 'size' }] });
    expect((await count()).data).toMatchObject({ dataset: { rowCount: 3 } });
    await sluice.apply(id);
    expect((await count()).code).toBe('FORBIDDEN');
    await sluice.edit(id, { columns: [{ id: 'n', securityName: null, enabled: false }] });
    await sluice.apply(id);
    const columns = await askAs(sluice, token, `{ dataset(id: "${id}") { columns { id } } }`);
    expect(columns.data).toEqual({ dataset: { columns: [{ id: 'tenant' }, { id: 'inside.city' }] } });
  });

  describe('that is made by createViewerToken', () => {
    it('expires when it says', async () => {
      const before = Math.floor(Date.now() / 1_000);
      const input = { subject: 'alice', permissions: [], expiresInSeconds: 60 };
      const { token, expiresAt } = (await sluice.query(CreateViewerTokenDocument, { input })).createViewerToken;
      const { exp, ...claims } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
      expect(new Date(expiresAt).getTime()).toBe(exp * 1_000);
      expect(exp - before - 60).toBeGreaterThanOrEqual(0);
      expect(exp - before - 60).toBeLessThan(30);
      expect(claims).toEqual({
        iss: 'the tests',
        aud: 'sluice',
        sub: 'alice',
        iat: exp - 60,
        jti: expect.any(String),
        permissions: [],
      });
    });

    const entry = { dataset_id: 'x'.repeat(199), record_permissions: [{ security_name: 's', values: ['*'] }] };

    it.each<[string, Partial<CreateViewerTokenInput>, string, RegExp]>([
      [
        'an empty entry',
        { permissions: [{}] },
        'permissions[0].dataset_id',
        /^input\.permissions\[0\]\.dataset_id is missing; give/,
      ],
      ['a word', { permissions: 'all' }, 'permissions', /^input\.permissions is "all"; give a list/],
      [
        'too much',
        { permissions: Array(60).fill(entry) },
        'permissions',
        /would have \d+ characters, and may have 12288/,
      ],
      ['nobody', { subject: '' }, 'subject', /^input\.subject has 0 characters; give a well-formed text of 1 to 255/],
      ['a long subject', { subject: 'x'.repeat(256) }, 'subject', /^input\.subject has 256 characters/],
      ['no time', { expiresInSeconds: 0 }, 'expiresInSeconds', /^input\.expiresInSeconds is 0; give 1 to 86400/],
      ['a long time', { expiresInSeconds: 86_401 }, 'expiresInSeconds', /^input\.expiresInSeconds is 86401/],
    ])('is not made of %s', async (_, rest, place, message) => {
      const input = { subject: 'alice', permissions: [], ...rest };
      const { errors } = await sluice.execute(CreateViewerTokenDocument, { input });
      expect(errors).toMatchObject([
        { message: expect.stringMatching(message), extensions: { code: 'BAD_REQUEST', field: `input.${place}` } },
      ]);
    });
  });

  describe('that is explained', () => {
    async function explained(variables: { permissions?: unknown; token?: string }, datasetId = secured) {
      return (await sluice.query(ExplainPermissionsDocument, { datasetId, ...variables })).explainPermissions;
    }

    it('has the filter, the columns and the number of rows that the viewer gets', async () => {
      const explanation = {
        reason: null,
        filter: { column: 'tenant', op: 'IN', values: ['a', 'c'] },
        columns: [{ id: 'tenant' }, { id: 'n' }, { id: 'inside.city' }],
        rowCount: 4,
      };
      const permissions = tenants(secured, 'a', 'c');
      expect(await explained({ permissions })).toEqual(explanation);
      expect(await explained({ token: await minted(permissions) })).toEqual(explanation);
      const where = explanation.filter as never;
      const { data } = await askAs(sluice, await minted(tenants(secured, '*')), ReadAsViewerDocument, {
        id: secured,
        where,
      });
      expect(data?.dataset).toMatchObject({ rowCount: 5, records: { totalCount: 4 } });
      expect(await explained({ permissions: [] }, open)).toMatchObject({ reason: null, filter: null, rowCount: 1 });
    });

    it('says why it shows nothing', async () => {
      const nothing = { filter: null, columns: [], rowCount: 0 };
      const reason = expect.stringContaining('no entry for the dataset has its security name "tenant"');
      expect(await explained({ permissions: tenants(open, 'a') })).toEqual({ ...nothing, reason });
      const unapplied = (await sluice.query(CreateDatasetDocument, { input: { name: 'x', sample: { n: 1 } } }))
        .createDataset.id;
      expect(await explained({ permissions: [] }, unapplied)).toEqual({
        ...nothing,
        reason: expect.stringContaining('no applied design yet'),
      });
    });

    it('is refused if it is wrong, without a word of the token', async () => {
      const ask = async (variables: object) =>
        (await sluice.execute(ExplainPermissionsDocument, { datasetId: secured, ...variables })).errors;
      const expired = await own({ exp: 1_700_000_000 });
      expect(await ask({ token: expired })).toMatchObject([
        { message: expect.stringContaining('it expired at 2023'), extensions: { code: 'BAD_REQUEST', field: 'token' } },
      ]);
      expect(await ask({ permissions: 7 })).toMatchObject([
        { extensions: { code: 'BAD_REQUEST', field: 'permissions' } },
      ]);
      for (const variables of [{}, { permissions: [], token: expired }]) {
        expect(await ask(variables)).toMatchObject([{ message: 'give either permissions or a token that has them' }]);
      }
      expect(JSON.stringify(await ask({ token: expired, datasetId: 7 }))).not.toContain(expired.slice(-20));
      expect(await ask({ permissions: [], datasetId: 'none' })).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    });

    it('takes a key with the scope MANAGE, like making one', async () => {
      const input = { name: 'reader', scopes: ['READ' as const, 'PUSH' as const] };
      const { secret } = (await sluice.query(CreateApiKeyDocument, { input })).createApiKey;
      for (const query of [
        `{ explainPermissions(datasetId: "${secured}", permissions: []) { rowCount } }`,
        'mutation { createViewerToken(input: {subject: "x", permissions: []}) { token } }',
      ]) {
        expect((await askAs(sluice, secret, query)).code).toBe('FORBIDDEN');
      }
    });
  });
});
