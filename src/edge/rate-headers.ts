import type { FastifyReply } from 'fastify';
import { SluiceError } from '../domain/errors.js';
import type { Caller } from '../domain/security/caller.js';
import type { RateState } from '../domain/security/rate-limit.js';
import type { RateLimits } from '../ports/rate-limits.js';

/**
 * Counts a request of a caller, and tells it by the headers `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` where it stands, in the unit of the limit of which least is
 * left. Throws RATE_LIMITED, before the body is read.
 */
export async function admit(rates: RateLimits, caller: Caller, reply: FastifyReply): Promise<void> {
  const state = await rates.admit(caller);
  if (!state) return;
  const { what, limit, remaining, resetSeconds } = state;
  void reply.headers({
    'ratelimit-policy': `"${what}";q=${limit};w=60`,
    'ratelimit-limit': String(limit),
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': String(resetSeconds),
  });
  refuseExceeded(state);
}

/** Throws RATE_LIMITED if a caller has used up its minute. */
export function refuseExceeded(state: RateState | null): void {
  if (!state?.isExceeded) return;
  const { what, limit, resetSeconds } = state;
  const message = `this caller may use ${limit} ${what} a minute, and has; nothing of this request was done: send it again in ${resetSeconds} s`;
  throw new SluiceError('RATE_LIMITED', message, { retryAfterSeconds: resetSeconds });
}
