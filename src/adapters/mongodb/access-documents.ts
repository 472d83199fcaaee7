import type { Binary } from 'mongodb';
import type { PushUrl } from '../../domain/hooks/push-url.js';
import type { ApiKey } from '../../domain/security/api-key.js';
import type { AuditEntry } from '../../domain/security/audit.js';
import type { RateLimit } from '../../domain/security/rate-limit.js';
import type { RefusalCount } from '../../ports/refusal-log.js';

export interface ApiKeyDocument extends Omit<ApiKey, 'id' | 'secretHash' | 'previous' | 'rateLimit'> {
  readonly _id: string;
  readonly secretHash: Binary;
  /** Missing before the first rotation. */
  readonly previous?: { readonly secretHash: Binary; readonly until: Date };
  /** Missing: the limits of the service. */
  readonly rateLimit?: RateLimit;
}

/** What the callers of one process used in about a second. */
export interface UsesDocument {
  readonly _id: string;
  readonly process: string;
  readonly at: Date;
  readonly uses: readonly { readonly caller: string; readonly requests: number; readonly bytes: number }[];
}

export interface PushUrlDocument extends Omit<PushUrl, 'id' | 'tokenHash'> {
  readonly _id: string;
  readonly tokenHash: Binary;
}

export interface AuditDocument extends Omit<AuditEntry, 'id'> {
  readonly _id: string;
}

export interface RefusalDocument extends RefusalCount {
  /** Its minute in ISO 8601, a slash, and a hash of what is counted. */
  readonly _id: string;
}
