import { describe, expect, it } from '@jest/globals';
import { plannedStep } from '../../../../test/support/steps.js';

const extract = (pattern: string, group?: number, caseSensitive = true) =>
  plannedStep('extractText', { column: 't', pattern, group, caseSensitive }, { t: 'x' });

describe('extractText', () => {
  it.each<[string, number | undefined, string | null, string | null]>([
    ['@(.+)$', undefined, 'ada@example.com', 'example.com'],
    ['@.+$', undefined, 'ada@example.com', '@example.com'],
    ['(\\d+)-(\\d+)', 0, 'no 12-34, 5-6', '12-34'],
    ['(\\d+)-(\\d+)', 2, 'no 12-34, 5-6', '34'],
    ['(a)|(b)', 1, 'b', null],
    ['x', undefined, 'abc', null],
    ['x*', undefined, 'abc', ''],
    ['.$', undefined, 'a😀', '😀'],
    ['é', undefined, 'É', null],
    ['a', undefined, null, null],
  ])('%j, group %s, of %j is %j', (pattern, group, t, expected) => {
    expect(extract(pattern, group).of({ t })).toBe(expected);
  });

  it.each<[string, number]>([
    ['(\\w+)@(\\w+)', 1],
    ['(\\w+)@(\\w+)', 2],
    ['[a-z]+@', 0],
    ['(x)?@', 1],
    ['(.)@|(!)', 2],
    ['no such text', 0],
  ])('%j, group %s, gives in a short text what it gives in a long one', (pattern, group) => {
    const t = '?? ada😀 bob@example.com é@b';
    const step = extract(pattern, group);
    expect(step.of({ t })).toEqual(step.of({ t: '?'.repeat(5_000) + t }));
  });

  it('ignores case if it is told to', () => {
    expect(extract('é.', undefined, false).of({ t: 'xÉY' })).toBe('ÉY');
  });

  it('refuses groups that there are none of, and other types', () => {
    expect(extract('(a)', 2).faults).toEqual(['group is 2; give a whole number from 0 to 1']);
    expect(extract('[').faults).toEqual([expect.stringContaining('pattern is no regular expression in RE2 syntax')]);
    const ofNumber = plannedStep('extractText', { column: 't', pattern: 'a', caseSensitive: true }, { t: 1 });
    expect(ofNumber.faults).toEqual(['column is "t": the column is NUMERIC; the step takes TEXT']);
  });
});
