import type { LanePlace } from '../domain/dataset.js';
import type { LatestEntries } from '../domain/latest-entries.js';
import type { AddressSource } from '../ports/address-source.js';
import type { ApiKeys } from '../ports/api-keys.js';
import type { AuditLog } from '../ports/audit-log.js';
import type { Catalog } from '../ports/catalog.js';
import type { Clock } from '../ports/clock.js';
import type { Generations } from '../ports/generations.js';
import type { OfflineGeocoder } from '../ports/geocoder.js';
import type { IdSource } from '../ports/id-source.js';
import type { JobLedger } from '../ports/job-ledger.js';
import type { LaneQueue } from '../ports/lane-queue.js';
import type { LookupSource } from '../ports/lookup-source.js';
import type { PushLog } from '../ports/push-log.js';
import type { PushUrls } from '../ports/push-urls.js';
import type { Quarantine } from '../ports/quarantine.js';
import type { RowWriter } from '../ports/record-store.js';
import type { RefusalLog } from '../ports/refusal-log.js';
import type { StatusNudges } from '../ports/status-nudges.js';
import type { StorageHealth } from '../ports/storage-health.js';
import type { Terminations } from '../ports/terminations.js';
import type { ViewerTokens } from '../ports/viewer-tokens.js';

/** Everything that the use cases need from outside, except the queries of rows, which only readers have. Each use case takes only the parts that it needs. */
export interface Deps {
  readonly catalog: Catalog;
  readonly records: Pick<RowWriter, 'createGeneration'>;
  readonly generations: Generations;
  readonly lookups: LookupSource;
  readonly geocoder: OfflineGeocoder;
  /** The geocoder of the operator; null if addresses are placed offline. */
  readonly addresses: AddressSource | null;
  readonly pushLog: PushLog;
  readonly ledger: JobLedger;
  readonly laneQueue: LaneQueue;
  readonly terminations: Terminations;
  readonly quarantine: Quarantine;
  readonly nudges: StatusNudges;
  /** How far this process itself has brought lanes lately: perhaps further than what was read of them a moment ago shows. */
  readonly settled: Pick<LatestEntries<LanePlace>, 'get'>;
  readonly apiKeys: ApiKeys;
  readonly pushUrls: PushUrls;
  /** Null if the service accepts no viewer tokens. */
  readonly viewerTokens: ViewerTokens | null;
  readonly auditLog: AuditLog;
  readonly refusals: RefusalLog;
  readonly storage: Pick<StorageHealth, 'shortage'>;
  readonly clock: Clock;
  readonly newId: IdSource;
  /** Aborts when the service stops, which ends everything that only waits. */
  readonly stopping: AbortSignal;
  /** Reports an error that does not concern the caller. */
  readonly reportError: (error: unknown, doing: string) => void;
}
