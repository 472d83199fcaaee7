import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { exportSPKI } from 'jose';
import {
  claimsOf,
  forged,
  type Issuer,
  type IssuerKey,
  newKey,
  openIssuer,
  signed,
} from '../../../test/support/issuer.js';
import type { ViewerTokens } from '../../ports/viewer-tokens.js';
import { jwtViewerTokens } from './viewer-tokens.js';

const COOL_DOWN_MS = 10_001;
const MINUTE_MS = 60_000;
const UNKNOWN = "none of its issuer's keys has the kid and the alg of its header";

describe('a viewer token of an issuer that publishes its keys', () => {
  let first: IssuerKey;
  let second: IssuerKey;
  let issuer: Issuer;
  let tokens: ViewerTokens;
  let faults: string[];
  let ms: number;
  beforeAll(async () => {
    [first, second] = [await newKey('ES256', 'first'), await newKey('ES256', 'second')];
  });
  beforeEach(async () => {
    issuer = await openIssuer(first);
    [faults, ms] = [[], 0];
    tokens = tokensOf(issuer.url);
  });
  afterEach(() => issuer.close());

  function tokensOf(url: string): ViewerTokens {
    const clock = { now: () => new Date(), monotonicMs: () => ms };
    const options = { key: { kind: 'JWKS', url }, issuer: undefined, audience: undefined } as const;
    return jwtViewerTokens(options, { clock, reportFault: (message) => void faults.push(message) });
  }

  const accepted = { subject: 'alice' };
  const refused = (reason: string) => ({ code: 'UNAUTHENTICATED', message: expect.stringContaining(reason) });
  const unverified = (reason: string) => ({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining(reason) });

  async function verify(token: string | Promise<string>) {
    return tokens.verify(await token);
  }

  it.each(['RS256', 'ES256', 'EdDSA', 'Ed25519'])('is accepted if it is signed with %s', async (alg) => {
    const key = await newKey(alg, 'k');
    issuer.publish(first, key);
    await expect(verify(signed(key))).resolves.toMatchObject(accepted);
    await expect(verify(signed({ ...second, kid: 'k' }))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(tokens.canSign).toBe(false);
  });

  it('is accepted without a kid if only one key fits, and refused if several do', async () => {
    await expect(verify(signed({ ...first, kid: undefined }))).resolves.toMatchObject(accepted);
    ms += 11 * MINUTE_MS;
    issuer.publish(first, second);
    await expect(verify(signed({ ...first, kid: undefined }))).rejects.toMatchObject(refused('several of its'));
  });

  it('asks for the keys once for many tokens, also at the same time', async () => {
    const token = await signed(first);
    await Promise.all(Array.from({ length: 50 }, () => tokens.verify(token)));
    await tokens.verify(token);
    expect(issuer.requests()).toBe(1);
  });

  it('asks again for an unknown key, but not during the cool-down, and then knows the rotated key', async () => {
    await verify(signed(first));
    issuer.publish(second);
    await expect(verify(signed(second))).rejects.toMatchObject(refused(UNKNOWN));
    expect(issuer.requests()).toBe(1);
    ms += COOL_DOWN_MS;
    await expect(verify(signed(second))).resolves.toMatchObject(accepted);
    await expect(verify(signed(first))).rejects.toMatchObject(refused(UNKNOWN));
    for (let count = 0; count < 20; count += 1) {
      await expect(verify(signed({ ...second, kid: `k${count}` }))).rejects.toMatchObject(refused(UNKNOWN));
    }
    expect(issuer.requests()).toBe(2);
  });

  it('is refused once its key has been withdrawn for ten minutes', async () => {
    await verify(signed(first));
    issuer.publish(second);
    ms += 10 * MINUTE_MS + 1;
    await expect(verify(signed(first))).rejects.toMatchObject(refused(UNKNOWN));
  });

  it('is verified with the known keys for an hour while the issuer is down, and then not at all', async () => {
    await verify(signed(first));
    issuer.answer((response) => response.writeHead(500).end('secret'));
    ms += 59 * MINUTE_MS;
    await expect(verify(signed(first))).resolves.toMatchObject(accepted);
    await expect(verify(signed(second))).rejects.toMatchObject(unverified('it answered with status 500'));
    ms += 2 * MINUTE_MS;
    await expect(verify(signed(first))).rejects.toMatchObject(unverified('it answered with status 500'));
    issuer.publish(first);
    ms += COOL_DOWN_MS;
    await expect(verify(signed(first))).resolves.toMatchObject(accepted);
    expect(new Set(faults)).toEqual(
      new Set(['the keys of SLUICE_JWKS_URL could not be fetched: it answered with status 500']),
    );
  });

  it.each<[string, (issuer: Issuer) => void, string]>([
    ['an error', (to) => to.answer((response) => response.writeHead(404).end()), 'it answered with status 404'],
    ['no JSON', (to) => to.answer((response) => response.end('<html>')), 'its answer is not a JSON Web Key Set'],
    ['other JSON', (to) => to.answer((response) => response.end('[]')), 'its answer is not a JSON Web Key Set'],
    [
      '2 MB',
      (to) => to.answer((response) => response.end(' '.repeat(2e6))),
      'it answered with more than 1000000 bytes',
    ],
    [
      'a redirect to another host',
      (to) => to.answer((response) => response.writeHead(302, { location: 'http://127.0.0.2/keys' }).end()),
      'it redirected to another host',
    ],
    ['nothing', (to) => to.answer((response) => response.socket?.destroy()), 'it cannot be reached'],
  ])('is not verified, and can be sent again, if the issuer answers with %s', async (_, answer, reason) => {
    answer(issuer);
    const token = await signed(first);
    const error = await tokens.verify(token).catch((thrown) => thrown);
    expect(error).toMatchObject({ ...unverified(reason), details: { retryAfterSeconds: 10 } });
    expect(error.message).not.toMatch(/127\.0\.0|html/);
    await expect(tokens.verify(token)).rejects.toMatchObject(unverified(reason));
    expect(issuer.requests()).toBe(1);
    expect(faults).toHaveLength(1);
  });

  it('is refused if its issuer signs with an RSA key that is too short', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    issuer.publish({ ...first, jwk: { ...publicKey.export({ format: 'jwk' }), kid: 'weak' } });
    const token = forged({ alg: 'RS256', kid: 'weak' }, claimsOf(), 'c2lnbmF0dXJl');
    await expect(verify(token)).rejects.toMatchObject(refused('an RSA key must have 2048 bits or more'));
  });

  it('is refused if it is signed by somebody else, whatever its header says', async () => {
    const attacker = await newKey('ES256', 'first');
    const headers = [{}, { jwk: attacker.jwk }, { jku: 'http://127.0.0.1/keys' }, { x5c: ['x'] }];
    for (const header of headers) {
      await expect(verify(signed(attacker, claimsOf(), header))).rejects.toMatchObject(
        refused('its signature does not fit'),
      );
    }
    for (const kid of ['../../first', 'first\u0000', "' OR 1=1", '', 'FIRST', ['first'], null, 1, {}, '__proto__']) {
      const token = signed({ ...attacker, kid: undefined }, claimsOf(), { kid });
      await expect(verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    }
    await expect(verify(forged({ alg: 'none', kid: 'first' }, claimsOf()))).rejects.toMatchObject(
      refused('the alg "none"'),
    );
  });

  it('is refused if it is signed with a public key as if that were a secret', async () => {
    for (const alg of ['ES256', 'RS256']) {
      const key = await newKey(alg, 'public');
      issuer.publish(key);
      const pem = await exportSPKI(key.publicKey);
      for (const secret of [pem, pem.trim(), JSON.stringify(key.jwk)]) {
        const token = signed(secret, claimsOf(), { kid: 'public' });
        await expect(verify(token)).rejects.toMatchObject(
          refused('the alg "HS256"; this service accepts RS256, ES256'),
        );
      }
    }
    issuer.publish({ ...first, jwk: { kty: 'oct', k: 'c2VjcmV0', kid: 'first' } });
    await expect(verify(signed('secret', claimsOf(), { kid: 'first' }))).rejects.toMatchObject(
      refused('the alg "HS256"'),
    );
  });
});
