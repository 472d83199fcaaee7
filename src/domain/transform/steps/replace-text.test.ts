import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { plannedStep } from '../../../../test/support/steps.js';
import type { ReplaceTextStep } from './replace-text.js';

function replace(settings: Partial<ReplaceTextStep>) {
  const defaults = { column: 't', search: 'a', mode: 'LITERAL', caseSensitive: true, replacement: '' } as const;
  return plannedStep('replaceText', { ...defaults, ...settings }, { t: 'x', n: 1 });
}
const regex = (search: string, replacement = '', more: Partial<ReplaceTextStep> = {}) =>
  replace({ mode: 'REGEX', search, replacement, ...more });

/** A group in a replacement, by its name. */
const named = (name: string) => `$\{${name}}`;

describe('replaceText', () => {
  it.each<[Partial<ReplaceTextStep>, string | null, string | null]>([
    [{ search: 'a', replacement: 'b' }, 'banana', 'bbnbnb'],
    [{ search: '.', replacement: '$1' }, 'a.b.', 'a$1b$1'],
    [{ search: 'aa' }, 'aaab', 'ab'],
    [{ search: 'A' }, 'aAb', 'ab'],
    [{ search: 'É', caseSensitive: false, replacement: '$0\\' }, 'éÉe', '$0\\$0\\e'],
    [{ search: 'a.b', caseSensitive: false, replacement: '-' }, 'A.B axb', '- axb'],
    [{ search: '😀', replacement: '😁' }, 'a😀', 'a😁'],
    [{ search: 'x' }, '', ''],
    [{ search: 'x' }, null, null],
    [{ search: 'x', caseSensitive: false }, null, null],
  ])('%j makes %j %j', (settings, t, expected) => {
    expect(replace(settings).of({ t })).toBe(expected);
  });

  it.each<[string, string, string, string]>([
    ['\\s+', ' ', 'a \t\n b  c', 'a b c'],
    ['(\\w+)@(\\w+)', '$2 at $1', 'ada@home', 'home at ada'],
    ['(?P<year>\\d{4})-(?P<month>\\d\\d)', `${named('month')}/${named('year')}`, '2024-02', '02/2024'],
    ['(a)|(b)', '[$1$2$0]', 'abc', '[aa][bb]c'],
    ['(a)', `$10$${named('1')}$$`, 'a', `a0${named('1')}$`],
    ['^', '> ', 'a\nb', '> a\nb'],
    ['(?m)^', '> ', 'a\nb', '> a\n> b'],
    ['x*', '-', 'abc', '-a-b-c-'],
    ['.', '-', '😀é', '--'],
    ['\\pL', 'L', 'aéЖ1', 'LLL1'],
  ])('replaces matches of %j by %j: %j becomes %j', (search, replacement, t, expected) => {
    const step = regex(search, replacement);
    expect(step.of({ t })).toBe(expected);
  });

  it('ignores case if it is told to', () => {
    expect(regex('AD(.)', '$1', { caseSensitive: false }).of({ t: 'Ada ADA ad' })).toBe('a A ad');
  });

  it('replaces what the regular expressions of JavaScript replace', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '1', ' ', '-') });
    const pattern = fc.constantFrom('a+', 'a*b', '(a|b)1', '[^a ]', 'a?', '\\bb', '(a)(b)?', '-$', '1{2,3}', 'a+?b');
    fc.assert(
      fc.property(text, pattern, (t, search) => {
        expect(regex(search, '<$0>').of({ t })).toBe(t.replace(new RegExp(search, 'gu'), '<$&>'));
      }),
    );
  });

  it('refuses what RE2 does not read, groups that there are none of, and patterns that are too large', () => {
    expect(regex('(?=a)').faults).toEqual([expect.stringContaining('search is no regular expression in RE2 syntax')]);
    expect(regex('(a').faults).toEqual([expect.stringContaining('missing closing )')]);
    expect(regex('(a)\\1').faults).toEqual([expect.stringContaining('invalid escape sequence')]);
    expect(regex('(a)', '$2').faults).toEqual([
      'replacement has "$2", and search has no such group; $0 is the whole match',
    ]);
    expect(regex('a', `${named('name')} $`).faults).toEqual([
      `replacement has "${named('name')}", and search has no such group; $0 is the whole match`,
      'replacement has a $ that names no group; write $$ for a dollar sign',
    ]);
    expect(regex('a'.repeat(1_001)).faults).toEqual(['search has 1001 characters; at most 1000 are allowed']);
    expect(regex('(a{20}){30}').faults).toEqual([
      expect.stringMatching(/^search has the size \d+, .*; at most 500 is allowed$/),
    ]);
    expect(regex('(a{100}){100}').faults).toEqual([expect.stringContaining('invalid repeat count')]);
    expect(replace({ search: '' }).faults).toEqual(['search has 0 characters; give 1 to 10000']);
    expect(replace({ column: 'n' }).faults).toEqual(['column is "n": the column is NUMERIC; the step takes TEXT']);
  });

  it('gives an error for a result that is too long, and does not build it', () => {
    const error = { error: expect.stringContaining('more than 1000000 characters') };
    const long = 'a'.repeat(100_000);
    expect(replace({ search: 'a', replacement: 'x'.repeat(10_000) }).of({ t: long })).toEqual(error);
    expect(regex('a+', '$0'.repeat(5_000)).of({ t: long })).toEqual(error);
  });
});
