import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportSPKI } from 'jose';
import { pino } from 'pino';
import { CreateViewerTokenDocument } from '../generated/graphql.js';
import { claimsOf, forged, type Issuer, type IssuerKey, newKey, openIssuer, signed } from '../support/issuer.js';
import { type Sluice, startSluice } from '../support/sluice.js';
import { askAs, askOverSocket } from '../support/viewer.js';

describe('a service that trusts the keys of an issuer', () => {
  const keys = new Map<string, IssuerKey>();
  const log: string[] = [];
  const sent: string[] = [];
  let issuer: Issuer;
  let sluice: Sluice;
  let dataset: string;
  beforeAll(async () => {
    for (const alg of ['ES256', 'EdDSA', 'RS256']) keys.set(alg, await newKey(alg, `the ${alg} key`));
    issuer = await openIssuer(...keys.values());
    const into = new Writable({ write: (line, _encoding, done) => done(void log.push(String(line))) });
    sluice = await startSluice({ SLUICE_JWKS_URL: issuer.url }, pino({ level: 'trace' }, into));
    dataset = await sluice.dataset({ tenant: 'a', n: 1 });
    await sluice.edit(dataset, { columns: [{ id: 'tenant', securityName: 'tenant' }] });
    await sluice.apply(dataset);
    await sluice.push(
      dataset,
      ['a', 'b', 'a'].map((tenant, n) => ({ tenant, n })),
    );
  });
  afterAll(async () => {
    await sluice.close();
    await issuer.close();
  });

  function keyOf(alg: string): IssuerKey {
    const key = keys.get(alg);
    if (!key) throw new Error(`there is no key for ${alg}`);
    return key;
  }

  const permissions = () => [{ dataset_id: dataset, record_permissions: [{ security_name: 'tenant', values: ['a'] }] }];
  const query = () => `{ dataset(id: "${dataset}") { rowCount } }`;

  async function ask(made: string | Promise<string>) {
    const token = await made;
    sent.push(token);
    const { status, code, data, errors, headers } = await askAs(sluice, token, query());
    return { status, code, data, message: errors[0]?.message, headers };
  }

  const ROWS = { status: 200, data: { dataset: { rowCount: 2 } } };
  const refused = (reason: string) => ({
    status: 401,
    code: 'UNAUTHENTICATED',
    message: expect.stringContaining(reason),
  });

  it.each(['ES256', 'EdDSA', 'RS256'])(
    'lets a viewer with a token signed by %s read, also over a websocket',
    async (alg) => {
      const token = await signed(keyOf(alg), claimsOf({ permissions: permissions() }));
      expect(await ask(token)).toMatchObject(ROWS);
      expect(await askOverSocket(sluice, token, query())).toEqual({ data: ROWS.data });
    },
  );

  it('refuses tokens that are signed with a public key, with another one, or not at all', async () => {
    const claims = claimsOf({ permissions: permissions() });
    const { publicKey, jwk, kid } = keyOf('RS256');
    for (const secret of [await exportSPKI(publicKey), JSON.stringify(jwk)]) {
      expect(await ask(signed(secret, claims, { kid }))).toMatchObject(
        refused('its header has the alg "HS256"; this service accepts RS256, ES256, EdDSA'),
      );
    }
    expect(await ask(forged({ alg: 'none', kid }, claims))).toMatchObject(refused('its header has the alg "none"'));
    const attacker = await newKey('ES256', keyOf('ES256').kid);
    expect(await ask(signed(attacker, claims, { jwk: attacker.jwk }))).toMatchObject(
      refused('its signature does not fit'),
    );
    const own = await openIssuer(attacker);
    expect(await ask(signed(attacker, claims, { jku: own.url }))).toMatchObject(refused('its signature does not fit'));
    expect(own.requests()).toBe(0);
    await own.close();
    expect(await ask(signed({ ...keyOf('RS256'), kid: keyOf('ES256').kid }, claims))).toMatchObject(
      refused('the kid and the alg'),
    );
  });

  it('signs no tokens itself', async () => {
    const input = { subject: 'alice', permissions: [] };
    const { errors } = await sluice.execute(CreateViewerTokenDocument, { input });
    expect(errors).toMatchObject([
      { message: expect.stringContaining('SLUICE_JWT_SECRET is not set'), extensions: { code: 'BAD_REQUEST' } },
    ]);
  });

  it('says at its start that it accepts tokens for other audiences too', () => {
    expect(sluice.app.notices).toContainEqual(expect.stringContaining('SLUICE_JWT_AUDIENCE is not set'));
  });

  it('writes no token to the log, however it is sent', async () => {
    expect(sent.length).toBeGreaterThan(5);
    for (const token of sent) {
      const [, claims = '', signature = ''] = token.split('.');
      expect(log.filter((line) => line.includes(claims) || (signature && line.includes(signature)))).toEqual([]);
    }
  });
});

describe('a service whose issuer does not answer', () => {
  let issuer: Issuer;
  let sluice: Sluice;
  let key: IssuerKey;
  beforeAll(async () => {
    key = await newKey('ES256', 'a');
    issuer = await openIssuer();
    issuer.answer((response) => response.writeHead(500).end());
    sluice = await startSluice({ SLUICE_JWKS_URL: issuer.url, SLUICE_JWT_AUDIENCE: 'sluice' });
  });
  afterAll(async () => {
    await sluice.close();
    await issuer.close();
  });

  it('starts, serves API keys, and answers tokens with a 503 that asks to try again', async () => {
    const token = await signed(key, claimsOf({ aud: 'sluice' }));
    const { status, headers, code, errors } = await askAs(sluice, token, '{ __typename }');
    expect([status, code, headers.get('retry-after')]).toEqual([503, 'STORE_UNAVAILABLE', '10']);
    expect(errors[0]?.message).toContain('the keys of its issuer could not be fetched: it answered with status 500');
    expect(JSON.stringify(errors)).not.toContain(new URL(issuer.url).port);
    const closed = await askOverSocket(sluice, token, '{ __typename }');
    expect(closed).toEqual({
      code: 1013,
      reason: expect.stringContaining('STORE_UNAVAILABLE: the viewer token cannot be verified now'),
    });
    expect(await sluice.dataset({ n: 1 })).toEqual(expect.any(String));
    expect(sluice.app.notices).not.toContainEqual(expect.stringContaining('SLUICE_JWT_AUDIENCE'));
  });
});

describe('a service without settings for viewer tokens', () => {
  it('refuses every token and says why', async () => {
    const sluice = await startSluice();
    const { status, errors } = await askAs(sluice, await signed('x'.repeat(32)), '{ __typename }');
    expect(status).toBe(401);
    expect(errors[0]?.message).toContain(
      'this service accepts none, because neither SLUICE_JWT_SECRET nor SLUICE_JWKS_URL is set',
    );
    await sluice.close();
  });
});
