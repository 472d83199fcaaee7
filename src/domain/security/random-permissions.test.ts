import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { naivelySees } from '../../../test/support/naive-permissions.js';
import { claimFor, DATASET, someColumns, someValues } from '../../../test/support/random-permissions.js';
import { satisfies } from '../query/evaluate-filter.js';
import { EVERYTHING } from '../query/record-query.js';
import { compilePermissions } from './compile-permissions.js';
import { readPermissions } from './read-permissions.js';

const RUNS = Number(process.env.SLUICE_PERMISSION_RUNS ?? 2_000);

describe('random permissions', () => {
  it('compile to filters that permit exactly the rows that the rules permit', () => {
    const seen = { none: 0, some: 0, all: 0, refused: 0 };
    const cases = someColumns.chain((columns) =>
      fc.record({
        columns: fc.constant(columns),
        claim: claimFor(columns),
        rows: fc.array(someValues, { minLength: 1, maxLength: 12 }),
      }),
    );
    fc.assert(
      fc.property(cases, ({ columns, claim, rows }) => {
        const compiled = compilePermissions(readPermissions(claim), DATASET, columns);
        const sees = naivelySees(claim, DATASET, columns);
        if ('reason' in compiled) {
          seen.refused += 1;
          expect([compiled.reason, sees === null || !rows.some(sees)]).toEqual([compiled.reason, true]);
          expect(compiled.reason).toMatch(/^(an entry for|no entry for|no condition)/);
          return;
        }
        const permitted = rows.map((values) => satisfies(values, compiled.filter ?? EVERYTHING));
        expect(permitted).toEqual(rows.map((values) => sees?.(values)));
        const count = permitted.filter(Boolean).length;
        seen[count === 0 ? 'none' : count < rows.length ? 'some' : 'all'] += 1;
      }),
      { numRuns: RUNS },
    );
    // Otherwise the comparison would be of nothing.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(RUNS / 50);
  });
});
