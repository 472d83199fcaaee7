import type { Caller } from './caller.js';

/** What the audit log records. Pushes and deletes of records are not among them: their jobs say who requested them. */
export const AUDIT_ACTIONS = [
  'CREATE_CONNECTION',
  'UPDATE_CONNECTION',
  'DELETE_CONNECTION',
  'CREATE_DATASET',
  'DELETE_DATASET',
  'UPDATE_DESIGN',
  'DISCARD_CHANGES',
  'APPLY_CHANGES',
  'REBUILD_DATASET',
  'TERMINATE_JOB',
  'REPLAY_QUARANTINE',
  'DISCARD_QUARANTINE',
  'CREATE_API_KEY',
  'ROTATE_API_KEY',
  'REVOKE_API_KEY',
  'CREATE_PUSH_URL',
  'REVOKE_PUSH_URL',
  'CREATE_VIEWER_TOKEN',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export const AUDIT_SUBJECTS = ['CONNECTION', 'DATASET', 'JOB', 'API_KEY', 'PUSH_URL', 'VIEWER'] as const;
export type AuditSubject = (typeof AUDIT_SUBJECTS)[number];

/** What kind of thing each action is done to. */
export const SUBJECT_OF_ACTION: Readonly<Record<AuditAction, AuditSubject>> = {
  CREATE_CONNECTION: 'CONNECTION',
  UPDATE_CONNECTION: 'CONNECTION',
  DELETE_CONNECTION: 'CONNECTION',
  CREATE_DATASET: 'DATASET',
  DELETE_DATASET: 'DATASET',
  UPDATE_DESIGN: 'DATASET',
  DISCARD_CHANGES: 'DATASET',
  APPLY_CHANGES: 'DATASET',
  REBUILD_DATASET: 'DATASET',
  TERMINATE_JOB: 'JOB',
  REPLAY_QUARANTINE: 'DATASET',
  DISCARD_QUARANTINE: 'DATASET',
  CREATE_API_KEY: 'API_KEY',
  ROTATE_API_KEY: 'API_KEY',
  REVOKE_API_KEY: 'API_KEY',
  CREATE_PUSH_URL: 'PUSH_URL',
  REVOKE_PUSH_URL: 'PUSH_URL',
  CREATE_VIEWER_TOKEN: 'VIEWER',
};

/** UNKNOWN: the service or its database stopped during the action, which may or may not have taken effect. */
export const AUDIT_OUTCOMES = ['DONE', 'UNKNOWN'] as const;
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

/** Who did something, or was refused. */
export type AuditCaller = Pick<Caller, 'id' | 'kind' | 'name'>;

/** One action, with who did it to what and from where. It never holds what was sent: no sample, no record, no secret. */
export interface AuditEntry {
  readonly id: string;
  /** When the action began; the time in the id. */
  readonly at: Date;
  readonly action: AuditAction;
  readonly outcome: AuditOutcome;
  readonly subject: {
    readonly kind: AuditSubject;
    /** Null if the action was to create it, and its outcome is unknown. */
    readonly id: string | null;
    /** Null for what has no name. */
    readonly name: string | null;
  };
  /** The dataset that it concerns; null if it concerns none or several. */
  readonly datasetId: string | null;
  /** Null if it was done on the machine of the service. */
  readonly caller: AuditCaller | null;
  /** Where the request came from; null if it was done on the machine of the service. */
  readonly address: string | null;
}

/** The caller as entries name it, without its access and its credential. */
export function auditCallerOf({ id, kind, name }: AuditCaller): AuditCaller {
  return { id, kind, name };
}

/** The time at which an id was made, to the millisecond. */
export function timeOfId(id: string): Date {
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}
