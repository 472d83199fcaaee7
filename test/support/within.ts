import { expect } from '@jest/globals';
import { cpuMs } from './cpu-ms.js';
import { slowness } from './machine-speed.js';

/** A time that is too long is measured again: what disturbs a measurement makes it longer, never shorter. */
const ATTEMPTS = 3;

/** What {@link run} returns. Fails if it takes more than {@link most} milliseconds of CPU time each time, on the machine on which bounds were set; see {@link slowness}. */
export function within<T>(most: number, run: () => T): T {
  const taken: number[] = [];
  for (;;) {
    const start = cpuMs();
    const result = run();
    const ms = cpuMs() - start;
    taken.push(ms <= most ? ms : ms / slowness());
    if (taken.length === ATTEMPTS || ms <= most) {
      expect(Math.min(...taken)).toBeLessThanOrEqual(most);
      return result;
    }
  }
}
