import type { Dataset } from '../domain/dataset.js';
import { readSampleInSlices, type SampleInput } from '../domain/sample/read-sample.js';
import type { SourceField } from '../domain/sample/source-field.js';
import type { ApiKey } from '../domain/security/api-key.js';
import type { RateLimit } from '../domain/security/rate-limit.js';
import { inTurns } from '../event-loop/turns.js';
import { acceptJob } from './accept-job.js';
import { apiKeysOf } from './api-keys.js';
import { applyChanges } from './apply-changes.js';
import { auditing, type RunAudited } from './audited.js';
import { changes, creates, KEY_AUDITS, PUSH_URL_AUDITS, TERMINATION, TOKEN_CREATION } from './audits.js';
import { authentication } from './authenticate.js';
import type { BacklogLimits } from './backlog.js';
import { withBatchedReads } from './coalesced-reads.js';
import { createConnection } from './create-connection.js';
import { createDataset } from './create-dataset.js';
import { createViewerToken } from './create-viewer-token.js';
import { deleteConnection } from './delete-connection.js';
import { deleteData } from './delete-data.js';
import { deleteDataset } from './delete-dataset.js';
import type { Deps } from './deps.js';
import { designDrafts } from './design-drafts.js';
import { geocodeAddress } from './geocode-address.js';
import { type Permitted, permissions } from './permitted.js';
import { previewDesign } from './preview-design.js';
import { pushData } from './push-data.js';
import { pushUrlsOf } from './push-urls.js';
import { quarantineOf } from './quarantine.js';
import { rebuildDataset } from './rebuild-dataset.js';
import { authenticateHook, type HookDelivery, receiveHook } from './receive-hook.js';
import { RecentReads } from './recent-reads.js';
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
 * Everything that Sluice can do. Both edges call these functions and nothing else. `readerFor` is the only way to read; every other use case says which right it takes and what it
 * leaves in the audit log, or does not compile.
 */
export function createUseCases(ports: Deps & ReaderDeps, { backlog, rateLimit, ...options }: UseCaseOptions) {
  const deps = withBatchedReads(ports);
  const recent = { keys: new RecentReads<ApiKey>(deps.clock), datasets: new RecentReads<Dataset>(deps.clock) };
  const readerFor = recordReaders(deps, options);
  return {
    ...authentication(deps, rateLimit, recent.keys),
    authenticateHook: authenticateHook(deps, rateLimit),
    readerFor,
    ...actions(deps, backlog, options, recent),
  };
}

export type UseCases = ReturnType<typeof createUseCases>;

type Action = Permitted<never, unknown>;
type Actions = Readonly<Record<string, Action | Readonly<Record<string, Action>>>>;

interface Recent {
  readonly keys: RecentReads<ApiKey>;
  readonly datasets: RecentReads<Dataset>;
}

function actions(deps: Deps, backlog: BacklogLimits, { maxPayloadBytes, publicUrl }: ReaderOptions, recent: Recent) {
  const accept = acceptJob(deps, backlog);
  const apply = applyChanges(deps, accept);
  const drafts = designDrafts(deps);
  const deletes = deleteData(deps, accept);
  const quarantine = quarantineOf(deps, accept, maxPayloadBytes);
  const keys = apiKeysOf(deps);
  const pushUrls = pushUrlsOf(deps, publicUrl);
  const push = pushData(deps, accept, recent.datasets);
  const { managing, pushing } = permissions(forgetting(recent, auditing(deps)));
  return {
    inferFields: managing(
      async (sample: SampleInput): Promise<readonly SourceField[]> =>
        (await inTurns(readSampleInSlices(sample))).fields,
      'CHANGES_NOTHING',
    ),
    createConnection: managing(createConnection(deps), creates('CREATE_CONNECTION')),
    updateConnection: managing(updateConnection(deps), changes('UPDATE_CONNECTION')),
    deleteConnection: managing(deleteConnection(deps), changes('DELETE_CONNECTION')),
    createDataset: managing(createDataset(deps, apply), creates('CREATE_DATASET')),
    deleteDataset: managing(deleteDataset(deps), changes('DELETE_DATASET')),
    designDrafts: {
      update: managing(drafts.update, changes('UPDATE_DESIGN')),
      discard: managing(drafts.discard, changes('DISCARD_CHANGES')),
    },
    applyChanges: managing(apply, changes('APPLY_CHANGES')),
    tryChanges: managing(tryChanges(deps, accept), 'BY_ITS_JOB'),
    previewDesign: managing(previewDesign(deps), 'CHANGES_NOTHING'),
    geocodeAddress: managing(geocodeAddress(deps), 'CHANGES_NOTHING'),
    pushData: pushing(push, ofDataset),
    receiveHook: pushing(receiveHook(deps, push), ofDelivery),
    deleteData: {
      byIdentifiers: pushing(deletes.byIdentifiers, ofDataset),
      matching: pushing(deletes.matching, ofDataset),
      all: pushing(deletes.all, ofDataset),
    },
    quarantine: {
      replay: managing(quarantine.replay, changes('REPLAY_QUARANTINE')),
      discard: managing(quarantine.discard, changes('DISCARD_QUARANTINE')),
    },
    rebuildDataset: managing(rebuildDataset(deps, accept), changes('REBUILD_DATASET')),
    terminateJob: managing(terminateJob(deps), TERMINATION),
    createViewerToken: managing(createViewerToken(deps), TOKEN_CREATION),
    apiKeys: {
      create: managing(keys.create, KEY_AUDITS.create),
      rotate: managing(keys.rotate, KEY_AUDITS.rotate),
      revoke: managing(keys.revoke, KEY_AUDITS.revoke),
    },
    pushUrls: {
      create: managing(pushUrls.create, PUSH_URL_AUDITS.create),
      revoke: managing(pushUrls.revoke, PUSH_URL_AUDITS.revoke),
    },
  } satisfies Actions;
}

/** What was read before a change that this process has made is not used after it. */
function forgetting({ keys, datasets }: Recent, runAudited: RunAudited): RunAudited {
  return (audit, args, caller, run) =>
    runAudited(audit, args, caller, run).finally(() => {
      keys.forget();
      datasets.forget();
    });
}

function ofDataset({ datasetId }: { readonly datasetId: string }): string {
  return datasetId;
}

function ofDelivery({ pushUrl }: Pick<HookDelivery, 'pushUrl'>): string {
  return pushUrl.datasetId;
}
