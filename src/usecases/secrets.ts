import { hash, randomBytes } from 'node:crypto';
import { TOKEN_PREFIX } from '../domain/hooks/redact-tokens.js';

/** Scanners for secrets recognise API keys by it. */
const KEY_PREFIX = 'slk_';
/** How much of a secret is kept in clear, so that its owner recognises it; the rest has more than 200 random bits. */
const SHOWN = 12;

/** A new secret of an API key. It is not stored anywhere. */
export function newSecret(): string {
  return `${KEY_PREFIX}${randomBytes(32).toString('base64url')}`;
}

/** A new token of a push URL. It is not stored anywhere. */
export function newToken(): string {
  return `${TOKEN_PREFIX}${randomBytes(32).toString('base64url')}`;
}

/** What of a secret is stored. The hash can be a fast one, because secrets are random; a secret from the configuration may not be, so nothing of it is shown. */
export function storedSecret(secret: string): { readonly secretHash: Buffer; readonly prefix: string } {
  const prefix = secret.startsWith(KEY_PREFIX) ? secret.slice(0, SHOWN) : '';
  return { secretHash: hashOfSecret(secret), prefix };
}

/** The hash under which a secret is stored. */
export function hashOfSecret(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}
