import { describe, expect, it } from '@jest/globals';
import { plannedStep } from '../../../test/support/steps.js';
import { within } from '../../../test/support/within.js';
import { compileRegex, firstMatch, withMatcher } from './regular-expression.js';
import { WorkMeter } from './work-meter.js';

/** Far more than is needed, and far less than what is not linear takes: minutes and more. */
const WITHIN_MS = 1_000;

function replacing(search: string) {
  const settings = { column: 't', search, mode: 'REGEX', caseSensitive: true, replacement: '' } as const;
  return plannedStep('replaceText', settings, { t: 'x' });
}

function extracting(pattern: string) {
  return plannedStep('extractText', { column: 't', pattern, caseSensitive: true }, { t: 'x' });
}

const a = (count: number) => 'a'.repeat(count);

describe('a regular expression of a client', () => {
  it.each<[string, string]>([
    ['(a+)+$', `${a(50_000)}!`],
    ['(a|a)*$', `${a(50_000)}!`],
    ['(a|aa)+$', `${a(50_000)}!`],
    ['(.*a){12}$', `${a(5_000)}!`],
    ['^(([a-z])+.)+[A-Z]([a-z])+$', a(50_000)],
    ['(x+x+)+y', 'x'.repeat(1_000_000)],
    ['(x+x+)+y', `${'x'.repeat(50_000)}y`],
    [`${'a?'.repeat(30)}${a(30)}`, a(30)],
    ['(\\w+\\s?)+:', 'word '.repeat(10_000)],
    ['[01]*1[01]{12}x', '01'.repeat(20_000)],
    ['(?i)(ab|a)(bc|c)?(d*)*e', `${'abcd'.repeat(10_000)}`],
    ['a*b|a', a(50_000)],
    ['.*b|.', a(50_000)],
    ['(?:.*b)?', a(50_000)],
    [`${'a?'.repeat(200)}b|a`, a(100_000)],
    ['(a*)*(a*)*(a*)*b|a', a(1_000_000)],
  ])('%j ends soon, whatever its text', (pattern, t) => {
    for (const step of [replacing(pattern), extracting(pattern)]) {
      expect(step.faults).toEqual([]);
      within(WITHIN_MS, () => step.of({ t }));
    }
  });

  it.each(['((((((((((a{2}){9}){9}){9}){9}){9}){9}){9}){9}){9})', 'a{1001}', '(a{1000}){1000}', '('.repeat(1_000)])(
    '%j is refused at once',
    (pattern) => {
      expect(within(WITHIN_MS, () => extracting(pattern).faults)).toHaveLength(1);
    },
  );

  it('notes its work, however it is searched', () => {
    const regex = compileRegex('a+[bc]');
    if (typeof regex === 'string') throw new Error(regex);
    const work = new WorkMeter();
    firstMatch(regex, a(100), 0, work);
    expect(work.isMuchDone()).toBe(false);
    for (let n = 1; n < 20_000; n += 1) firstMatch(regex, a(100), 0, work);
    expect(work.isMuchDone()).toBe(true);
    withMatcher(regex, a(1_000_000), work, (matcher) => matcher.find());
    expect(work.isMuchDone()).toBe(true);
  });

  it('is an error on a text that it reads too often, and goes on working on others', () => {
    const step = replacing('a*b|a');
    expect(step.of({ t: a(10_000) })).toEqual({
      error: expect.stringContaining('takes too many steps on this text of 10000 characters'),
    });
    expect(step.of({ t: 'caab' })).toBe('c');
    expect(step.of({ t: a(50) })).toBe('');
  });

  it.each<[string, string]>([
    ['\\s+', 'abc de fg '],
    ['[^a-z0-9]', 'Hello, World '],
    ['\\bfoo\\b', 'a foo b '],
    ['(?i)(\\w+)\\s*=\\s*"([^"]*)"', 'name = "Ada" other="x" '],
    ['<[^>]*>', '<b>bold</b> text <i> a < b '],
    ['".*?"', '"a" "b" '],
    ['x*', 'abcx'],
    ['(?i)[a-z0-9._%+-]+@[a-z0-9.-]+\\.[a-z]{2,}', 'mail ada@example.com or b@c.de; '],
    ['\\w+@\\w+|\\w', 'abc def x@y '],
  ])('such as %j works on texts of 100,000 characters', (pattern, part) => {
    const t = part.repeat(Math.ceil(100_000 / part.length));
    const flags = pattern.startsWith('(?i)') ? 'gi' : 'g';
    const expected = t.replace(new RegExp(pattern.replace('(?i)', ''), flags), '');
    // The texts are too long to be shown.
    expect(replacing(pattern).of({ t }) === expected).toBe(true);
  });
});
