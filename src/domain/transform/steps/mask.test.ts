import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { plannedStep } from '../../../../test/support/steps.js';
import { MASK_MODES, type MaskMode } from './mask.js';

function mask(mode: MaskMode, keepStart = 0, keepEnd = 0, character = '*') {
  return plannedStep('mask', { column: 't', mode, keepStart, keepEnd, character }, { t: 'x' });
}

describe('mask', () => {
  it.each<[MaskMode, number, number, string | null, string | null]>([
    ['ALL', 0, 0, 'Ada 1', '*****'],
    ['ALL', 1, 2, 'Lovelace', 'L*****ce'],
    ['ALL', 2, 2, 'Ada!', '****'],
    ['ALL', 2, 2, 'Ada!?', 'Ad*!?'],
    ['ALL', 0, 1, '😀é😁', '**😁'],
    ['ALL', 1, 1, '', ''],
    ['ALL', 0, 0, null, null],
    ['EMAIL', 0, 0, 'ada@example.com', '***@example.com'],
    ['EMAIL', 1, 0, 'ada@example.com', 'a**@example.com'],
    ['EMAIL', 1, 0, 'a@example.com', '*@example.com'],
    ['EMAIL', 0, 0, '"a@b"@example.com', '*****@example.com'],
    ['EMAIL', 1, 1, 'Ada Lovelace', '************'],
    ['EMAIL', 1, 1, '@ada', '****'],
    ['EMAIL', 1, 1, 'ada@', '****'],
    ['PHONE', 0, 4, '+44 (0)20 7946-0958', '+** (*)** ****-0958'],
    ['PHONE', 2, 0, '+44 20', '+44 **'],
    ['PHONE', 2, 2, '+4420', '+****'],
    ['PHONE', 0, 2, '٠١٢-٣٤٥', '***-*٤٥'],
    ['PHONE', 0, 2, '0800 FLOWERS', '**** *****RS'],
    ['PHONE', 0, 2, '+ -', '+ -'],
  ])('%s keeping %s and %s makes %j %j', (mode, keepStart, keepEnd, t, expected) => {
    expect(mask(mode, keepStart, keepEnd).of({ t })).toBe(expected);
  });

  it('takes any one character as the mask', () => {
    expect(mask('ALL', 1, 0, '😶').of({ t: 'Ada' })).toBe('A😶😶');
    for (const character of ['', '**', 'e\u0301']) expect(mask('ALL', 0, 0, character).faults).not.toEqual([]);
    expect(mask('ALL', -1, 101).faults).toEqual([
      'keepStart is -1; give a whole number from 0 to 100',
      'keepEnd is 101; give a whole number from 0 to 100',
    ]);
  });

  it('keeps the number of characters, shows no more than it is told to, and changes nothing the second time', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '1', '😀', '-', '@', ' ') });
    const kept = fc.nat({ max: 3 });
    fc.assert(
      fc.property(text, fc.constantFrom(...MASK_MODES), kept, kept, (t, mode, keepStart, keepEnd) => {
        const step = mask(mode, keepStart, keepEnd, '#');
        const once = step.of({ t }) as string;
        expect([...once]).toHaveLength([...t].length);
        const [before] = mode === 'EMAIL' ? once.split('@').slice(0, -1) : [once];
        const shown = [...(before ?? '')].filter((one) => /[a1]/.test(one));
        expect(shown.length).toBeLessThanOrEqual(keepStart + keepEnd);
        if (mode !== 'PHONE') expect(step.of({ t: once })).toBe(once);
      }),
    );
  });

  it('gives an error for a text that is too long', () => {
    expect(mask('ALL').of({ t: 'x'.repeat(1_000_001) })).toEqual({
      error: 'the result has more than 1000000 characters, which is the most that a step gives',
    });
  });
});
