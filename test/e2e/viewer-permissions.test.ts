import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CreateApiKeyDocument,
  CreateDatasetDocument,
  CreateViewerTokenDocument,
  type CreateViewerTokenInput,
  ExplainPermissionsDocument,
  ReadAsViewerDocument,
} from '../generated/graphql.js';
import type { Sluice } from '../support/sluice.js';
import { askAs, openTenants, type Tenants, tenants } from '../support/viewer.js';

describe('permissions', () => {
  let bench: Tenants;
  let sluice: Sluice;
  /** Of three tenants. */
  let secured: string;
  let open: string;
  beforeAll(async () => {
    bench = await openTenants();
    ({ sluice, secured, open } = bench);
  });
  afterAll(() => sluice.close());

  describe('that createViewerToken signs', () => {
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

  describe('that are explained', () => {
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
      expect(await explained({ token: await bench.minted(permissions) })).toEqual(explanation);
      const where = explanation.filter as never;
      const { data } = await askAs(sluice, await bench.minted(tenants(secured, '*')), ReadAsViewerDocument, {
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
      const expired = await bench.signed({ exp: 1_700_000_000 });
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
