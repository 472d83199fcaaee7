/** How much a caller may use a minute; null: as much as it likes. */
export interface RateLimit {
  readonly requestsPerMinute: number | null;
  /** Bytes of bodies, after decompression. */
  readonly bytesPerMinute: number | null;
}

export const UNLIMITED: RateLimit = { requestsPerMinute: null, bytesPerMinute: null };

/** What was used. */
export interface Use {
  readonly requests: number;
  readonly bytes: number;
}

/** What was used in a minute that has begun. */
export interface UsedInMinute {
  readonly used: number;
  /** Until the minute is over. */
  readonly resetSeconds: number;
}

/** Where a caller stands after a request: by the limit of which least is left. */
export interface RateState {
  readonly isExceeded: boolean;
  readonly what: 'requests' | 'bytes';
  readonly limit: number;
  readonly remaining: number;
  /** Until the caller's minute is over. If the limit is exceeded, the caller has something left again then. */
  readonly resetSeconds: number;
}

/**
 * Judges a caller by the requests of its minute, this one included, and the bytes of those before. The request that uses up the bytes is still taken: a limit that is smaller than a body
 * would otherwise never let it pass. Null without a limit.
 */
export function rateStateOf(
  { requestsPerMinute, bytesPerMinute }: RateLimit,
  { requests, bytes }: { readonly requests: UsedInMinute; readonly bytes: UsedInMinute },
): RateState | null {
  const ofRequests = requestsPerMinute === null ? null : stateOf('requests', requestsPerMinute, requests);
  const ofBytes = bytesPerMinute === null ? null : stateOf('bytes', bytesPerMinute, bytes);
  if (!ofRequests || !ofBytes) return ofRequests ?? ofBytes;
  return stricter(ofRequests, ofBytes);
}

function stateOf(what: RateState['what'], limit: number, { used, resetSeconds }: UsedInMinute): RateState {
  const isExceeded = what === 'bytes' ? used >= limit : used > limit;
  return { isExceeded, what, limit, remaining: Math.max(0, limit - used), resetSeconds };
}

/** Of two exceeded limits the one that ends later: before that, the caller would be refused again. */
function stricter(one: RateState, other: RateState): RateState {
  if (one.isExceeded && other.isExceeded) return other.resetSeconds > one.resetSeconds ? other : one;
  if (one.isExceeded !== other.isExceeded) return one.isExceeded ? one : other;
  return other.remaining / other.limit < one.remaining / one.limit ? other : one;
}
