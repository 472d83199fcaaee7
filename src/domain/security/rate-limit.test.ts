import { describe, expect, it } from '@jest/globals';
import { rateStateOf } from './rate-limit.js';

describe('where a caller stands', () => {
  const limit = { requestsPerMinute: 10, bytesPerMinute: 1_000 };

  it.each([
    ['by requests, of which less is left', { requests: 6, bytes: 500 }, ['requests', 4, false]],
    ['by bytes, of which less is left', { requests: 4, bytes: 500 }, ['bytes', 500, false]],
    ['at its last request', { requests: 10, bytes: 0 }, ['requests', 0, false]],
    ['beyond its requests', { requests: 11, bytes: 999 }, ['requests', 0, true]],
    ['when its bytes are used up', { requests: 5, bytes: 1_000 }, ['bytes', 0, true]],
    [
      'when its bytes are used up, whatever it has left of requests',
      { requests: 10, bytes: 1_001 },
      ['bytes', 0, true],
    ],
  ] as const)('is told %s', (_name, use, [what, remaining, isExceeded]) => {
    expect(rateStateOf(limit, use, 7)).toMatchObject({ what, remaining, isExceeded, resetSeconds: 7 });
  });

  it('is not told without a limit, and by one limit if there is one', () => {
    const use = { requests: 5, bytes: 5 };
    expect(rateStateOf({ requestsPerMinute: null, bytesPerMinute: null }, use, 1)).toBeNull();
    expect(rateStateOf({ requestsPerMinute: null, bytesPerMinute: 9 }, use, 1)).toMatchObject({ what: 'bytes' });
    expect(rateStateOf({ requestsPerMinute: 9, bytesPerMinute: null }, use, 1)).toMatchObject({ what: 'requests' });
  });
});
