import type { AuditEntry } from '../domain/security/audit.js';
import { type Caller, requireArea } from '../domain/security/caller.js';
import type { AuditQuery } from '../ports/audit-log.js';
import { checkedFirst } from './checks.js';
import type { Deps } from './deps.js';
import type { CountedPage } from './read-catalog.js';

/** Reads the audit log. Throws FORBIDDEN if the caller does not see it. */
export function readAuditLog({ auditLog }: Pick<Deps, 'auditLog'>, caller: Caller) {
  return {
    /** Lists entries, newest first. */
    async entries({ first, after, ...filter }: AuditQuery): Promise<CountedPage<AuditEntry>> {
      requireArea(caller, 'AUDIT');
      const page = await auditLog.list({ ...filter, first: checkedFirst(first), after });
      return { ...page, totalCount: () => auditLog.count(filter) };
    },
  };
}
