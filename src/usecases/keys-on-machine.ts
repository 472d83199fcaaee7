import type { ApiKey } from '../domain/security/api-key.js';
import { apiKeysOf, type CreateApiKeyRequest, type CreatedApiKey, type KeyDeps } from './api-keys.js';
import { type AuditDeps, auditing } from './audited.js';
import { KEY_AUDITS } from './audits.js';

/** Creates, rotates and revokes API keys on the machine of the service, where nobody's right is checked. The audit log says so. */
export function keysOnMachine(deps: KeyDeps & AuditDeps) {
  const keys = apiKeysOf(deps);
  const runAudited = auditing(deps);
  return {
    create: (request: CreateApiKeyRequest): Promise<CreatedApiKey> =>
      runAudited(KEY_AUDITS.create, [request], null, () => keys.create(request, null)),
    rotate: (id: string, overlapSeconds: number): Promise<CreatedApiKey> =>
      runAudited(KEY_AUDITS.rotate, [id], null, () => keys.rotate(id, overlapSeconds)),
    revoke: (id: string): Promise<ApiKey> => runAudited(KEY_AUDITS.revoke, [id], null, () => keys.revoke(id)),
  };
}
