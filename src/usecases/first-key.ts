import type { ApiKey } from '../domain/security/api-key.js';
import type { KeyFile } from '../ports/key-file.js';
import { type KeyDeps, newKey } from './api-keys.js';
import { type AuditDeps, auditing } from './audited.js';
import { creates } from './audits.js';
import { newSecret } from './secrets.js';

export interface FirstKey {
  readonly secret: string;
  /** Whether the key was created by this call, so that nobody has seen it yet. */
  readonly isNew: boolean;
}

/**
 * Makes sure that the service has an API key: the configured one, which ends the one that was configured before; or the one in the key file; or, if the service has no key at all, a
 * new one, which it writes to the key file. They have the scope MANAGE. The audit log says when a key becomes valid so, not that each start finds it. Returns null if there are keys that
 * only their owners know.
 */
export async function ensureFirstKey(
  deps: KeyDeps & AuditDeps,
  configured: string | undefined,
  file: KeyFile,
): Promise<FirstKey | null> {
  const { apiKeys } = deps;
  if (configured !== undefined) {
    const key = { ...newKey(deps, 'configured', configured), source: 'CONFIGURED' } as const;
    const known = await apiKeys.findByHash(key.secretHash);
    const isConfigured = known?.source === 'CONFIGURED' && known.revokedAt === null;
    if (isConfigured) await apiKeys.configure(key);
    else await madeHere(deps, { ...key, id: known?.id ?? key.id }, () => apiKeys.configure(key));
    return { secret: configured, isNew: false };
  }
  const kept = await file.read();
  if (kept !== null) {
    const key = newKey(deps, 'first', kept);
    const stored = await apiKeys.findByHash(key.secretHash);
    if (!stored) await madeHere(deps, key, () => apiKeys.insert(key));
    return (stored ?? key).revokedAt === null ? { secret: kept, isNew: false } : null;
  }
  if ((await apiKeys.count()) > 0) return null;
  const secret = newSecret();
  await file.write(secret);
  const key = newKey(deps, 'first', secret);
  await madeHere(deps, key, () => apiKeys.insert(key));
  return { secret, isNew: true };
}

/** Makes a key valid, on the machine of the service. */
async function madeHere(deps: AuditDeps, key: ApiKey, make: () => Promise<void>): Promise<void> {
  await auditing(deps)(creates('CREATE_API_KEY'), [key], null, async () => {
    await make();
    return key;
  });
}
