import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { memoryRateLimits } from './rate-limits.js';

describe('rate limits in memory', () => {
  beforeEach(() => void jest.useFakeTimers({ now: 0 }));
  afterEach(() => void jest.useRealTimers());

  const caller = { id: 'a', rateLimit: { requestsPerMinute: 2, bytesPerMinute: 1_000 } };

  it('say when the minute of the exceeded limit is over, and admit again then', async () => {
    const rates = memoryRateLimits();
    await rates.admit(caller);
    jest.setSystemTime(50_000);
    await rates.addBytes(caller, 1_000);
    expect(await rates.admit(caller)).toMatchObject({ what: 'bytes', isExceeded: true, resetSeconds: 60 });
    // The minute of requests has begun anew.
    jest.setSystemTime(70_000);
    expect(await rates.admit(caller)).toMatchObject({ what: 'bytes', isExceeded: true, resetSeconds: 40 });
    jest.setSystemTime(110_000);
    expect(await rates.admit(caller)).toMatchObject({ isExceeded: false, remaining: 0 });
    expect(await rates.admit(caller)).toMatchObject({ what: 'requests', isExceeded: true, resetSeconds: 20 });
  });
});
