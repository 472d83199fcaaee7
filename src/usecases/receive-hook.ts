import { timingSafeEqual } from 'node:crypto';
import type { SluiceError } from '../domain/errors.js';
import { deliveryIdOf } from '../domain/hooks/delivery-id.js';
import { accessOfPushUrl, type PushUrl } from '../domain/hooks/push-url.js';
import { type HookBody, readHookBody } from '../domain/hooks/read-hook-body.js';
import type { HeaderOf } from '../domain/hooks/signature-scheme.js';
import { verifySignature } from '../domain/hooks/verify-signature.js';
import type { JsonObject } from '../domain/json/json-value.js';
import { readRecords } from '../domain/push/payload.js';
import type { Caller } from '../domain/security/caller.js';
import { credentialState } from '../domain/security/credential-state.js';
import type { RateLimit } from '../domain/security/rate-limit.js';
import { CredentialRefusal } from '../domain/security/refusal.js';
import { endTurnIfOver, inTurns } from '../event-loop/turns.js';
import type { JobReceipt } from './accept-job.js';
import { CredentialUses } from './credential-uses.js';
import type { Deps } from './deps.js';
import type { PushRequest } from './push-data.js';
import { hashOfSecret } from './secrets.js';

/** What a sender of webhooks sent to a push URL. */
export interface HookDelivery {
  readonly pushUrl: PushUrl;
  readonly headerOf: HeaderOf;
  /** The body, decompressed. */
  readonly body: Buffer;
  /** Its content type in lower case, without parameters. */
  readonly mediaType: string;
}

/** A push URL, and the caller that its sender is. */
export interface HookCaller {
  readonly pushUrl: PushUrl;
  readonly caller: Caller;
}

/**
 * Returns the push URL with this token, and its caller. `address` is where the request came from. Throws NOT_FOUND, the same for a token that is unknown, revoked or expired and
 * for one of a deleted dataset, so that nobody learns which of these it is.
 */
export function authenticateHook(deps: Pick<Deps, 'pushUrls' | 'clock' | 'reportError'>, rateLimit: RateLimit) {
  const { pushUrls, clock } = deps;
  const uses = new CredentialUses('push URL', { ...deps, uses: pushUrls });
  return async (token: string, address: string): Promise<HookCaller> => {
    const hash = hashOfSecret(token);
    const pushUrl = await pushUrls.findByHash(hash);
    const isKnown = pushUrl !== null && timingSafeEqual(pushUrl.tokenHash, hash);
    if (!isKnown || credentialState(pushUrl, clock.now()).kind !== 'VALID') throw noPushUrl();
    uses.note(pushUrl.id);
    const { id, name, expiresAt } = pushUrl;
    const access = accessOfPushUrl(pushUrl);
    const credential = hash.toString('hex');
    return { pushUrl, caller: { id, kind: 'PUSH_URL', name, access, credential, rateLimit, expiresAt, address } };
  };
}

/**
 * Accepts what a webhook delivers, as a push to the dataset of the push URL. A redelivery gets the job of the first delivery, whatever its body, unless that job ended in
 * ERROR_EXIT. Throws UNAUTHENTICATED if its signature is not right, what `readHookBody` throws, and what a push throws.
 */
export function receiveHook(
  { clock }: Pick<Deps, 'clock'>,
  push: (request: PushRequest, caller: Caller) => Promise<JobReceipt>,
) {
  return async ({ pushUrl, headerOf, body, mediaType }: HookDelivery, caller: Caller): Promise<JobReceipt> => {
    const { datasetId, documentUpdateMethod, signature } = pushUrl;
    const signed = signature && verifySignature(signature, headerOf, body, clock.now());
    const records = await inTurns(readHookBody(body, mediaType));
    const event = signature?.scheme === 'STRIPE' && records.data.count === 1 ? await onlyRecord(records) : null;
    const deliveryId = deliveryIdOf(signature?.scheme ?? null, signed, headerOf, event) ?? undefined;
    return push({ datasetId, documentUpdateMethod, ...records, deliveryId }, caller);
  };
}

async function onlyRecord({ payload, form }: HookBody): Promise<JsonObject | null> {
  for (const [record] of readRecords(payload, form)) {
    if (record) return record;
    await endTurnIfOver();
  }
  return null;
}

function noPushUrl(): SluiceError {
  const message =
    'there is no such push URL, or it has ended; create one with createPushUrl, and enter it at the sender';
  return new CredentialRefusal('UNKNOWN_PUSH_URL', message);
}
