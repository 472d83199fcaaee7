import { SluiceError } from '../domain/errors.js';
import type { ApiKey } from '../domain/security/api-key.js';
import type { Caller } from '../domain/security/caller.js';
import type { RateLimit } from '../domain/security/rate-limit.js';
import { SCOPES, type Scope } from '../domain/security/scopes.js';
import { checkedExpiry, checkedName, existingDataset, notFound } from './checks.js';
import type { Deps } from './deps.js';
import { newSecret, storedSecret } from './secrets.js';

export type KeyDeps = Pick<Deps, 'apiKeys' | 'clock' | 'newId'>;

export interface CreateApiKeyRequest {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** The datasets that the key is for; all if undefined. */
  readonly datasetIds?: readonly string[] | undefined;
  readonly expiresAt?: Date | undefined;
  readonly rateLimit?: RateLimit | undefined;
}

/** A key with its secret, which is shown once and stored nowhere. */
export interface CreatedApiKey {
  readonly secret: string;
  readonly apiKey: ApiKey;
}

/** The most datasets that one key names; a key without datasets is for all of them. */
const MAX_DATASETS = 1_000;
const MAX_OVERLAP_SECONDS = 2_592_000;

/** Creates, rotates and revokes API keys. The caller is null if it is done on the machine of the service. */
export function apiKeysOf(deps: KeyDeps & { readonly catalog: Pick<Deps['catalog'], 'findDataset'> }) {
  const { apiKeys, catalog, clock } = deps;
  return {
    /** Throws BAD_REQUEST, and NOT_FOUND for an unknown dataset. */
    async create(request: CreateApiKeyRequest, caller: Caller | null): Promise<CreatedApiKey> {
      const name = checkedName(request.name, 'input.name');
      const scopes = checkedScopes(request.scopes);
      const expiresAt = checkedExpiry(request.expiresAt, clock.now());
      const rateLimit = request.rateLimit ? checkedLimit(request.rateLimit) : null;
      const datasetIds = checkedDatasets(request.datasetIds, scopes);
      for (const id of datasetIds ?? []) await existingDataset(catalog, id);
      const secret = newSecret();
      const made = newKey(deps, name, secret);
      const apiKey = { ...made, scopes, datasetIds, expiresAt, rateLimit, createdBy: caller?.name ?? null };
      await apiKeys.insert(apiKey);
      return { secret, apiKey };
    },

    /**
     * Gives a key a new secret; its id, scopes and jobs stay. The secret before stays valid for `overlapSeconds`, 0 to 30 days, and any earlier one ends. Throws NOT_FOUND, and
     * BAD_REQUEST for a revoked or expired key, or for the key of the configuration.
     */
    async rotate(id: string, overlapSeconds: number): Promise<CreatedApiKey> {
      checkOverlap(overlapSeconds);
      refuseRotation(await existingKey(deps, id), clock.now());
      const secret = newSecret();
      const previousUntil = new Date(clock.now().getTime() + 1000 * overlapSeconds);
      const apiKey = await apiKeys.rotate(id, { ...storedSecret(secret), previousUntil });
      if (!apiKey) throw notRotated(id, 'was revoked at the same time');
      return { secret, apiKey };
    },

    /** Ends a key for ever, and closes its sockets. Requests with it are refused at once; only pushes through another process may still be accepted for a second. Revoking it again changes nothing. Throws NOT_FOUND. */
    async revoke(id: string): Promise<ApiKey> {
      const apiKey = await apiKeys.revoke(id, clock.now());
      if (!apiKey) throw notFound('API key', id);
      return apiKey;
    },
  };
}

/** A key with all rights, and with this secret. */
export function newKey({ clock, newId }: Pick<KeyDeps, 'clock' | 'newId'>, name: string, secret: string): ApiKey {
  return {
    id: newId(),
    name,
    ...storedSecret(secret),
    scopes: ['MANAGE'],
    datasetIds: null,
    previous: null,
    source: 'CREATED',
    createdAt: clock.now(),
    createdBy: null,
    expiresAt: null,
    revokedAt: null,
    lastUsedAt: null,
    rateLimit: null,
  };
}

async function existingKey({ apiKeys }: Pick<Deps, 'apiKeys'>, id: string): Promise<ApiKey> {
  const key = await apiKeys.find(id);
  if (!key) throw notFound('API key', id);
  return key;
}

function checkedScopes(scopes: readonly Scope[]): readonly Scope[] {
  if (scopes.length > 0) return SCOPES.filter((scope) => scopes.includes(scope));
  const expected = `one or more of ${SCOPES.join(', ')}`;
  const field = 'input.scopes';
  throw new SluiceError('BAD_REQUEST', `${field} is empty; give ${expected}`, { field, expected, actual: 'none' });
}

function checkedDatasets(ids: readonly string[] | undefined, scopes: readonly Scope[]): readonly string[] | null {
  if (ids === undefined) return null;
  const field = 'input.datasetIds';
  const refuse = (what: string) => new SluiceError('BAD_REQUEST', `${field} ${what}`, { field });
  if (scopes.includes('MANAGE'))
    throw refuse('is given, but a key with the scope MANAGE is for all datasets; leave it out');
  if (ids.length === 0) throw refuse('is empty; name the datasets, or leave it out for all of them');
  if (ids.length > MAX_DATASETS) throw refuse(`has ${ids.length} ids; give at most ${MAX_DATASETS}`);
  return [...new Set(ids)];
}

function checkedLimit(limit: RateLimit): RateLimit {
  for (const [name, value] of Object.entries(limit)) {
    if (value === null || (Number.isSafeInteger(value) && value > 0)) continue;
    const [field, actual] = [`input.rateLimit.${name}`, String(value)];
    const message = `${field} is ${actual}; give a whole number above 0, or leave it out for no limit`;
    throw new SluiceError('BAD_REQUEST', message, { field, expected: 'a whole number above 0', actual });
  }
  return limit;
}

function checkOverlap(seconds: number): void {
  if (seconds >= 0 && seconds <= MAX_OVERLAP_SECONDS) return;
  const expected = `0 to ${MAX_OVERLAP_SECONDS} seconds`;
  const message = `overlapSeconds is ${seconds}; give ${expected}`;
  throw new SluiceError('BAD_REQUEST', message, { field: 'overlapSeconds', expected, actual: String(seconds) });
}

function refuseRotation({ id, source, revokedAt, expiresAt }: ApiKey, now: Date): void {
  if (source === 'CONFIGURED') throw notRotated(id, 'is the one in SLUICE_API_KEY; change it there');
  if (revokedAt !== null) throw notRotated(id, 'is revoked');
  if (expiresAt !== null && expiresAt <= now) throw notRotated(id, 'has expired');
}

function notRotated(id: string, why: string): SluiceError {
  const message = `the API key ${id} ${why}, so it gets no new secret; create another one with createApiKey`;
  return new SluiceError('BAD_REQUEST', message, { field: 'id' });
}
