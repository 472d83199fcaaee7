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
import { geocodeAddress } from './geocode-address.js';
import { previewDesign } from './preview-design.js';
import { pushData } from './push-data.js';
import { quarantineOf } from './quarantine.js';
import { rebuildDataset } from './rebuild-dataset.js';
import { type ReaderDeps, type ReaderOptions, recordReaders } from './record-reader.js';
import { terminateJob } from './terminate-job.js';
import { tryChanges } from './try-changes.js';
import { updateConnection } from './update-connection.js';

export interface UseCaseOptions extends ReaderOptions {
  readonly backlog: BacklogLimits;
}

/** Everything that Sluice can do. Both edges call these functions and nothing else. `readerFor` is the only way to read. */
export function createUseCases(deps: Deps & ReaderDeps, { backlog, ...options }: UseCaseOptions) {
  const accept = acceptJob(deps, backlog);
  const apply = applyChanges(deps, accept);
  return {
    authenticate: authenticate(deps),
    readerFor: recordReaders(deps, options),
    inferFields: (sample: SampleInput): readonly SourceField[] => readSample(sample).fields,
    createConnection: createConnection(deps),
    updateConnection: updateConnection(deps),
    deleteConnection: deleteConnection(deps),
    createDataset: createDataset(deps, apply),
    deleteDataset: deleteDataset(deps),
    designDrafts: designDrafts(deps),
    applyChanges: apply,
    tryChanges: tryChanges(deps, accept),
    previewDesign: previewDesign(deps),
    geocodeAddress: geocodeAddress(deps),
    pushData: pushData(deps, accept),
    deleteData: deleteData(deps, accept),
    quarantine: quarantineOf(deps, accept, options.maxPayloadBytes),
    rebuildDataset: rebuildDataset(deps, accept),
    terminateJob: terminateJob(deps),
  };
}

export type UseCases = ReturnType<typeof createUseCases>;
