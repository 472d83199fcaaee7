import type { FastifyRequest } from 'fastify';
import type { PushUrl } from '../domain/hooks/push-url.js';
import type { Caller } from '../domain/security/caller.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null on the routes that need no key. */
    caller: Caller | null;
    /** Rejects if the caller turns out not to be valid. Null if it is known already. */
    confirmation: Promise<void> | null;
    /** Set on the route of push URLs only. */
    pushUrl: PushUrl | null;
  }
}

/** The caller of a route that needs a key. */
export function callerOf({ caller }: FastifyRequest): Caller {
  if (!caller) throw new TypeError('the route is open to everybody and has no caller');
  return caller;
}
