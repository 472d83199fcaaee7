import type { Caller } from '../domain/security/caller.js';
import type { RateState, Use } from '../domain/security/rate-limit.js';

type Limited = Pick<Caller, 'id' | 'rateLimit'>;

/** Counts what callers use. A caller's minute of requests begins with its first request, that of bytes with its first body. */
export interface RateLimits {
  /** Counts a request, and returns where the caller stands; null if it has no limit. */
  admit(caller: Limited): Promise<RateState | null>;
  /** Counts the bytes of a request that was admitted. Returns whether the caller had used up its bytes before these. */
  addBytes(caller: Limited, bytes: number): Promise<boolean>;
}

/** Tells the processes that share a database what callers have used in the others. */
export interface UseExchange {
  publish(uses: ReadonlyMap<string, Use>): Promise<void>;
  /** What other processes have published since the last call, each publication once. */
  receive(): Promise<ReadonlyMap<string, Use>>;
}
