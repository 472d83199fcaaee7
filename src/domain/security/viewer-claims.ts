import type { SluiceError } from '../errors.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.js';
import { briefJson } from '../json/stringify-json.js';
import { CredentialRefusal } from './refusal.js';

/** What a verified viewer token says. */
export interface ViewerClaims {
  /** Who views: the claim `sub`. */
  readonly subject: string;
  /** As they were sent; they are not checked. */
  readonly permissions: JsonValue;
  /** From when on the token is refused. */
  readonly expiresAt: Date;
  /** The claim `jti`. */
  readonly tokenId: string | null;
}

/** Clocks of issuers may differ from ours by this much. */
export const CLOCK_TOLERANCE_SECONDS = 10;
/** A token cannot be revoked, so it must expire soon. */
export const MAX_LIFETIME_SECONDS = 86_400;
/** Of `sub` and `jti`. */
export const MAX_SUBJECT_LENGTH = 255;

/**
 * Reads the claims of a viewer token whose signature, issuer, audience and times (`exp`, `nbf`) are checked already. Throws UNAUTHENTICATED with the name of the claim
 * that is wrong.
 */
export function readViewerClaims(claims: JsonValue, now: Date): ViewerClaims {
  if (!isJsonObject(claims)) throw refusedToken('its claims are not a JSON object');
  if (!Object.hasOwn(claims, 'permissions')) {
    throw refusedToken('the claim "permissions" is missing; a token without it was made for something else');
  }
  return {
    subject: readText(claims, 'sub'),
    permissions: claims.permissions ?? null,
    expiresAt: readExpiry(claims, now),
    tokenId: claims.jti === undefined ? null : readText(claims, 'jti'),
  };
}

/** The error for a viewer token that is refused. `reason` must quote neither the token nor a key. */
export function refusedToken(reason: string, cause?: unknown): SluiceError {
  return new CredentialRefusal('REFUSED_VIEWER_TOKEN', `the viewer token was refused: ${reason}`, null, { cause });
}

function readText(claims: JsonObject, claim: string): string {
  const value = claims[claim];
  if (typeof value === 'string' && value !== '' && value.length <= MAX_SUBJECT_LENGTH) return value;
  const found = value === undefined ? 'missing' : briefJson(value);
  throw refusedToken(`the claim "${claim}" is ${found}; it must be a text of 1 to ${MAX_SUBJECT_LENGTH} characters`);
}

/** The token is accepted for the tolerance after `exp`, so this is when it ends. */
function readExpiry({ exp }: JsonObject, now: Date): Date {
  if (typeof exp !== 'number') throw refusedToken('the claim "exp" is not a number of seconds');
  const latest = now.getTime() / 1_000 + MAX_LIFETIME_SECONDS + CLOCK_TOLERANCE_SECONDS;
  if (exp <= latest) return new Date(Math.floor((exp + CLOCK_TOLERANCE_SECONDS) * 1_000));
  const end = timeOfClaim(exp);
  throw refusedToken(
    `it expires at ${end}, but may be valid for ${MAX_LIFETIME_SECONDS} seconds from now at most; issue it for a shorter time`,
  );
}

/** A time claim for a message: ISO 8601 if it is a time, and JSON otherwise. */
export function timeOfClaim(seconds: unknown): string {
  const time = new Date(typeof seconds === 'number' ? seconds * 1_000 : Number.NaN);
  return Number.isNaN(time.getTime()) ? briefJson(seconds) : time.toISOString();
}

/** The header of a token is a JSON object, so its Base64 begins like this. */
const TOKEN = /^e[wy][^.]*\.[^.]*\.[^.]*$/;

/** Whether a credential is a JSON Web Token and no API key. Keys that the service makes never look like one, and the configured one must not. */
export function looksLikeToken(credential: string): boolean {
  return TOKEN.test(credential);
}
