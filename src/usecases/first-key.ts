import { type ApiKey, stateOfSecret } from '../domain/security/api-key.js';
import type { KeyFile } from '../ports/key-file.js';
import { type KeyDeps, newKey } from './api-keys.js';
import { type AuditDeps, auditing } from './audited.js';
import { creates } from './audits.js';
import { hashOfSecret, newSecret } from './secrets.js';

export interface FirstKey {
  readonly secret: string;
  /** Whether the key was created by this call, so that nobody has seen it yet. */
  readonly isNew: boolean;
}

/**
 * Makes sure that the service has an API key: the configured one, which ends the one that was configured before; or the one in the key file, if it is valid; or, if the service has no
 * key at all, the one in the key file or a new one, which it writes there. They have the scope MANAGE. The audit log says when a key becomes valid so, not that each start finds it.
 * Returns null if there are keys that only their owners know.
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
  const stored = kept && (await apiKeys.findByHash(hashOfSecret(kept)));
  if (kept && stored) return isValid(stored, kept, deps.clock.now()) ? { secret: kept, isNew: false } : null;
  // Invariant: a secret that a rotation has ended is never made valid again, although no key has its hash any more.
  if ((await apiKeys.count()) > 0) return null;
  const secret = kept ?? newSecret();
  if (kept === null) await file.write(secret);
  const key = newKey(deps, 'first', secret);
  await madeHere(deps, key, () => apiKeys.insert(key));
  return { secret, isNew: kept === null };
}

function isValid(key: ApiKey, secret: string, now: Date): boolean {
  return stateOfSecret(key, !key.secretHash.equals(hashOfSecret(secret)), now).kind === 'VALID';
}

/** Makes a key valid, on the machine of the service. */
async function madeHere(deps: AuditDeps, key: ApiKey, make: () => Promise<void>): Promise<void> {
  await auditing(deps)(creates('CREATE_API_KEY'), [key], null, async () => {
    await make();
    return key;
  });
}
