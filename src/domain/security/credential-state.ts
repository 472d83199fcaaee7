export const CREDENTIAL_STATES = ['VALID', 'EXPIRED', 'REVOKED'] as const;

/** Whether a credential is accepted: until when, null for one without an end; or since when it is not. */
export type CredentialState =
  | { readonly kind: 'VALID'; readonly until: Date | null }
  | { readonly kind: Exclude<(typeof CREDENTIAL_STATES)[number], 'VALID'>; readonly at: Date };

/** When a credential ends by itself, and when somebody has ended it; null if that is not so. */
export interface CredentialLife {
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

/** The state of an API key or a push URL at this time. */
export function credentialState({ expiresAt, revokedAt }: CredentialLife, now: Date): CredentialState {
  if (revokedAt !== null) return { kind: 'REVOKED', at: revokedAt };
  if (expiresAt !== null && expiresAt <= now) return { kind: 'EXPIRED', at: expiresAt };
  return { kind: 'VALID', until: expiresAt };
}
