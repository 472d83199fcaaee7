import { describe, expect, it } from '@jest/globals';
import { until } from '../../test/support/until.js';
import { systemClock } from '../adapters/system-clock.js';
import type { Lanes, Lease } from '../ports/lane.js';
import { HeldLease } from './held-lease.js';

const LEASE: Lease = {
  datasetId: 'd',
  runToken: 1,
  owner: 'w',
  finalThrough: 0,
  finalBytes: 0,
  takenThrough: 0,
  terminations: 0,
  wasInterrupted: false,
  appliedRevision: 1,
  generation: 'g',
  records: 0,
  rows: 0,
};

describe('a held lease', () => {
  it('is released only after a running renewal has ended', async () => {
    const done: string[] = [];
    let goOn: (() => void) | undefined;
    const lanes: Pick<Lanes, 'renew' | 'release'> = {
      async renew() {
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
        done.push('renewed');
      },
      release: async () => void done.push('released'),
    };
    const held = new HeldLease(lanes, systemClock, LEASE, systemClock.monotonicMs(), 30);
    const renewed = await until('a renewal', () => goOn);
    const released = held.release();
    await new Promise(setImmediate);
    renewed();
    await released;
    expect(done).toEqual(['renewed', 'released']);
  });
});
