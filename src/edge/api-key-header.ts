import type { IncomingMessage } from 'node:http';

/** Every API key that a request carries: the x-api-key headers, each of them, and a bearer token. */
export function keysOf({ rawHeaders }: IncomingMessage): string[] {
  const keys: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    if (name === 'x-api-key') keys.push(value.trim());
    if (name === 'authorization') keys.push(value.replace(/^bearer\s+/i, '').trim());
  }
  return keys;
}
