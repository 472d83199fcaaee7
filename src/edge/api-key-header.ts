import type { IncomingMessage } from 'node:http';

const BEARER = /^bearer\s+/i;
const OTHER_SCHEME = /^[\w-]+\s/;

/** Every API key that a request carries: the x-api-key headers and the bearer tokens, each of them. */
export function keysOf({ rawHeaders }: IncomingMessage): string[] {
  const names = rawHeaders.filter((_, index) => index % 2 === 0);
  return names.flatMap((name, index) => keyIn(name, rawHeaders[2 * index + 1]));
}

/** The API keys in a websocket's connectionParams, under the names that the headers have. */
export function keysIn(params: Readonly<Record<string, unknown>> | undefined): string[] {
  return Object.entries(params ?? {}).flatMap(([name, value]) => keyIn(name, value));
}

/** What is no text is a key too, one that nobody has. Authorization of another scheme, Basic for instance, is meant for a proxy and is no key. */
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
