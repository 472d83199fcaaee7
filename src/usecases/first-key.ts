import type { KeyFile } from '../ports/key-file.js';
import { type KeyDeps, newKey } from './api-keys.js';
import { newSecret } from './secrets.js';

export interface FirstKey {
  readonly secret: string;
  /** Whether the key was created by this call, so that nobody has seen it yet. */
  readonly isNew: boolean;
}

/**
 * Makes sure that the service has an API key: the configured one, which ends the one that was configured before; or the one in the key file; or, if the service has no key at all, a
 * new one, which it writes to the key file. They have the scope MANAGE. Returns null if there are keys that only their owners know.
 */
export async function ensureFirstKey(
  deps: KeyDeps,
  configured: string | undefined,
  file: KeyFile,
): Promise<FirstKey | null> {
  const { apiKeys } = deps;
  if (configured !== undefined) {
    await apiKeys.configure({ ...newKey(deps, 'configured', configured), source: 'CONFIGURED' });
    return { secret: configured, isNew: false };
  }
  const kept = await file.read();
  if (kept !== null) {
    const key = newKey(deps, 'first', kept);
    await apiKeys.insert(key);
    const stored = await apiKeys.findByHash(key.secretHash);
    return stored?.revokedAt === null ? { secret: kept, isNew: false } : null;
  }
  if ((await apiKeys.count()) > 0) return null;
  const secret = newSecret();
  await file.write(secret);
  await apiKeys.insert(newKey(deps, 'first', secret));
  return { secret, isNew: true };
}
