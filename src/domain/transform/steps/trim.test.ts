import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { plannedStep } from '../../../../test/support/steps.js';
import { within } from '../../../../test/support/within.js';
import type { TrimSide } from './trim.js';

const trim = (side: TrimSide, characters?: string) =>
  plannedStep('trim', { column: 't', side, characters }, { t: 'x' });

describe('trim', () => {
  it.each<[TrimSide, string | undefined, string | null, string | null]>([
    ['BOTH', undefined, ' \t\n\u00a0Ada L.\u3000 ', 'Ada L.'],
    ['START', undefined, '  Ada  ', 'Ada  '],
    ['END', undefined, '  Ada  ', '  Ada'],
    ['BOTH', undefined, '   ', ''],
    ['BOTH', '()', '()((a)b)(', 'a)b'],
    ['START', '0', '00070', '70'],
    ['END', '0', '00070', '0007'],
    ['BOTH', '()', ' (a) ', ' (a) '],
    ['BOTH', 'x', 'xxx', ''],
    ['BOTH', '😀', '😀a😀😁', 'a😀😁'],
    ['BOTH', '^-]', '-]^a', 'a'],
    ['BOTH', undefined, null, null],
    ['BOTH', 'x', null, null],
  ])('%s with %j makes %j %j', (side, characters, t, expected) => {
    expect(trim(side, characters).of({ t })).toBe(expected);
  });

  it('changes nothing the second time, and both ends are the start and the end', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ' ', '😀', '\u2003', 'b') });
    fc.assert(
      fc.property(text, fc.option(fc.constantFrom('a ', '😀', 'ab'), { nil: undefined }), (t, characters) => {
        const once = trim('BOTH', characters).of({ t }) as string;
        expect(trim('BOTH', characters).of({ t: once })).toBe(once);
        expect(trim('END', characters).of({ t: trim('START', characters).of({ t }) as string })).toBe(once);
      }),
    );
  });

  it('refuses characters that are none, too many, or halves', () => {
    expect(trim('BOTH', '').faults).toEqual(['characters has 0 characters; give 1 to 100']);
    expect(trim('BOTH', 'x'.repeat(101)).faults).toEqual(['characters has 101 characters; give 1 to 100']);
    expect(trim('BOTH', '\ud800').faults).toEqual([
      'characters holds half of a surrogate pair; give well-formed Unicode',
    ]);
  });

  it('trims a million characters from each end within a second', () => {
    const t = `${'xy'.repeat(500_000)}a${'y'.repeat(1_000_000)}`;
    expect(within(1_000, () => trim('BOTH', 'xy').of({ t }))).toBe('a');
  });
});
