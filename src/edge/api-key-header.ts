import type { IncomingMessage } from 'node:http';

const BEARER = /^bearer\s+/i;
const OTHER_SCHEME = /^[\w-]+\s/;

/** All API keys that a request carries: its x-api-key headers and its bearer tokens. */
export function keysOf({ rawHeaders }: IncomingMessage): string[] {
  const names = rawHeaders.filter((_, index) => index % 2 === 0);
  return names.flatMap((name, index) => keyIn(name, rawHeaders[2 * index + 1]));
}

/** The API keys in a websocket's connectionParams, under the names that the headers have. */
export function keysIn(params: Readonly<Record<string, unknown>> | undefined): string[] {
  return Object.entries(params ?? {}).flatMap(([name, value]) => keyIn(name, value));
}

/** A value that is not a text counts as an unknown key. Authorization with another scheme, such as Basic, is meant for a proxy and is ignored. */
function keyIn(name: string, given: unknown): string[] {
  const value = typeof given === 'string' ? given.trim() : '';
  switch (name.toLowerCase()) {
    case 'x-api-key':
      return [value];
    case 'authorization':
      if (BEARER.test(value)) return [value.replace(BEARER, '')];
      return OTHER_SCHEME.test(value) ? [] : [value];
    default:
      return [];
  }
}
