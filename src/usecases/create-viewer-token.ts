import { SluiceError } from '../domain/errors.js';
import type { JsonValue } from '../domain/json/json-value.js';
import { PermissionsError } from '../domain/security/permission-fields.js';
import type { Permission } from '../domain/security/permissions.js';
import { readPermissions } from '../domain/security/read-permissions.js';
import { MAX_LIFETIME_SECONDS, MAX_SUBJECT_LENGTH } from '../domain/security/viewer-claims.js';
import type { Deps } from './deps.js';

export interface ViewerTokenInput {
  readonly subject: string;
  readonly permissions: JsonValue;
  readonly expiresInSeconds: number;
}

export interface CreatedViewerToken {
  readonly token: string;
  readonly expiresAt: Date;
}

/** Signs a viewer token, so that an application needs no code for JSON Web Tokens. Throws BAD_REQUEST, also if the service has no secret to sign with. Stores nothing. */
export function createViewerToken({ viewerTokens, clock, newId }: Pick<Deps, 'viewerTokens' | 'clock' | 'newId'>) {
  return async ({ subject, permissions, expiresInSeconds }: ViewerTokenInput): Promise<CreatedViewerToken> => {
    if (!viewerTokens?.canSign) throw cannotSign();
    checkSubject(subject);
    checkLifetime(expiresInSeconds);
    givenPermissions(permissions, 'input.permissions');
    const issuedAt = clock.now();
    // The claim has whole seconds.
    const expiresAt = new Date((Math.floor(issuedAt.getTime() / 1_000) + expiresInSeconds) * 1_000);
    const token = await viewerTokens.sign({ subject, permissions, issuedAt, expiresAt, tokenId: newId() });
    return { token, expiresAt };
  };
}

/** Reads permissions that a manager gives. Throws BAD_REQUEST, naming the place in `field`. */
export function givenPermissions(permissions: JsonValue, field: string): readonly Permission[] {
  try {
    return readPermissions(permissions, field);
  } catch (error) {
    if (!(error instanceof PermissionsError)) throw error;
    throw new SluiceError('BAD_REQUEST', error.message, error.details, { cause: error });
  }
}

function checkSubject(subject: string): void {
  if (subject !== '' && subject.length <= MAX_SUBJECT_LENGTH && subject.isWellFormed()) return;
  const expected = `a well-formed text of 1 to ${MAX_SUBJECT_LENGTH} characters`;
  const message = `input.subject has ${subject.length} characters; give ${expected}, such as the id of a user`;
  throw new SluiceError('BAD_REQUEST', message, { field: 'input.subject', expected });
}

function checkLifetime(seconds: number): void {
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_LIFETIME_SECONDS) return;
  const expected = `1 to ${MAX_LIFETIME_SECONDS}`;
  const message = `input.expiresInSeconds is ${seconds}; give ${expected}: a token cannot be revoked, so it must end soon`;
  const details = { field: 'input.expiresInSeconds', expected, actual: String(seconds) };
  throw new SluiceError('BAD_REQUEST', message, details);
}

function cannotSign(): SluiceError {
  const message =
    'this service signs no viewer tokens, because SLUICE_JWT_SECRET is not set; set it, or sign them with the keys of the issuer in SLUICE_JWKS_URL';
  return new SluiceError('BAD_REQUEST', message);
}
