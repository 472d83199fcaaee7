import { readSample, type SampleInput } from '../domain/sample/read-sample.js';
import type { SourceField } from '../domain/sample/source-field.js';
import { applyChanges } from './apply-changes.js';
import { authenticate } from './authenticate.js';
import type { BacklogLimits } from './backlog.js';
import { createConnection } from './create-connection.js';
import { createDataset } from './create-dataset.js';
import { deleteConnection } from './delete-connection.js';
import type { Deps } from './deps.js';
import { pushData } from './push-data.js';
import { quarantineOf } from './quarantine.js';
import { readCatalog } from './read-catalog.js';
import { readInstructions } from './read-instructions.js';
import { readJobs } from './read-jobs.js';
import { readRecords } from './read-records.js';
import { terminateJob } from './terminate-job.js';
import { updateConnection } from './update-connection.js';
import { waitForJob } from './wait-for-job.js';
import { watchJobs } from './watch-jobs.js';

export interface UseCaseOptions {
  readonly publicUrl: () => string;
  readonly backlog: BacklogLimits;
}

/** Everything Sluice can be asked to do. Both edges call these and nothing else. */
export function createUseCases(deps: Deps, { publicUrl, backlog }: UseCaseOptions) {
  return {
    authenticate: authenticate(deps),
    inferFields: (sample: SampleInput): readonly SourceField[] => readSample(sample).fields,
    createConnection: createConnection(deps),
    updateConnection: updateConnection(deps),
    deleteConnection: deleteConnection(deps),
    createDataset: createDataset(deps),
    applyChanges: applyChanges(deps),
    readCatalog: readCatalog(deps),
    readInstructions: readInstructions(deps, publicUrl),
    readRecords: readRecords(deps),
    pushData: pushData(deps, backlog),
    quarantine: quarantineOf(deps, backlog),
    terminateJob: terminateJob(deps),
    readJobs: readJobs(deps),
    waitForJob: waitForJob(deps),
    watchJobs: watchJobs(deps),
  };
}

export type UseCases = ReturnType<typeof createUseCases>;
