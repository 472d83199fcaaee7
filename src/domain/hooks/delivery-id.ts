import { hash } from 'node:crypto';
import type { JsonObject } from '../json/json-value.js';
import type { HeaderOf, SignatureScheme, SignedDelivery } from './signature-scheme.js';

/** The headers in which senders name a delivery. Only for push URLs without signatures, since nobody says who the sender is. */
const HEADERS = [
  'idempotency-key',
  'webhook-id',
  'svix-id',
  'x-github-delivery',
  'x-shopify-webhook-id',
  'shopify-webhook-id',
];

/**
 * The sender's id of a delivery, which it repeats when it sends the delivery again; null if it sent none. `signed` is null for a push URL without signatures, `event` unless the
 * body is one record. The result is
 * a digest of the id, so that it is short, whatever the sender makes of it.
 */
export function deliveryIdOf(
  scheme: SignatureScheme | null,
  signed: SignedDelivery | null,
  headerOf: HeaderOf,
  event: JsonObject | null,
): string | null {
  const id = scheme === 'STRIPE' ? eventIdIn(event) : signed ? signed.id : HEADERS.map(headerOf).find(Boolean);
  return id ? hash('sha256', id, 'base64url') : null;
}

/** Stripe sends one event as an object, with its id. */
function eventIdIn(event: JsonObject | null): string | undefined {
  const id = event && Object.hasOwn(event, 'id') ? event.id : undefined;
  return typeof id === 'string' ? id : undefined;
}
