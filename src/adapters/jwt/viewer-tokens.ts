import { CompactSign, type JWTVerifyOptions, jwtVerify } from 'jose';
import { SluiceError } from '../../domain/errors.js';
import type { JsonObject, JsonValue } from '../../domain/json/json-value.js';
import { parseSentJson } from '../../domain/json/parse-json.js';
import { stringifyJson } from '../../domain/json/stringify-json.js';
import { CLOCK_TOLERANCE_SECONDS, readViewerClaims, refusedToken } from '../../domain/security/viewer-claims.js';
import type { Clock } from '../../ports/clock.js';
import type { NewViewerToken, ViewerTokens } from '../../ports/viewer-tokens.js';
import { refusalOf } from './refusal.js';
import { RemoteKeys } from './remote-keys.js';
import { checkHeader, MAX_TOKEN_LENGTH, type TokenRules } from './token-rules.js';

export interface ViewerTokenOptions {
  /** A secret of both sides, or the URL where the issuer publishes its keys. */
  readonly key: { readonly kind: 'SECRET'; readonly secret: string } | { readonly kind: 'JWKS'; readonly url: string };
  /** If undefined, not checked. */
  readonly issuer: string | undefined;
  readonly audience: string | undefined;
}

export interface ViewerTokenDeps {
  readonly clock: Clock;
  /** Gets a message for the operator whenever the keys of the issuer cannot be fetched. */
  readonly reportFault: (message: string) => void;
}

/** The algorithms of the configuration decide, never the token: a public key is no secret, so HS256 would let everybody sign. */
const WITH_SECRET = ['HS256'];
const WITH_PUBLISHED_KEYS = ['RS256', 'ES256', 'EdDSA', 'Ed25519'];

/** Viewer tokens by jose. */
export function jwtViewerTokens({ key, issuer, audience }: ViewerTokenOptions, deps: ViewerTokenDeps): ViewerTokens {
  const { secret, algorithms, verified } = signingOf(key, deps);
  const rules: TokenRules = { algorithms, issuer, audience };
  return {
    canSign: secret !== null,

    async verify(token) {
      checkHeader(token, rules);
      const now = deps.clock.now();
      try {
        await verified(token, optionsOf(rules, now));
      } catch (error) {
        throw refusalOf(error, rules);
      }
      return readViewerClaims(claimsOf(token), now);
    },

    async sign(token) {
      if (secret === null) throw new TypeError('tokens are only signed with a secret');
      const claims = stringifyJson(claimsOfNew(token, rules));
      const header = { alg: 'HS256', typ: 'JWT' };
      const signed = await new CompactSign(new TextEncoder().encode(claims)).setProtectedHeader(header).sign(secret);
      if (signed.length > MAX_TOKEN_LENGTH) throw tooLong(signed.length);
      return signed;
    },
  };
}

interface Signing {
  /** Null if only the issuer can sign. */
  readonly secret: Uint8Array | null;
  readonly algorithms: readonly string[];
  readonly verified: (token: string, options: JWTVerifyOptions) => Promise<unknown>;
}

function signingOf(key: ViewerTokenOptions['key'], { clock, reportFault }: ViewerTokenDeps): Signing {
  if (key.kind === 'SECRET') {
    const secret = new TextEncoder().encode(key.secret);
    return { secret, algorithms: WITH_SECRET, verified: (token, options) => jwtVerify(token, secret, options) };
  }
  const keys = new RemoteKeys({ url: key.url, reportFault, monotonicMs: () => clock.monotonicMs() });
  const verified: Signing['verified'] = (token, options) => jwtVerify(token, (header) => keys.keyFor(header), options);
  return { secret: null, algorithms: WITH_PUBLISHED_KEYS, verified };
}

function optionsOf({ algorithms, issuer, audience }: TokenRules, now: Date): JWTVerifyOptions {
  return {
    algorithms: [...algorithms],
    requiredClaims: ['exp'],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    currentDate: now,
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
  };
}

/** Reads the claims again: jose would round long numbers among the values of permissions, and accepts a key that is given twice. */
function claimsOf(token: string): JsonValue {
  const [, claims = ''] = token.split('.');
  try {
    return parseSentJson(Buffer.from(claims, 'base64url'));
  } catch (error) {
    throw refusedToken(`its claims are not valid: ${error instanceof SluiceError ? error.message : 'no JSON'}`, error);
  }
}

function claimsOfNew(token: NewViewerToken, { issuer, audience }: TokenRules): JsonObject {
  const seconds = (time: Date) => Math.floor(time.getTime() / 1_000);
  return {
    ...(issuer !== undefined && { iss: issuer }),
    ...(audience !== undefined && { aud: audience }),
    sub: token.subject,
    iat: seconds(token.issuedAt),
    exp: seconds(token.expiresAt),
    jti: token.tokenId,
    permissions: token.permissions,
  };
}

function tooLong(length: number): SluiceError {
  const message = `the token would have ${length} characters, and may have ${MAX_TOKEN_LENGTH}; give fewer permissions or values`;
  return new SluiceError('BAD_REQUEST', message, { field: 'input.permissions' });
}
