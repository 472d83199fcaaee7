import { createHmac, timingSafeEqual } from 'node:crypto';
import { SluiceError } from '../errors.js';
import { CredentialRefusal } from '../security/refusal.js';
import { type HeaderOf, SCHEMES, type SignatureScheme, type SignedDelivery } from './signature-scheme.js';

/** How the deliveries to a push URL are signed. */
export interface HookSignature {
  readonly scheme: SignatureScheme;
  readonly secret: string;
}

/** How far the time of a signature may be from the service's clock, in both directions: what Standard Webhooks and Stripe recommend. */
const MAX_SIGNATURE_AGE_SECONDS = 300;

const MAX_SECRET_LENGTH = 512;

const SECONDS = /^\d{1,12}$/;

/** Throws BAD_REQUEST if a secret does not have the form that senders of its scheme give it. The message does not contain it. */
export function checkHookSecret({ scheme, secret }: HookSignature, field: string): void {
  const { keyOf, secretForm } = SCHEMES[scheme];
  if (secret.length <= MAX_SECRET_LENGTH && keyOf(secret) !== null) return;
  const message = `this is not a secret of the scheme ${scheme}; give it as the sender shows it: ${secretForm}, and at most ${MAX_SECRET_LENGTH} characters`;
  throw new SluiceError('BAD_REQUEST', message, { field, expected: secretForm });
}

/**
 * Checks that the sender of a delivery knows the secret: that the signature in its headers fits the body, and that it is not older than 5 minutes where the scheme signs a
 * time. Returns what was signed. Throws UNAUTHENTICATED, which says what to do and contains neither the secret nor the signature.
 */
export function verifySignature(signature: HookSignature, headerOf: HeaderOf, body: Buffer, now: Date): SignedDelivery {
  const { header, form, read, keyOf } = SCHEMES[signature.scheme];
  const signed = read(headerOf);
  if (signed === null) {
    throw refused(
      `the delivery has no ${header}; enter the secret of this push URL at the sender, so that it signs what it sends`,
    );
  }
  const { digests, before, sentAt, id } = signed;
  if (sentAt !== null && id?.includes('.')) throw refused(idWithFullStop(header));
  if (digests.length === 0) throw refused(`${header} holds no signature of this form: ${form}`);
  const key = keyOf(signature.secret);
  const digest = createHmac('sha256', key ?? Buffer.alloc(0))
    .update(before)
    .update(body)
    .digest();
  const fits = digests.filter((sent) => sent.length === digest.length && timingSafeEqual(sent, digest)).length > 0;
  if (key === null || !fits) {
    throw refused(
      `the signature in ${header} does not fit the body and the secret of this push URL; give both sides the same secret, and let nothing in between change the body`,
    );
  }
  if (sentAt !== null) refuseOld(sentAt, now, header);
  return signed;
}

/**
 * What is signed is the id, the time and the body with full stops between them. If the id could contain one, somebody who has recorded a delivery could move the borders: another time and
 * another body would have the same signature.
 */
function idWithFullStop(header: string): string {
  return `the id of the delivery, which ${header} covers, contains a full stop, and Standard Webhooks forbid it there; let the sender use ids without one`;
}

/** A delivery that somebody has recorded must not be accepted later. */
function refuseOld(sentAt: string, now: Date, header: string): void {
  const age = Math.floor(now.getTime() / 1000) - (SECONDS.test(sentAt) ? Number(sentAt) : Number.NaN);
  if (Math.abs(age) <= MAX_SIGNATURE_AGE_SECONDS) return;
  const what = Number.isNaN(age)
    ? `the time that ${header} covers is not a number of seconds since 1970`
    : `the delivery was signed ${Math.abs(age)} seconds ${age > 0 ? 'ago' : 'in the future'}, and at most ${MAX_SIGNATURE_AGE_SECONDS} are accepted`;
  throw refused(`${what}; check the clocks of both sides, and let the sender send it again with a new signature`);
}

function refused(message: string): SluiceError {
  return new CredentialRefusal('REFUSED_SIGNATURE', message);
}
