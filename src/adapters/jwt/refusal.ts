import { errors } from 'jose';
import { SluiceError } from '../../domain/errors.js';
import { briefJson } from '../../domain/json/stringify-json.js';
import { refusedToken, timeOfClaim } from '../../domain/security/viewer-claims.js';
import type { TokenRules } from './token-rules.js';

/** Turns an error of jose into the refusal of the token, with the reason and what was expected. The messages quote claims, and never the token. */
export function refusalOf(error: unknown, rules: TokenRules): SluiceError {
  if (error instanceof SluiceError) return error;
  return refusedToken(reasonOf(error, rules), error);
}

function reasonOf(error: unknown, rules: TokenRules): string {
  if (error instanceof errors.JWTExpired) return `it expired at ${timeOfClaim(error.payload.exp)}; send a new one`;
  if (error instanceof errors.JWTClaimValidationFailed) return reasonOfClaim(error, rules);
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return 'its signature does not fit; it was changed, or signed with another key';
  }
  if (error instanceof errors.JWKSNoMatchingKey) {
    return "none of its issuer's keys has the kid and the alg of its header";
  }
  if (error instanceof errors.JWKSMultipleMatchingKeys) {
    return "several of its issuer's keys fit; its header must have a kid that names one";
  }
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) {
    return 'it is not a signed JSON Web Token in the compact form header.claims.signature';
  }
  return 'the key that its header names cannot be used; an RSA key must have 2048 bits or more';
}

function reasonOfClaim(
  { claim, reason, payload }: errors.JWTClaimValidationFailed,
  { issuer, audience }: TokenRules,
): string {
  const named = `the claim "${claim}"`;
  if (reason === 'missing') return `${named} is missing`;
  switch (claim) {
    case 'iss':
      return `${named} is ${briefJson(payload.iss)}; it must be ${briefJson(issuer)}`;
    case 'aud':
      return `${named} is ${briefJson(payload.aud)}; it must be or have ${briefJson(audience)}`;
    case 'nbf':
      if (typeof payload.nbf === 'number') return `it is not valid before ${timeOfClaim(payload.nbf)} (${named})`;
      break;
  }
  return `${named} is not a number of seconds`;
}
