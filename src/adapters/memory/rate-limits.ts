import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { rateStateOf, type Use, type UsedInMinute } from '../../domain/security/rate-limit.js';
import type { RateLimits, UseExchange } from '../../ports/rate-limits.js';

const WINDOW_SECONDS = 60;
const EXCHANGE_MS = 1_000;

export interface MemoryRateLimits extends RateLimits {
  /** Shares what is used with other processes, every second while callers are limited here. Returns a function that stops it. */
  share(exchange: UseExchange, reportError: (error: unknown, doing: string) => void): () => void;
}

/**
 * Rate limits in the memory of a process, with the windows of `rate-limiter-flexible`. No request waits for a database: other processes hear of a use at most two seconds later, so
 * that together they may let a little more pass than the limit.
 */
export function memoryRateLimits(): MemoryRateLimits {
  // The limits are those of the callers, so the counters themselves have none.
  const windows = { duration: WINDOW_SECONDS, points: Number.MAX_SAFE_INTEGER };
  const [requests, bytes] = [new RateLimiterMemory(windows), new RateLimiterMemory(windows)];
  let unpublished = new Map<string, Use>();
  let isShared = false;
  let lastUse = Number.NEGATIVE_INFINITY;

  function note(id: string, use: Partial<Use>): void {
    if (!isShared) return;
    lastUse = performance.now();
    const { requests = 0, bytes = 0 } = unpublished.get(id) ?? {};
    unpublished.set(id, { requests: requests + (use.requests ?? 0), bytes: bytes + (use.bytes ?? 0) });
  }

  async function exchangeBy({ publish, receive }: UseExchange): Promise<void> {
    if (performance.now() - lastUse > 1000 * WINDOW_SECONDS) return;
    const uses = unpublished;
    unpublished = new Map();
    if (uses.size > 0) await publish(uses);
    for (const [id, use] of await receive()) {
      await requests.penalty(id, use.requests);
      await bytes.penalty(id, use.bytes);
    }
  }

  return {
    async admit({ id, rateLimit }) {
      if (rateLimit.requestsPerMinute === null && rateLimit.bytesPerMinute === null) return null;
      note(id, { requests: 1 });
      const counted = await requests.penalty(id, 1);
      const sent = await bytes.get(id);
      return rateStateOf(rateLimit, { requests: usedIn(counted), bytes: usedIn(sent) });
    },

    async addBytes({ id, rateLimit: { bytesPerMinute } }, count) {
      if (bytesPerMinute === null) return false;
      note(id, { bytes: count });
      const { consumedPoints } = await bytes.penalty(id, count);
      return consumedPoints - count >= bytesPerMinute;
    },

    share(exchange, reportError) {
      isShared = true;
      let running = false;
      const timer = setInterval(() => {
        if (running) return;
        running = true;
        exchangeBy(exchange)
          .catch((error: unknown) => reportError(error, 'sharing what callers use'))
          .finally(() => {
            running = false;
          });
      }, EXCHANGE_MS);
      return () => clearInterval(timer);
    },
  };
}

/** A window that has not begun, or is over, has nothing in it. */
function usedIn(window: RateLimiterRes | null): UsedInMinute {
  if (window === null || window.msBeforeNext <= 0) return { used: 0, resetSeconds: WINDOW_SECONDS };
  return { used: window.consumedPoints, resetSeconds: Math.ceil(window.msBeforeNext / 1000) };
}
