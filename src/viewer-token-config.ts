import { z } from 'zod';

/** Which viewer tokens the service accepts. */
export interface ViewerTokenConfig {
  /** How tokens are signed: with a secret that both sides know (do not print it), or by an issuer that publishes its keys at a URL. */
  readonly key: { readonly kind: 'SECRET'; readonly secret: string } | { readonly kind: 'JWKS'; readonly url: string };
  /** What the claims `iss` and `aud` must be; if undefined, they are not checked. */
  readonly issuer: string | undefined;
  readonly audience: string | undefined;
}

/** HS256 is as strong as its secret: shorter ones can be guessed from a token. */
const LEAST_SECRET_BYTES = 32;

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;
const SAFE_URL =
  'give an https:// URL without a user name, or an http:// URL of this machine: anyone who changes the keys on their way can make tokens';

/** The variables of viewer tokens. No message quotes a value, because it may be a secret. */
export const VIEWER_TOKEN_VARIABLES = {
  SLUICE_JWT_SECRET: z
    .string()
    .refine((secret) => Buffer.byteLength(secret) >= LEAST_SECRET_BYTES, {
      error: `give a secret of ${LEAST_SECRET_BYTES} bytes or more, for example from: openssl rand -base64 48`,
    })
    .optional(),
  SLUICE_JWKS_URL: z.string().refine(isSafeUrl, { error: SAFE_URL }).optional(),
  SLUICE_JWT_ISSUER: z.string().optional(),
  SLUICE_JWT_AUDIENCE: z.string().optional(),
};

type Environment = z.infer<z.ZodObject<typeof VIEWER_TOKEN_VARIABLES>>;

/** Checks the variables of viewer tokens against each other. */
export function checkViewerTokens(e: Environment, context: z.RefinementCtx): void {
  const fault = (name: keyof Environment, message: string) =>
    context.addIssue({ code: 'custom', path: [name], message });
  if (e.SLUICE_JWT_SECRET !== undefined && e.SLUICE_JWKS_URL !== undefined) {
    fault('SLUICE_JWT_SECRET', 'give either SLUICE_JWT_SECRET or SLUICE_JWKS_URL, not both: tokens have one issuer');
  }
  for (const name of ['SLUICE_JWT_ISSUER', 'SLUICE_JWT_AUDIENCE'] as const) {
    if (e[name] === undefined || e.SLUICE_JWT_SECRET !== undefined || e.SLUICE_JWKS_URL !== undefined) continue;
    fault(name, 'is set, but no viewer tokens are accepted; give SLUICE_JWT_SECRET or SLUICE_JWKS_URL too');
  }
}

/** Undefined if no viewer tokens are accepted. */
export function viewerTokensOf(e: Environment): ViewerTokenConfig | undefined {
  const key = keyOf(e);
  return key && Object.freeze({ key, issuer: e.SLUICE_JWT_ISSUER, audience: e.SLUICE_JWT_AUDIENCE });
}

function keyOf({ SLUICE_JWT_SECRET: secret, SLUICE_JWKS_URL: url }: Environment): ViewerTokenConfig['key'] | undefined {
  if (secret !== undefined) return { kind: 'SECRET', secret };
  return url === undefined ? undefined : { kind: 'JWKS', url };
}

function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
}
