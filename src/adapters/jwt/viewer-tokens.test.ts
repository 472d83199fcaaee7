import { describe, expect, it } from '@jest/globals';
import { CompactSign } from 'jose';
import { forged, signed } from '../../../test/support/issuer.js';
import { ExactNumber } from '../../domain/json/json-value.js';
import { parseJson } from '../../domain/json/parse-json.js';
import { jwtViewerTokens } from './viewer-tokens.js';

const SECRET = 'a secret that has more than 32 bytes';
const NOW = new Date('2026-06-01T12:00:00Z');
const SECONDS = NOW.getTime() / 1_000;
const CLAIMS = { sub: 'alice', exp: SECONDS + 60, permissions: [{ dataset_id: '*' }] };

function tokens(rules: { issuer?: string; audience?: string } = {}) {
  const key = { kind: 'SECRET', secret: SECRET } as const;
  const clock = { now: () => NOW, monotonicMs: () => 0 };
  return jwtViewerTokens(
    { key, issuer: rules.issuer, audience: rules.audience },
    { clock, reportFault: () => undefined },
  );
}

async function refusal(token: string, rules?: { issuer?: string; audience?: string }): Promise<string> {
  const error = await tokens(rules)
    .verify(token)
    .then(
      () => new Error('the token was accepted'),
      (thrown) => thrown,
    );
  expect(error).toMatchObject({ code: 'UNAUTHENTICATED' });
  for (const part of [SECRET, ...token.split('.').slice(1)]) {
    if (part.length > 10) expect(error.message).not.toContain(part);
  }
  return error.message;
}

describe('a viewer token that is signed with the secret', () => {
  it('gives its claims, and is valid until ten seconds after exp', async () => {
    const expiresAt = new Date((CLAIMS.exp + 10) * 1_000);
    const claims = { subject: 'alice', permissions: [{ dataset_id: '*' }], expiresAt, tokenId: null };
    expect(await tokens().verify(await signed(SECRET, CLAIMS))).toEqual(claims);
    expect(await tokens().verify(await signed(SECRET, { ...CLAIMS, jti: 'x' }))).toEqual({ ...claims, tokenId: 'x' });
  });

  it.each([
    { exp: SECONDS - 9 },
    { nbf: SECONDS + 10 },
    { exp: SECONDS + 86_400 },
    { aud: ['other', 'sluice'] },
    { permissions: null },
  ])('is accepted with %j', async (claims) => {
    const token = await signed(SECRET, { iss: 'me', aud: 'sluice', ...CLAIMS, ...claims });
    await expect(tokens({ issuer: 'me', audience: 'sluice' }).verify(token)).resolves.toMatchObject({
      subject: 'alice',
    });
  });

  it.each([
    [{ exp: undefined }, 'the claim "exp" is missing'],
    [{ exp: SECONDS - 10 }, 'it expired at 2026-06-01T11:59:50.000Z; send a new one'],
    [{ exp: 'soon' as never }, 'the claim "exp" is not a number of seconds'],
    [
      { exp: SECONDS + 86_411 },
      'it expires at 2026-06-02T12:00:11.000Z, but may be valid for 86400 seconds from now at most',
    ],
    [{ exp: 1e300 }, 'it expires at 1e+300, but may be valid for'],
    [{ nbf: SECONDS + 11 }, 'it is not valid before 2026-06-01T12:00:11.000Z (the claim "nbf")'],
    [{ nbf: 'now' as never }, 'the claim "nbf" is not a number of seconds'],
    [{ sub: undefined }, 'the claim "sub" is missing; it must be a text of 1 to 255 characters'],
    [{ sub: '' }, 'the claim "sub" is ""; it must be a text'],
    [{ sub: 'x'.repeat(256) }, `the claim "sub" is "${'x'.repeat(199)}...; it must be a text`],
    [{ sub: 7 as never }, 'the claim "sub" is 7; it must be a text'],
    [{ jti: 7 as never }, 'the claim "jti" is 7; it must be a text'],
    [{ permissions: undefined }, 'the claim "permissions" is missing; a token without it was made for something else'],
    [{ iss: undefined }, 'the claim "iss" is missing'],
    [{ iss: 'you' }, 'the claim "iss" is "you"; it must be "me"'],
    [{ aud: undefined }, 'the claim "aud" is missing'],
    [{ aud: 'other' }, 'the claim "aud" is "other"; it must be or have "sluice"'],
    [{ aud: ['slui', 'ce'] }, 'the claim "aud" is ["slui","ce"]; it must be or have "sluice"'],
  ])('is refused with %j', async (claims, message) => {
    const token = await signed(SECRET, { iss: 'me', aud: 'sluice', ...CLAIMS, ...claims });
    expect(await refusal(token, { issuer: 'me', audience: 'sluice' })).toContain(
      `the viewer token was refused: ${message}`,
    );
  });

  it.each([
    [{ alg: 'none' }, 'its header has the alg "none"; this service accepts HS256'],
    [{ alg: 'HS512' }, 'its header has the alg "HS512"; this service accepts HS256'],
    [{ alg: 'RS256' }, 'its header has the alg "RS256"; this service accepts HS256'],
    [{ alg: ['HS256'] }, 'its header has the alg ["HS256"]'],
    [{}, 'its header has the alg null'],
    [{ alg: 'HS256' }, 'its signature does not fit'],
    [{ alg: 'HS256', b64: false, crit: ['b64'] }, 'its header has a "crit"'],
    [{ alg: 'HS256', crit: [] }, 'its header has a "crit"'],
    [{ alg: 'HS256', typ: 'logout+jwt' }, 'its header has the typ "logout+jwt"; expected JWT'],
    [{ alg: 'HS256', typ: 7 }, 'its header has the typ 7; expected JWT'],
  ])('is refused with the header %j and no signature', async (header, message) => {
    expect(await refusal(forged(header, CLAIMS))).toContain(message);
    expect(await refusal(forged(header, CLAIMS, 'c2lnbmF0dXJl'))).toContain(message);
  });

  it.each(['JWT', 'jwt', 'at+jwt'])('is accepted with the typ %s', async (typ) => {
    await expect(tokens().verify(await signed(SECRET, CLAIMS, { typ }))).resolves.toMatchObject({ subject: 'alice' });
  });

  it('is refused once a character of it is changed', async () => {
    const [header, , signature] = (await signed(SECRET, CLAIMS)).split('.');
    const claims = Buffer.from(JSON.stringify({ ...CLAIMS, sub: 'mallory' })).toString('base64url');
    expect(await refusal(`${header}.${claims}.${signature}`)).toContain('its signature does not fit');
    expect(await refusal(await signed(`${SECRET}.`, CLAIMS))).toContain('its signature does not fit');
  });

  it.each(['', 'x', 'a.b.c', '..', 'e30.e30', 'e30.e30.', '€.€.€', `${'.'.repeat(12_000)}`])(
    'is refused if it is %j',
    async (token) => {
      expect(await refusal(token)).toMatch(/it is not a signed JSON Web Token|its header has the alg null/);
    },
  );

  it('is refused beyond 12 KB, whatever it is', async () => {
    expect(await refusal('x'.repeat(1_000_000))).toContain('it has 1000000 characters; at most 12288 are allowed');
  });

  it('keeps long numbers in its permissions digit for digit, and is refused if a claim is given twice', async () => {
    const { verify, sign } = tokens();
    const permissions = parseJson('[12345678901234567890]');
    const made = {
      subject: 'alice',
      permissions,
      issuedAt: NOW,
      expiresAt: new Date(CLAIMS.exp * 1_000),
      tokenId: 'x',
    };
    expect((await verify(await sign(made))).permissions).toEqual([new ExactNumber('12345678901234567890')]);
    const twice = `{"sub": "alice", "exp": ${CLAIMS.exp}, "permissions": [], "permissions": [1]}`;
    const token = await new CompactSign(Buffer.from(twice))
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(SECRET));
    expect(await refusal(token)).toContain('the key at "/permissions" is given twice');
  });

  it('is made with the issuer and the audience that are expected', async () => {
    const { verify, sign, canSign } = tokens({ issuer: 'me', audience: 'sluice' });
    const token = {
      subject: 'bob',
      permissions: [],
      issuedAt: NOW,
      expiresAt: new Date(CLAIMS.exp * 1_000),
      tokenId: 'x',
    };
    expect(canSign).toBe(true);
    expect(await verify(await sign(token))).toMatchObject({ subject: 'bob', tokenId: 'x' });
    expect(await refusal(await tokens().sign(token), { issuer: 'me' })).toContain('the claim "iss" is missing');
  });

  it('is not made if it would be too long to send', async () => {
    const token = { subject: 'bob', permissions: ['x'.repeat(10_000)], issuedAt: NOW, expiresAt: NOW, tokenId: 'x' };
    const tooLong = {
      code: 'BAD_REQUEST',
      message: expect.stringMatching(/would have \d+ characters, and may have 12288/),
    };
    await expect(tokens().sign(token)).rejects.toMatchObject(tooLong);
  });
});
