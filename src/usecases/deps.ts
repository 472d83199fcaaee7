import type { ApiKeys } from '../ports/api-keys.js';
import type { Catalog } from '../ports/catalog.js';
import type { Clock } from '../ports/clock.js';
import type { Generations } from '../ports/generations.js';
import type { IdSource } from '../ports/id-source.js';
import type { JobLedger } from '../ports/job-ledger.js';
import type { LaneQueue } from '../ports/lane-queue.js';
import type { PushLog } from '../ports/push-log.js';
import type { Quarantine } from '../ports/quarantine.js';
import type { RowQueries, RowWriter } from '../ports/record-store.js';
import type { StatusNudges } from '../ports/status-nudges.js';
import type { StorageHealth } from '../ports/storage-health.js';
import type { Terminations } from '../ports/terminations.js';

/** Everything the use cases need of the outside; each takes only its own part. */
export interface Deps {
  readonly catalog: Catalog;
  readonly records: RowQueries & Pick<RowWriter, 'createGeneration'>;
  readonly generations: Generations;
  readonly pushLog: PushLog;
  readonly ledger: JobLedger;
  readonly laneQueue: LaneQueue;
  readonly terminations: Terminations;
  readonly quarantine: Quarantine;
  readonly nudges: StatusNudges;
  readonly apiKeys: ApiKeys;
  readonly storage: Pick<StorageHealth, 'shortage'>;
  readonly clock: Clock;
  readonly newId: IdSource;
  /** Aborts when the service is to stop: what only waits then ends. */
  readonly stopping: AbortSignal;
  /** Called with what went wrong where the caller is not to be bothered with it. */
  readonly reportError: (error: unknown, doing: string) => void;
}

/** Who asks: the API key the request came with. */
export interface Caller {
  readonly keyId: string;
  readonly keyName: string;
}
