import type { Caller } from '../domain/security/caller.js';
import type { RowQueries } from '../ports/record-store.js';
import { coalescedLedger } from './coalesced-reads.js';
import type { Deps } from './deps.js';
import { DesignColumns } from './design-columns.js';
import { explainPermissions } from './explain-permissions.js';
import { madeWhenUsed } from './made-when-used.js';
import { readApiKeys } from './read-api-keys.js';
import { readAuditLog } from './read-audit-log.js';
import { readCatalog } from './read-catalog.js';
import { readInstructions } from './read-instructions.js';
import { readJobs } from './read-jobs.js';
import { readPushUrls } from './read-push-urls.js';
import { readQuarantine } from './read-quarantine.js';
import { readRecords } from './read-records.js';
import { rowsFor } from './visible-rows.js';
import { waitForJob } from './wait-for-job.js';
import { watchJobs } from './watch-jobs.js';

/** What readers read from. No other use case has the queries of rows, so no row can be read without a caller. */
export interface ReaderDeps
  extends Pick<
    Deps,
    | 'catalog'
    | 'generations'
    | 'ledger'
    | 'quarantine'
    | 'apiKeys'
    | 'pushUrls'
    | 'viewerTokens'
    | 'auditLog'
    | 'refusals'
    | 'nudges'
    | 'settled'
    | 'clock'
    | 'stopping'
  > {
  readonly rows: RowQueries;
}

export interface ReaderOptions {
  readonly publicUrl: () => string;
  readonly maxPayloadBytes: number;
}

/**
 * Makes the reader of a caller: the only way to read, for GraphQL, the websocket and REST alike. It throws FORBIDDEN for what the caller may not read. For rows and
 * columns that the caller does not see, it behaves as if they did not exist.
 */
export function recordReaders({ rows, ...deps }: ReaderDeps, { publicUrl, maxPayloadBytes }: ReaderOptions) {
  const visibleTo = rowsFor(rows);
  const watched = { ...deps, ledger: coalescedLedger(deps.ledger) };
  return (caller: Caller) => {
    const designs = new DesignColumns(deps.catalog);
    const withDesigns = { designs, ...deps };
    return madeWhenUsed({
      catalog: () => ({
        pushInstructions: readInstructions(deps, publicUrl, caller),
        ...readCatalog(withDesigns, caller),
      }),
      records: () => readRecords(withDesigns, visibleTo(caller)),
      jobs: () => ({ wait: waitForJob(deps, caller), watch: watchJobs(watched, caller), ...readJobs(deps, caller) }),
      quarantine: () => readQuarantine(deps, maxPayloadBytes, caller),
      apiKeys: () => readApiKeys(deps, caller),
      pushUrls: () => readPushUrls(deps, caller),
      audit: () => readAuditLog(deps, caller),
      explainPermissions: () => explainPermissions({ ...withDesigns, rowsFor: visibleTo }, caller),
    });
  };
}

/** Everything that one caller can read. */
export type RecordReader = ReturnType<ReturnType<typeof recordReaders>>;
