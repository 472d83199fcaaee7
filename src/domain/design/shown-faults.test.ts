import { describe, expect, it } from '@jest/globals';
import { shownFaults, shownWarnings } from './shown-faults.js';

const many = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ column: `c${n}`, field: 'name', message: `fault ${n}` }) as const);

describe('the faults and warnings that are shown', () => {
  it('are all of them up to 1,000', () => {
    expect(shownFaults(many(1_000))).toEqual(many(1_000));
    expect(shownWarnings(many(1_000))).toEqual(many(1_000));
  });

  it('are counted beyond that', () => {
    expect(shownFaults(many(220_000))).toHaveLength(1_001);
    expect(shownFaults(many(220_000)).at(-1)?.message).toMatch(/^219000 more faults/);
    expect(shownWarnings(many(1_001)).at(-1)).toEqual({ column: null, message: '1 more warnings are not shown' });
  });
});
