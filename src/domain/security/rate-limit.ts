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

/** Where a caller stands after a request: by the limit of which least is left. */
export interface RateState {
  readonly isExceeded: boolean;
  readonly what: 'requests' | 'bytes';
  readonly limit: number;
  readonly remaining: number;
  /** Until the caller's minute is over. */
  readonly resetSeconds: number;
}

/**
 * Judges a caller by what it has used in its minute, this request included. The request that uses up the bytes is still taken: a limit that is smaller than a body would otherwise never
 * let it pass. Null without a limit.
 */
export function rateStateOf(
  { requestsPerMinute, bytesPerMinute }: RateLimit,
  { requests, bytes }: Use,
  resetSeconds: number,
): RateState | null {
  const states: RateState[] = [];
  if (requestsPerMinute !== null) {
    const isExceeded = requests > requestsPerMinute;
    const remaining = Math.max(0, requestsPerMinute - requests);
    states.push({ isExceeded, what: 'requests', limit: requestsPerMinute, remaining, resetSeconds });
  }
  if (bytesPerMinute !== null) {
    const remaining = Math.max(0, bytesPerMinute - bytes);
    states.push({ isExceeded: remaining === 0, what: 'bytes', limit: bytesPerMinute, remaining, resetSeconds });
  }
  const [first, second] = states;
  if (!first || !second) return first ?? null;
  return second.isExceeded || second.remaining / second.limit < first.remaining / first.limit ? second : first;
}
