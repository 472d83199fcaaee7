import { randomBytes } from 'node:crypto';
import type { KeyFile } from '../ports/key-file.js';
import { hashOfSecret } from './authenticate.js';
import type { Deps } from './deps.js';

type KeyDeps = Pick<Deps, 'apiKeys' | 'clock' | 'newId'>;

export interface FirstKey {
  readonly secret: string;
  /** Made just now, so nobody has seen it yet. */
  readonly isNew: boolean;
}

/**
 * Sees to it that there is a key to begin with: the configured one, else the one in the key file, else, where the service has no key at all, a new one
 * that is written to the key file. Null when keys exist that only their owners know.
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

/** Makes another key and answers its secret, which is not kept anywhere. */
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
