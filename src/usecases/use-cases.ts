import { readSample, type SampleInput } from '../domain/sample/read-sample.js';
import type { SourceField } from '../domain/sample/source-field.js';
import { acceptJob } from './accept-job.js';
import { applyChanges } from './apply-changes.js';
import { authenticate } from './authenticate.js';
import type { BacklogLimits } from './backlog.js';
import { createConnection } from './create-connection.js';
import { createDataset } from './create-dataset.js';
import { deleteConnection } from './delete-connection.js';
import { deleteData } from './delete-data.js';
import { deleteDataset } from './delete-dataset.js';
import type { Deps } from './deps.js';
import { designDrafts } from './design-drafts.js';
import { pushData } from './push-data.js';
import { quarantineOf } from './quarantine.js';
import { readCatalog } from './read-catalog.js';
import { readInstructions } from './read-instructions.js';
import { readJobs } from './read-jobs.js';
import { readRecords } from './read-records.js';
import { rebuildDataset } from './rebuild-dataset.js';
import { sharedLooks } from './shared-looks.js';
import { terminateJob } from './terminate-job.js';
import { tryChanges } from './try-changes.js';
import { updateConnection } from './update-connection.js';
import { waitForJob } from './wait-for-job.js';
import { watchJobs } from './watch-jobs.js';

export interface UseCaseOptions {
  readonly publicUrl: () => string;
  readonly backlog: BacklogLimits;
  readonly maxPayloadBytes: number;
}

/** Everything that Sluice can do. Both edges call these functions and nothing else. */
export function createUseCases(deps: Deps, { publicUrl, backlog, maxPayloadBytes }: UseCaseOptions) {
  const accept = acceptJob(deps, backlog);
  const apply = applyChanges(deps, accept);
  return {
    authenticate: authenticate(deps),
    inferFields: (sample: SampleInput): readonly SourceField[] => readSample(sample).fields,
    createConnection: createConnection(deps),
    updateConnection: updateConnection(deps),
    deleteConnection: deleteConnection(deps),
    createDataset: createDataset(deps, apply),
    deleteDataset: deleteDataset(deps),
    designDrafts: designDrafts(deps),
    applyChanges: apply,
    tryChanges: tryChanges(deps, accept),
    readCatalog: readCatalog(deps),
    readInstructions: readInstructions(deps, publicUrl),
    readRecords: readRecords(deps),
    pushData: pushData(deps, accept),
    deleteData: deleteData(deps, accept),
    quarantine: quarantineOf(deps, accept, maxPayloadBytes),
    rebuildDataset: rebuildDataset(deps, accept),
    terminateJob: terminateJob(deps),
    readJobs: readJobs(deps),
    waitForJob: waitForJob(deps),
    watchJobs: watchJobs({ ...deps, ledger: sharedLooks(deps.ledger) }),
  };
}

export type UseCases = ReturnType<typeof createUseCases>;
