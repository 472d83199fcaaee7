import { z } from 'zod';
import { isAddressRange } from './edge/client-address.js';

const EVERYONE =
  'cannot be *: every page on the web could then use any key that it finds; name the origins of your pages, such as https://app.example';

/** What a process makes of requests before it knows whose they are. */
export interface EdgeConfig {
  /** The web origins whose pages may use the service. */
  readonly corsOrigins: readonly string[];
  /** Whether clients may read the GraphQL schema. */
  readonly introspection: boolean;
  /** The addresses of proxies in front of the service, and ranges of them. What they say of where a request came from is believed. */
  readonly trustedProxies: readonly string[];
}

export const EDGE_VARIABLES = {
  SLUICE_CORS_ORIGINS: z
    .string()
    .transform((list) => list.split(',').map((origin) => origin.trim()))
    .superRefine(checkOrigins)
    .default([]),
  SLUICE_INTROSPECTION: z.enum(['on', 'off']).default('on'),
  SLUICE_TRUST_PROXY: z
    .string()
    .transform((list) => list.split(',').map((range) => range.trim()))
    .pipe(
      z.array(z.string().refine(isAddressRange, 'give addresses and ranges such as 10.0.0.0/8, separated by commas')),
    )
    .default([]),
};

type Environment = z.infer<z.ZodObject<typeof EDGE_VARIABLES>>;

export function edgeOf(e: Environment): EdgeConfig {
  return {
    corsOrigins: e.SLUICE_CORS_ORIGINS,
    introspection: e.SLUICE_INTROSPECTION === 'on',
    trustedProxies: e.SLUICE_TRUST_PROXY,
  };
}

/** Browsers compare origins letter by letter, so one that is written in another way would never match. */
function checkOrigins(origins: readonly string[], context: z.RefinementCtx): void {
  for (const origin of origins) {
    const fault = faultOf(origin);
    if (fault !== null) context.addIssue({ code: 'custom', message: fault });
  }
}

function faultOf(origin: string): string | null {
  if (origin === '*') return EVERYONE;
  const url = URL.canParse(origin) ? new URL(origin) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return `${JSON.stringify(origin)} is not an origin; give origins such as https://app.example, separated by commas`;
  }
  if (url.hostname.includes('*')) {
    return `${JSON.stringify(origin)} is not an origin, and patterns are not supported; name each origin`;
  }
  return url.origin === origin ? null : `${JSON.stringify(origin)} is not an origin; write ${url.origin}`;
}
