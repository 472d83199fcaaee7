import { describe, expect, it } from '@jest/globals';
import { rateStateOf } from './rate-limit.js';

const inMinute = (requests: number, bytes: number) => ({
  requests: { used: requests, resetSeconds: 7 },
  bytes: { used: bytes, resetSeconds: 50 },
});

describe('where a caller stands', () => {
  const limit = { requestsPerMinute: 10, bytesPerMinute: 1_000 };

  it.each([
    ['by requests, of which less is left', inMinute(6, 500), ['requests', 4, false, 7]],
    ['by bytes, of which less is left', inMinute(4, 500), ['bytes', 500, false, 50]],
    ['at its last request', inMinute(10, 0), ['requests', 0, false, 7]],
    ['beyond its requests', inMinute(11, 999), ['requests', 0, true, 7]],
    ['when its bytes are used up', inMinute(5, 1_000), ['bytes', 0, true, 50]],
    ['when its bytes are used up at its last request', inMinute(10, 1_001), ['bytes', 0, true, 50]],
    ['beyond both, until the later one ends', inMinute(11, 1_000), ['bytes', 0, true, 50]],
  ] as const)('is told %s', (_name, use, [what, remaining, isExceeded, resetSeconds]) => {
    expect(rateStateOf(limit, use)).toEqual({
      what,
      remaining,
      isExceeded,
      resetSeconds,
      limit: what === 'bytes' ? 1_000 : 10,
    });
  });

  it('is not told without a limit, and by one limit if there is one', () => {
    const use = inMinute(5, 5);
    expect(rateStateOf({ requestsPerMinute: null, bytesPerMinute: null }, use)).toBeNull();
    expect(rateStateOf({ requestsPerMinute: null, bytesPerMinute: 9 }, use)).toMatchObject({ what: 'bytes' });
    expect(rateStateOf({ requestsPerMinute: 9, bytesPerMinute: null }, use)).toMatchObject({ what: 'requests' });
  });
});
