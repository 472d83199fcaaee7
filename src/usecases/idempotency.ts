import { createHash } from 'node:crypto';
import { SluiceError } from '../domain/errors.js';
import { ownText } from '../domain/own-text.js';
import type { Caller } from '../domain/security/caller.js';
import type { Idempotency } from '../ports/push-log.js';

const MAX_KEY_LENGTH = 255;

export interface IdempotentRequest {
  readonly idempotencyKey?: string | undefined;
  /** The sender's id of a webhook's delivery, instead of a key. */
  readonly deliveryId?: string | undefined;
  readonly kind: string;
  readonly method: string;
  readonly payload: Buffer;
}

/** The fingerprint of every delivery: senders build the body of a redelivery anew. */
const ANY_BODY = 'delivery';

/**
 * The key and the fingerprint of a request: its operation, dataset, method and decompressed body; of a delivery, its id alone. Null without a key. Throws BAD_REQUEST for an
 * invalid key.
 */
export function idempotencyOf(
  { idempotencyKey: key, deliveryId, kind, method, payload }: IdempotentRequest,
  datasetId: string,
  { id: keyId }: Pick<Caller, 'id'>,
): Idempotency | null {
  // A process remembers the keys of its jobs.
  if (deliveryId !== undefined) return { keyId, key: ownText(deliveryId), fingerprint: ANY_BODY };
  if (key === undefined) return null;
  if (key === '' || key.length > MAX_KEY_LENGTH || !key.isWellFormed()) {
    const message = `the idempotency key has ${key.length} characters; give 1 to ${MAX_KEY_LENGTH} characters of well-formed Unicode`;
    throw new SluiceError('BAD_REQUEST', message, { field: 'idempotencyKey' });
  }
  const hash = createHash('sha256')
    .update(JSON.stringify([kind, datasetId, method]))
    .update(payload);
  return { keyId, key: ownText(key), fingerprint: hash.digest('hex') };
}
