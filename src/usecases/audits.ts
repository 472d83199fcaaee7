import type { PushUrl } from '../domain/hooks/push-url.js';
import type { Job } from '../domain/job/job.js';
import type { AuditAction } from '../domain/security/audit.js';
import type { CreateApiKeyRequest, CreatedApiKey } from './api-keys.js';
import type { Audit } from './audited.js';
import type { ViewerTokenInput } from './create-viewer-token.js';
import type { CreatedPushUrl, CreatePushUrlRequest } from './push-urls.js';
import { idOfViewer } from './viewers.js';

interface Made {
  readonly id: string;
  readonly name: string;
}

/** An action that creates what it returns, from a request with its name. */
export function creates<Request extends { readonly name: string }>(
  action: AuditAction,
): Audit<[Request, ...unknown[]], Made> {
  return { action, before: ({ name }) => ({ name }), after: ({ id, name }) => ({ id, name }) };
}

/** An action on what its first argument is the id of. */
export function changes(action: AuditAction): Audit<[string, ...unknown[]], unknown> {
  return { action, before: (id) => ({ id }) };
}

/** The end of a job, which is the only action on one. */
export const TERMINATION = {
  ...changes('TERMINATE_JOB'),
  after: ({ datasetId }: Pick<Job, 'datasetId'>) => ({ datasetId }),
};

const ofKey = ({ apiKey: { id, name } }: CreatedApiKey) => ({ id, name });

/** The signing of a viewer token, which is not stored. */
export const TOKEN_CREATION = {
  action: 'CREATE_VIEWER_TOKEN',
  before: ({ subject }: ViewerTokenInput) => ({ id: idOfViewer(subject), name: subject }),
} as const;

/** What is recorded of push URLs. */
export const PUSH_URL_AUDITS = {
  create: {
    action: 'CREATE_PUSH_URL',
    before: ({ name }: CreatePushUrlRequest) => ({ name }),
    after: ({ pushUrl: { id, name, datasetId } }: CreatedPushUrl) => ({ id, name, datasetId }),
  },
  revoke: {
    ...changes('REVOKE_PUSH_URL'),
    after: ({ name, datasetId }: PushUrl) => ({ name, datasetId }),
  },
} as const;

/** What is recorded of API keys. */
export const KEY_AUDITS = {
  create: {
    action: 'CREATE_API_KEY',
    before: ({ name }: CreateApiKeyRequest) => ({ name }),
    after: ofKey,
  },
  rotate: changes('ROTATE_API_KEY'),
  revoke: changes('REVOKE_API_KEY'),
} as const;
