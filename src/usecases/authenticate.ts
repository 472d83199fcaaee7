import { timingSafeEqual } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { SluiceError } from '../domain/errors.js';
import { type ApiKey, hashesOf, stateOfSecret } from '../domain/security/api-key.js';
import type { Caller, Identity } from '../domain/security/caller.js';
import type { CredentialState } from '../domain/security/credential-state.js';
import { type RateLimit, UNLIMITED } from '../domain/security/rate-limit.js';
import { CredentialRefusal } from '../domain/security/refusal.js';
import { accessOfScopes } from '../domain/security/scopes.js';
import { looksLikeToken } from '../domain/security/viewer-claims.js';
import { CredentialUses } from './credential-uses.js';
import type { Deps } from './deps.js';
import type { RecentReads } from './recent-reads.js';
import { hashOfSecret } from './secrets.js';
import { viewerOf } from './viewers.js';

type AuthenticationDeps = Pick<Deps, 'apiKeys' | 'viewerTokens' | 'clock' | 'reportError'>;

/** A caller, and a promise that rejects if it is not valid any more. */
export interface CallerAhead {
  readonly caller: Caller;
  readonly confirmation: Promise<void>;
}

/** Finds out who sends a request, and whether that still holds later. `rateLimit` is that of callers without one of their own, except MANAGE keys, which have none. */
export function authentication(deps: AuthenticationDeps, rateLimit: RateLimit, recent: RecentReads<ApiKey>) {
  const { apiKeys, viewerTokens, clock } = deps;
  const uses = new CredentialUses('API key', { ...deps, uses: apiKeys });

  /** Who a secret with this hash belongs to, by a key that was found in the last second; null if none was, or if it is not valid any more. */
  function recentIdentity(hash: Buffer): Found | null {
    const credential = hash.toString('hex');
    const key = recent.get(credential);
    const state = key && stateOf(key, hash, clock.now());
    return key && state?.kind === 'VALID' ? { key, identity: validIdentity(key, credential, state, rateLimit) } : null;
  }

  /** Who a secret with this hash belongs to. Throws UNAUTHENTICATED. */
  async function currentIdentity(hash: Buffer): Promise<Found> {
    const credential = hash.toString('hex');
    const key = await recent.read(credential, () => apiKeys.findByHash(hash));
    const state = key && stateOf(key, hash, clock.now());
    if (!key || !state) throw unknownKey();
    if (state.kind !== 'VALID') throw endedKey(key, state);
    return { key, identity: validIdentity(key, credential, state, rateLimit) };
  }

  async function callerOf(secrets: readonly string[], address: string, mayBeRecent: boolean): Promise<Caller> {
    const secret = onlySecret(secrets);
    if (looksLikeToken(secret)) return { address, ...(await viewerOf(secret, viewerTokens, rateLimit)) };
    const hash = hashOfSecret(secret);
    const { identity } = (mayBeRecent && recentIdentity(hash)) || (await currentIdentity(hash));
    uses.note(identity.id);
    return { address, ...identity };
  }

  /** Throws unless the key is valid, and still gives the same rights. */
  async function confirm(hash: Buffer, recentOne: ApiKey): Promise<void> {
    const { key } = await currentIdentity(hash);
    uses.note(key.id);
    if (!isDeepStrictEqual(rightsOf(key), rightsOf(recentOne))) throw changedKey();
  }

  return {
    /**
     * Returns the caller that an API key or a viewer token belongs to. `secrets` are all keys and tokens of the request: two different ones are refused, since nobody
     * could say which caller is meant. `address` is where the request came from. Throws UNAUTHENTICATED, and STORE_UNAVAILABLE if a token cannot be verified now.
     */
    authenticate: (secrets: readonly string[], address: string) => callerOf(secrets, address, false),

    /** The same for a push, which may use what was found in the last second: a key that another process has revoked may push that much longer. */
    authenticatePush: (secrets: readonly string[], address: string) => callerOf(secrets, address, true),

    /**
     * The caller of an API key as it was found in the last second, while the key is read again, for a request that can be begun meanwhile. Invariant: until `confirmation` resolves, nothing that the request
     * asks for is changed, and nothing is shown, not even a refusal. Only what is true for everybody may be recorded, such as lost rows. Null if the key was not found in the last second, or if its requests are counted.
     */
    authenticateAhead(secrets: readonly string[], address: string): CallerAhead | null {
      const [secret, ...others] = secrets;
      if (secret === undefined || others.length > 0 || looksLikeToken(secret)) return null;
      const hash = hashOfSecret(secret);
      const found = recentIdentity(hash);
      if (!found || !isDeepStrictEqual(found.identity.rateLimit, UNLIMITED)) return null;
      const confirmation = confirm(hash, found.key);
      // Those who await `confirmation` later get the error.
      confirmation.catch(() => undefined);
      return { caller: { address, ...found.identity }, confirmation };
    },

    /** The callers among these whose credentials are neither revoked nor expired by now; one query for all of them. */
    async stillValid(callers: readonly Caller[]): Promise<ReadonlySet<Caller>> {
      const now = clock.now();
      const ofKeys = callers.filter(({ kind }) => kind === 'API_KEY');
      const hashes = new Set(ofKeys.map(({ credential }) => credential));
      const keys = await apiKeys.findByHashes([...hashes].map((hash) => Buffer.from(hash, 'hex')));
      const validHashes = new Set(keys.flatMap((key) => validHashesOf(key, now)));
      const valid = ({ expiresAt, kind, credential }: Caller) =>
        (expiresAt === null || expiresAt > now) && (kind !== 'API_KEY' || validHashes.has(credential));
      return new Set(callers.filter(valid));
    },
  };
}

type ValidState = Extract<CredentialState, { kind: 'VALID' }>;
type EndedState = Exclude<CredentialState, ValidState>;

/** A key, and who its valid secret belongs to. */
interface Found {
  readonly key: ApiKey;
  readonly identity: Identity;
}

/** `credential`: the hash of the secret, in hexadecimal. */
function validIdentity(key: ApiKey, credential: string, state: ValidState, rateLimit: RateLimit): Identity {
  return {
    id: key.id,
    kind: 'API_KEY',
    name: key.name,
    access: accessOfScopes(key.scopes, key.datasetIds),
    credential,
    rateLimit: key.rateLimit ?? (key.scopes.includes('MANAGE') ? UNLIMITED : rateLimit),
    expiresAt: state.until,
  };
}

/** The hashes of the secrets with which this key is accepted now. */
function validHashesOf(key: ApiKey, now: Date): string[] {
  return hashesOf(key)
    .filter((hash) => stateOf(key, hash, now)?.kind === 'VALID')
    .map((hash) => hash.toString('hex'));
}

function stateOf(key: ApiKey, hash: Buffer, now: Date) {
  if (timingSafeEqual(key.secretHash, hash)) return stateOfSecret(key, false, now);
  if (key.previous && timingSafeEqual(key.previous.secretHash, hash)) return stateOfSecret(key, true, now);
  return null;
}

function rightsOf({ id, scopes, datasetIds, rateLimit }: ApiKey) {
  return { id, scopes, datasetIds, rateLimit };
}

function onlySecret([secret, ...others]: readonly string[]): string {
  if (secret === undefined || secret === '') {
    throw new CredentialRefusal(
      'NO_CREDENTIAL',
      'no API key was sent; send one in the header x-api-key, or a viewer token as Authorization: Bearer',
    );
  }
  if (others.some((other) => other !== secret)) throw severalSent([secret, ...others]);
  return secret;
}

function severalSent(secrets: readonly string[]): SluiceError {
  const tokens = secrets.filter(looksLikeToken).length;
  if (tokens === 0) return several('two different API keys were sent; send one, in the header x-api-key');
  const sent = tokens === secrets.length ? 'two different viewer tokens' : 'an API key and a viewer token';
  return several(`${sent} were sent, and nobody could say which one counts; send one`);
}

function several(message: string): SluiceError {
  return new CredentialRefusal('SEVERAL_CREDENTIALS', message);
}

function endedKey(key: ApiKey, state: EndedState): SluiceError {
  const [reason, ended] =
    state.kind === 'REVOKED'
      ? (['REVOKED_API_KEY', 'was revoked'] as const)
      : (['EXPIRED_API_KEY', 'expired'] as const);
  const message = `the API key ${JSON.stringify(key.name)} ${ended} at ${state.at.toISOString()}; send a valid one`;
  return new CredentialRefusal(reason, message, { id: key.id, kind: 'API_KEY', name: key.name });
}

/** With the code that clients retry. */
function changedKey(): SluiceError {
  const message = 'the rights of the API key changed while the request ran; nothing was done; send the request again';
  return new SluiceError('STORE_UNAVAILABLE', message, { retryAfterSeconds: 1 });
}

function unknownKey(): SluiceError {
  return new CredentialRefusal('UNKNOWN_API_KEY', 'the API key that was sent is unknown; send a valid one');
}
