import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CompactSign } from 'jose';
import { claimsOf, forged, signed } from '../support/issuer.js';
import { API_KEY, type Sluice } from '../support/sluice.js';
import { askAs, askOverSocket, openTenants, SECRET, type Tenants, tenants } from '../support/viewer.js';

describe('a viewer token', () => {
  let bench: Tenants;
  let sluice: Sluice;
  /** Of three tenants. */
  let secured: string;
  beforeAll(async () => {
    bench = await openTenants();
    ({ sluice, secured } = bench);
  });
  afterAll(() => sluice.close());

  function signedText(claims: string): Promise<string> {
    const text = new TextEncoder();
    return new CompactSign(text.encode(claims)).setProtectedHeader({ alg: 'HS256' }).sign(text.encode(SECRET));
  }

  it.each<[string, () => string | Promise<string>, string]>([
    [
      'has expired',
      () => bench.signed({ exp: 1_700_000_000 }),
      'it expired at 2023-11-14T22:13:20.000Z; send a new one',
    ],
    ['has no exp', () => bench.signed({ exp: undefined }), 'the claim "exp" is missing'],
    ['is not valid yet', () => bench.signed({ nbf: 4_000_000_000 }), 'it is not valid before 2096'],
    ['is of another issuer', () => bench.signed({ iss: 'me' }), 'the claim "iss" is "me"; it must be "the tests"'],
    ['is for others', () => bench.signed({ aud: 'x' }), 'the claim "aud" is "x"; it must be or have "sluice"'],
    ['has no permissions', () => bench.signed({ permissions: undefined }), 'the claim "permissions" is missing'],
    [
      'has permissions that are no list',
      () => bench.signed({ permissions: {} }),
      'the claim permissions is {}; give a list',
    ],
    [
      'has an unknown validation type',
      () =>
        bench.signed({
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
    ['is cut', async () => (await bench.signed()).slice(0, -5), 'its signature does not fit'],
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
    const token = await bench.signed({ permissions: tenants(secured, ...Array(750).fill('0123456789')) });
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
    const token = await bench.signed();
    const both = await askAs(sluice, token, '{ __typename }', undefined, { 'x-api-key': API_KEY });
    expect([both.code, both.errors[0]?.message]).toEqual([
      'UNAUTHENTICATED',
      expect.stringContaining('an API key and a viewer token were sent'),
    ]);
    const two = await askAs(sluice, token, '{ __typename }', undefined, {
      'x-api-key': await bench.signed({ sub: 'bob' }),
    });
    expect(two.errors[0]?.message).toContain('two different viewer tokens were sent');
    expect(await askAs(sluice, API_KEY, '{ datasets { totalCount } }')).toMatchObject({ code: 'OK' });
  });
});
