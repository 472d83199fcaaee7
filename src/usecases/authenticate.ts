import { createHash, timingSafeEqual } from 'node:crypto';
import { SluiceError } from '../domain/errors.js';
import { type Caller, FULL_ACCESS } from '../domain/security/caller.js';
import type { Deps } from './deps.js';

/**
 * Returns the caller that an API key belongs to. `secrets` are all keys of the request: two different ones are refused, since nobody could say which caller is
 * meant. Throws UNAUTHENTICATED.
 */
export function authenticate({ apiKeys }: Pick<Deps, 'apiKeys'>) {
  return async (secrets: readonly string[]): Promise<Caller> => {
    const [secret, ...others] = secrets;
    if (secret === undefined || secret === '') {
      throw new SluiceError('UNAUTHENTICATED', 'no API key was sent; send one in the header x-api-key');
    }
    if (others.some((other) => other !== secret)) {
      throw new SluiceError('UNAUTHENTICATED', 'two different API keys were sent; send one, in the header x-api-key');
    }
    const hash = hashOfSecret(secret);
    const key = await apiKeys.findByHash(hash);
    if (!key || !timingSafeEqual(key.secretHash, hash)) {
      throw new SluiceError('UNAUTHENTICATED', 'the API key sent in x-api-key is unknown; send a valid one');
    }
    return { keyId: key.id, keyName: key.name, access: FULL_ACCESS };
  };
}

/** The hash under which a secret is stored. Secrets are 32 random bytes, so a fast hash is enough. */
export function hashOfSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
