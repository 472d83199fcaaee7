import { type CredentialLife, type CredentialState, credentialState } from './credential-state.js';
import type { RateLimit } from './rate-limit.js';
import type { Scope } from './scopes.js';

/** A stored API key: only the hashes of its secrets are kept. */
export interface ApiKey extends CredentialLife {
  readonly id: string;
  readonly name: string;
  /** The first characters of the secret, by which its owner recognises it. */
  readonly prefix: string;
  readonly scopes: readonly Scope[];
  /** The datasets that the key is for; null for all. */
  readonly datasetIds: readonly string[] | null;
  /** SHA-256 of the secret, 32 bytes. */
  readonly secretHash: Buffer;
  /** The secret before the last rotation, while it is still valid. */
  readonly previous: PreviousSecret | null;
  /** CONFIGURED: the key in the service's configuration, of which only the last one is valid. */
  readonly source: 'CREATED' | 'CONFIGURED';
  readonly createdAt: Date;
  /** The name of the caller that created it; null if it was created on the machine of the service. */
  readonly createdBy: string | null;
  /** To the minute; null if it has not been used. */
  readonly lastUsedAt: Date | null;
  /** Null: the limit of the service, which keys with the scope MANAGE do not have. */
  readonly rateLimit: RateLimit | null;
}

/** A secret that a rotation has replaced. */
export interface PreviousSecret {
  readonly secretHash: Buffer;
  readonly until: Date;
}

/** The hashes of the current secret and of the previous one. */
export function hashesOf({ secretHash, previous }: Pick<ApiKey, 'secretHash' | 'previous'>): readonly Buffer[] {
  return previous ? [secretHash, previous.secretHash] : [secretHash];
}

/** The state of a secret of this key: of its current one, or of the previous one if `isPrevious`. */
export function stateOfSecret(
  { previous, expiresAt, revokedAt }: Pick<ApiKey, 'previous' | keyof CredentialLife>,
  isPrevious: boolean,
  now: Date,
): CredentialState {
  const end = isPrevious ? earlier(previous?.until ?? now, expiresAt) : expiresAt;
  return credentialState({ expiresAt: end, revokedAt }, now);
}

function earlier(one: Date, other: Date | null): Date {
  return other === null || one < other ? one : other;
}
