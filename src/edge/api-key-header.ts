import type { IncomingMessage } from 'node:http';

const BEARER = /^bearer\s+/i;
const OTHER_SCHEME = /^[\w-]+\s/;

/** All API keys that a request carries: its x-api-key headers and its bearer tokens. */
export function keysOf({ rawHeaders }: IncomingMessage): string[] {
  const keys: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const key = keyIn(rawHeaders[index] ?? '', rawHeaders[index + 1]);
    if (key !== null) keys.push(key);
  }
  return keys;
}

/** The API keys in a websocket's connectionParams, under the names that the headers have. */
export function keysIn(params: Readonly<Record<string, unknown>> | undefined): string[] {
  return Object.entries(params ?? {}).flatMap(([name, value]) => keyIn(name, value) ?? []);
}

/** A value that is not a text counts as an unknown key. Null if there is none: Authorization with another scheme, such as Basic, is meant for a proxy and is ignored. */
function keyIn(name: string, given: unknown): string | null {
  switch (name.toLowerCase()) {
    case 'x-api-key':
      return textOf(given);
    case 'authorization': {
      const value = textOf(given);
      if (BEARER.test(value)) return value.replace(BEARER, '');
      return OTHER_SCHEME.test(value) ? null : value;
    }
    default:
      return null;
  }
}

function textOf(given: unknown): string {
  return typeof given === 'string' ? given.trim() : '';
}
