import type { AuditEntry } from '../domain/security/audit.js';
import { type Caller, requireArea } from '../domain/security/caller.js';
import type { AuditQuery } from '../ports/audit-log.js';
import type { RefusalQuery, StoredRefusalCount } from '../ports/refusal-log.js';
import { checkedFirst } from './checks.js';
import type { Deps } from './deps.js';
import type { CountedPage } from './read-catalog.js';

/** Reads what was done and what was refused. Throws FORBIDDEN if the caller does not see it. */
export function readAuditLog({ auditLog, refusals }: Pick<Deps, 'auditLog' | 'refusals'>, caller: Caller) {
  return {
    /** Lists what was done, newest first. */
    async entries({ first, after, ...filter }: AuditQuery): Promise<CountedPage<AuditEntry>> {
      requireArea(caller, 'AUDIT');
      const page = await auditLog.list({ ...filter, first: checkedFirst(first), after });
      return { ...page, totalCount: () => auditLog.count(filter) };
    },

    /** Lists how often callers were refused, newest minute first. */
    async refusals({ first, after, ...filter }: RefusalQuery): Promise<CountedPage<StoredRefusalCount>> {
      requireArea(caller, 'AUDIT');
      const page = await refusals.list({ ...filter, first: checkedFirst(first), after });
      return { ...page, totalCount: () => refusals.count(filter) };
    },
  };
}
