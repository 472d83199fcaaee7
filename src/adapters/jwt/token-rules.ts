import { decodeProtectedHeader, type ProtectedHeaderParameters } from 'jose';
import { briefJson } from '../../domain/json/stringify-json.js';
import { refusedToken } from '../../domain/security/viewer-claims.js';

/** What a token must fit, beyond its signature. */
export interface TokenRules {
  /** The only algorithms that are accepted, whatever the token's header says. */
  readonly algorithms: readonly string[];
  readonly issuer: string | undefined;
  readonly audience: string | undefined;
}

/** Longer tokens would not fit into the headers of a request, of which there are others. */
export const MAX_TOKEN_LENGTH = 12_288;

/** Tokens of other kinds, such as logout tokens, have other types. */
const TYPES: readonly unknown[] = [undefined, 'jwt', 'at+jwt', 'application/jwt', 'application/at+jwt'];

/** Checks a token's length and header, before anything is spent on its signature. Throws UNAUTHENTICATED. */
export function checkHeader(token: string, { algorithms }: TokenRules): void {
  if (token.length > MAX_TOKEN_LENGTH) {
    throw refusedToken(`it has ${token.length} characters; at most ${MAX_TOKEN_LENGTH} are allowed`);
  }
  const { alg, typ, crit } = headerOf(token);
  if (typeof alg !== 'string' || !algorithms.includes(alg)) {
    throw refusedToken(`its header has the alg ${briefJson(alg)}; this service accepts ${algorithms.join(', ')}`);
  }
  if (crit !== undefined) throw refusedToken('its header has a "crit", but no extensions are supported');
  if (!TYPES.includes(typeof typ === 'string' ? typ.toLowerCase() : typ)) {
    throw refusedToken(`its header has the typ ${briefJson(typ)}; expected JWT`);
  }
}

function headerOf(token: string): ProtectedHeaderParameters {
  try {
    return decodeProtectedHeader(token);
  } catch (error) {
    throw refusedToken('it is not a signed JSON Web Token in the compact form header.claims.signature', error);
  }
}
