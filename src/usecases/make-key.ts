import { randomBytes } from 'node:crypto';
import type { KeyFile } from '../ports/key-file.js';
import { hashOfSecret } from './authenticate.js';
import type { Deps } from './deps.js';

type KeyDeps = Pick<Deps, 'apiKeys' | 'clock' | 'newId'>;

export interface FirstKey {
  readonly secret: string;
  /** Whether the key was created by this call, so that nobody has seen it yet. */
  readonly isNew: boolean;
}

/**
 * Makes sure that the service has an API key: the configured one, or the one in the key file, or, if the service has no key at all, a new one, which it writes to
 * the key file. Returns null if there are keys that only their owners know.
 */
export async function ensureFirstKey(
  deps: KeyDeps,
  configured: string | undefined,
  file: KeyFile,
): Promise<FirstKey | null> {
  if (configured !== undefined) {
    await storeKey(deps, 'configured', configured);
    return { secret: configured, isNew: false };
  }
  const kept = await file.read();
  if (kept !== null) {
    await storeKey(deps, 'first', kept);
    return { secret: kept, isNew: false };
  }
  if ((await deps.apiKeys.count()) > 0) return null;
  const secret = newSecret();
  await file.write(secret);
  await storeKey(deps, 'first', secret);
  return { secret, isNew: true };
}

/** Creates another key and returns its secret, which is not stored anywhere. */
export async function createKey(deps: KeyDeps, name: string): Promise<string> {
  const secret = newSecret();
  await storeKey(deps, name, secret);
  return secret;
}

function newSecret(): string {
  return `sk_${randomBytes(32).toString('base64url')}`;
}

function storeKey({ apiKeys, clock, newId }: KeyDeps, name: string, secret: string): Promise<void> {
  return apiKeys.insert({ id: newId(), name, secretHash: hashOfSecret(secret), createdAt: clock.now() });
}
