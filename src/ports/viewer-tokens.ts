import type { JsonValue } from '../domain/json/json-value.js';
import type { ViewerClaims } from '../domain/security/viewer-claims.js';

/** What a viewer token that the service makes says. */
export interface NewViewerToken {
  readonly subject: string;
  readonly permissions: JsonValue;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly tokenId: string;
}

/** Viewer tokens: JSON Web Tokens that say who views the rows of datasets, and with which permissions. */
export interface ViewerTokens {
  /** Whether the service itself makes tokens. It does if they are signed with a secret, and not if they are signed by an issuer that publishes its keys. */
  readonly canSign: boolean;
  /**
   * Checks a token's signature and claims. Throws UNAUTHENTICATED with the reason, and STORE_UNAVAILABLE if the issuer's keys are needed and cannot be had. No message has a
   * part of the signature or of a key.
   */
  verify(token: string): Promise<ViewerClaims>;
  /** Makes a signed token. Throws BAD_REQUEST if it is longer than tokens may be. Only if `canSign`. */
  sign(token: NewViewerToken): Promise<string>;
}
