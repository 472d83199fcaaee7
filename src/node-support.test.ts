import { describe, expect, it } from '@jest/globals';
import { outOfSupport } from './node-support.js';

describe('outOfSupport', () => {
  it.each([
    ['20.19.0', '2026-04-30T23:59:59Z', null],
    ['20.19.0', '2026-05-01T00:00:00Z', 'Node.js 20.19.0 has had no security fixes since the end of 2026-04'],
    ['24.21.0', '2026-05-01T00:00:00Z', null],
    ['99.0.0', '2099-01-01T00:00:00Z', null],
  ])('says of %s at %s: %s', (version, now, said) => {
    const notice = outOfSupport(version, new Date(now));
    if (said === null) expect(notice).toBeNull();
    else expect(notice).toContain(said);
  });
});
