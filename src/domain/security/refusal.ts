import { SluiceError } from '../errors.js';
import type { AuditCaller } from './audit.js';
import type { Caller } from './caller.js';

/** Why callers are refused. */
export const REFUSAL_REASONS = [
  'NO_CREDENTIAL',
  'SEVERAL_CREDENTIALS',
  'UNKNOWN_API_KEY',
  'REVOKED_API_KEY',
  'EXPIRED_API_KEY',
  'REFUSED_VIEWER_TOKEN',
  'UNKNOWN_PUSH_URL',
  'REFUSED_SIGNATURE',
  'FORBIDDEN',
  'RATE_LIMITED',
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** Refuses a credential. It says more for the counts of refusals than its caller is told: what it was, and whose. */
export class CredentialRefusal extends SluiceError {
  constructor(
    readonly reason: Exclude<RefusalReason, 'FORBIDDEN' | 'RATE_LIMITED'>,
    message: string,
    readonly owner: AuditCaller | null = null,
    options?: ErrorOptions,
  ) {
    // That there is no such push URL is all that its caller is told.
    super(reason === 'UNKNOWN_PUSH_URL' ? 'NOT_FOUND' : 'UNAUTHENTICATED', message, {}, options);
  }
}

/** A refusal of a caller, as it is counted. */
export interface Refusal {
  readonly reason: RefusalReason;
  /** Null if nobody knows who it was. */
  readonly caller: AuditCaller | null;
}

/** The refusal that an error is for the caller who gets it; null if it refuses what was sent, and not who sent it. */
export function refusalOf(error: unknown, caller: Caller | null): Refusal | null {
  if (error instanceof CredentialRefusal) return { reason: error.reason, caller: error.owner ?? caller };
  if (!(error instanceof SluiceError)) return null;
  return error.code === 'FORBIDDEN' || error.code === 'RATE_LIMITED' ? { reason: error.code, caller } : null;
}
