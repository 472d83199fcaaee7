import type { AuditAction, AuditEntry } from '../domain/security/audit.js';
import type { ListPage } from './catalog.js';

/** Which entries to list. What is left out does not limit them. */
export interface AuditFilter {
  readonly actions?: readonly AuditAction[] | undefined;
  readonly callerId?: string | undefined;
  readonly datasetId?: string | undefined;
  /** Actions that began at this time or later. */
  readonly from?: Date | undefined;
  /** Actions that began before this time. */
  readonly to?: Date | undefined;
}

export interface AuditQuery extends AuditFilter {
  readonly first: number;
  /** The id of the last entry of the previous page. */
  readonly after?: string | undefined;
}

/**
 * The log of what was done. Entries are appended and never changed; they end with their retention.
 *
 * Invariant: whatever is done has an entry. An action is announced durably before it begins, so that a process that stops in the middle leaves its announcement:
 * ```
 * announce ---- action ---- append          the entry says DONE
 * announce ---- action refused -- retract   no entry
 * announce ---- stop                        after a while, settle makes an entry with the outcome UNKNOWN
 * ```
 */
export interface AuditLog {
  /** Announces an action that is about to begin. Resolves once that is durable. */
  announce(entry: AuditEntry): Promise<void>;
  /** Appends the entry of an action that was done. If it was settled before, that entry stays. */
  append(entry: AuditEntry): Promise<void>;
  /** Takes back the announcement of an action that was refused. */
  retract(id: string): Promise<void>;
  /** Appends entries with the outcome UNKNOWN for actions that were announced before this time and have neither been appended nor retracted. */
  settle(announcedBefore: Date): Promise<void>;
  /** Newest first. */
  list(query: AuditQuery): Promise<ListPage<AuditEntry>>;
  count(filter: AuditFilter): Promise<number>;
}
