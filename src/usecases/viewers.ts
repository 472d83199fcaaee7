import type { Identity } from '../domain/security/caller.js';
import { PermissionsError } from '../domain/security/permission-fields.js';
import type { Permission } from '../domain/security/permissions.js';
import type { RateLimit } from '../domain/security/rate-limit.js';
import { readPermissions } from '../domain/security/read-permissions.js';
import { accessOfViewer } from '../domain/security/viewer-access.js';
import { refusedToken, type ViewerClaims } from '../domain/security/viewer-claims.js';
import type { ViewerTokens } from '../ports/viewer-tokens.js';
import { hashOfSecret } from './secrets.js';

/** A viewer token that can be relied on. */
export interface ViewerToken extends Omit<ViewerClaims, 'permissions'> {
  readonly permissions: readonly Permission[];
}

/** Returns who a viewer token is for, with this rate limit. Throws UNAUTHENTICATED, and STORE_UNAVAILABLE if it cannot be verified now. */
export async function viewerOf(token: string, tokens: ViewerTokens | null, rateLimit: RateLimit): Promise<Identity> {
  const { subject, permissions, expiresAt } = await readViewerToken(token, tokens);
  return {
    id: idOfViewer(subject),
    kind: 'VIEWER',
    name: subject,
    access: accessOfViewer(permissions),
    credential: hashOfSecret(token).toString('hex'),
    expiresAt,
    rateLimit,
  };
}

/** The id of the callers whose tokens have this subject, which is their issuer's choice, so it could be the id of an API key. */
export function idOfViewer(subject: string): string {
  return `viewer:${subject}`;
}

/** What a viewer token says, once its signature, its claims and its permissions are checked. Throws like {@link viewerOf}. */
export async function readViewerToken(token: string, tokens: ViewerTokens | null): Promise<ViewerToken> {
  if (tokens === null) {
    throw refusedToken('this service accepts none, because neither SLUICE_JWT_SECRET nor SLUICE_JWKS_URL is set');
  }
  const claims = await tokens.verify(token);
  return { ...claims, permissions: checkedPermissions(claims.permissions) };
}

function checkedPermissions(claim: unknown): readonly Permission[] {
  try {
    return readPermissions(claim);
  } catch (error) {
    if (error instanceof PermissionsError) throw refusedToken(`the claim ${error.message}`, error);
    throw error;
  }
}
