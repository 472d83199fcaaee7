import { readSample, type SampleInput } from '../domain/sample/read-sample.js';
import type { SourceField } from '../domain/sample/source-field.js';
import type { RateLimit } from '../domain/security/rate-limit.js';
import { acceptJob } from './accept-job.js';
import { apiKeysOf } from './api-keys.js';
import { applyChanges } from './apply-changes.js';
import { authentication } from './authenticate.js';
import type { BacklogLimits } from './backlog.js';
import { createConnection } from './create-connection.js';
import { createDataset } from './create-dataset.js';
import { createViewerToken } from './create-viewer-token.js';
import { deleteConnection } from './delete-connection.js';
import { deleteData } from './delete-data.js';
import { deleteDataset } from './delete-dataset.js';
import type { Deps } from './deps.js';
import { designDrafts } from './design-drafts.js';
import { geocodeAddress } from './geocode-address.js';
import { managing, type Permitted, pushing } from './permitted.js';
import { previewDesign } from './preview-design.js';
import { pushData } from './push-data.js';
import { pushUrlsOf } from './push-urls.js';
import { quarantineOf } from './quarantine.js';
import { rebuildDataset } from './rebuild-dataset.js';
import { authenticateHook, type HookDelivery, receiveHook } from './receive-hook.js';
import { type ReaderDeps, type ReaderOptions, recordReaders } from './record-reader.js';
import { terminateJob } from './terminate-job.js';
import { tryChanges } from './try-changes.js';
import { updateConnection } from './update-connection.js';

export interface UseCaseOptions extends ReaderOptions {
  readonly backlog: BacklogLimits;
  /** Of callers without one of their own, except MANAGE keys, which have none. */
  readonly rateLimit: RateLimit;
}

/**
 * Everything that Sluice can do. Both edges call these functions and nothing else. `readerFor` is the only way to read; every other use case says which right it takes, or does not
 * compile.
 */
export function createUseCases(deps: Deps & ReaderDeps, { backlog, rateLimit, ...options }: UseCaseOptions) {
  const readerFor = recordReaders(deps, options);
  return {
    ...authentication(deps, rateLimit),
    authenticateHook: authenticateHook(deps, rateLimit),
    readerFor,
    ...actions(deps, backlog, options),
  };
}

export type UseCases = ReturnType<typeof createUseCases>;

type Action = Permitted<never, unknown>;
type Actions = Readonly<Record<string, Action | Readonly<Record<string, Action>>>>;

function actions(deps: Deps, backlog: BacklogLimits, { maxPayloadBytes, publicUrl }: ReaderOptions) {
  const accept = acceptJob(deps, backlog);
  const apply = applyChanges(deps, accept);
  const drafts = designDrafts(deps);
  const deletes = deleteData(deps, accept);
  const quarantine = quarantineOf(deps, accept, maxPayloadBytes);
  const keys = apiKeysOf(deps);
  const pushUrls = pushUrlsOf(deps, publicUrl);
  const push = pushData(deps, accept);
  return {
    inferFields: managing((sample: SampleInput): readonly SourceField[] => readSample(sample).fields),
    createConnection: managing(createConnection(deps)),
    updateConnection: managing(updateConnection(deps)),
    deleteConnection: managing(deleteConnection(deps)),
    createDataset: managing(createDataset(deps, apply)),
    deleteDataset: managing(deleteDataset(deps)),
    designDrafts: { update: managing(drafts.update), discard: managing(drafts.discard) },
    applyChanges: managing(apply),
    tryChanges: managing(tryChanges(deps, accept)),
    previewDesign: managing(previewDesign(deps)),
    geocodeAddress: managing(geocodeAddress(deps)),
    pushData: pushing(push, ofDataset),
    receiveHook: pushing(receiveHook(deps, push), ofDelivery),
    deleteData: {
      byIdentifiers: pushing(deletes.byIdentifiers, ofDataset),
      matching: pushing(deletes.matching, ofDataset),
      all: pushing(deletes.all, ofDataset),
    },
    quarantine: { replay: managing(quarantine.replay), discard: managing(quarantine.discard) },
    rebuildDataset: managing(rebuildDataset(deps, accept)),
    terminateJob: managing(terminateJob(deps)),
    createViewerToken: managing(createViewerToken(deps)),
    apiKeys: { create: managing(keys.create), rotate: managing(keys.rotate), revoke: managing(keys.revoke) },
    pushUrls: { create: managing(pushUrls.create), revoke: managing(pushUrls.revoke) },
  } satisfies Actions;
}

function ofDataset({ datasetId }: { readonly datasetId: string }): string {
  return datasetId;
}

function ofDelivery({ pushUrl }: Pick<HookDelivery, 'pushUrl'>): string {
  return pushUrl.datasetId;
}
