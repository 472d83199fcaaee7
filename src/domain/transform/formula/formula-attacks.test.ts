import { describe, expect, it } from '@jest/globals';
import { compiled, faultsOf } from '../../../../test/support/steps.js';
import { within } from '../../../../test/support/within.js';
import type { StoredValue } from '../../design/stored-value.js';
import type { Step } from '../step-kinds.js';

const formula = (source: string): Step => ({ kind: 'formula', settings: { source } });

/** Far above what any of these takes on a slow machine, and far below what they take without a bound: seconds, or forever. */
const MOST_MS = 500;

const timed = <T>(run: () => T) => within(MOST_MS, run);

const BIG = 'a'.repeat(100_000);
const MANY = Array.from({ length: 10_000 }, (_, index) => `${index}`);
const wide = (part: string, operator: string, count: number) => Array(count).fill(part).join(operator);

describe('a formula of an attacker', () => {
  it.each<[string, string]>([
    ['many !', `${'!'.repeat(3990)}yes`],
    ['many -', `${'-'.repeat(3990)}n`],
    ['many parentheses', `${'('.repeat(1990)}n${')'.repeat(1990)}`],
    ['deep lists', `${'['.repeat(1990)}${']'.repeat(1990)}`],
    ['deep ternaries', `${'yes ? 1 : '.repeat(380)}2`],
    ['a long chain', `n${'.a'.repeat(1900)}`],
    ['a long sum', wide('n', '+', 1_900)],
    ['a long list', `[${wide('1', ',', 1_900)}]`],
    ['a long source', wide('n', '+', 100_000)],
    ['a macro within a macro', 'texts.map(a, texts.map(b, texts.map(c, a + b + c)))'],
    ['a macro within a predicate', 'texts.filter(a, texts.exists(b, a == b))'],
    ['a macro within a receiver of a body', 'texts.map(a, numbers.filter(b, b > 1).size())'],
    ['bindings that double', 'cel.bind(a, text + text, cel.bind(b, a + a, cel.bind(c, b + b, c)))'],
    ['JSON of bytes', 'bytes(text).json()'],
    ['a pattern from the data', '"x".matches(text)'],
    ['a pattern with large counts', 'text.matches("((a{100}){100}){100}")'],
    ['a pattern of 1,001 characters', `text.matches("${'a'.repeat(1001)}")`],
    ['a look-around', 'text.matches("(?=a)a")'],
    ['a back-reference', 'text.matches("(a)\\\\1")'],
    ['a prototype', 'row.__proto__'],
    ['a constructor', 'row["constructor"]'],
    ['a method of objects', 'row.toString'],
  ])('is refused for %s', (_, source) => {
    expect(timed(() => faultsOf(formula(source)))).not.toEqual([]);
  });

  it.each([
    '(a+)+$',
    '(a|a)*$',
    '(a|aa)+$',
    '(.*a){12}$',
    '(x+x+)+y',
    '([a-zA-Z]+)*$',
    '(a?){50}a{50}',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
  ])('ends at once for the pattern %s, which takes other engines forever', (pattern) => {
    const run = compiled(formula(`text.matches("${pattern}")`));
    const text = `${'a'.repeat(50_000)}!`;
    expect(['boolean', 'string']).toContain(typeof timed(() => run({ text })));
  });

  const work = 'the formula takes too much work on values as long as these; shorten them before';
  it.each<[string, string, Record<string, StoredValue>, unknown]>([
    ['a list times itself', 'texts.exists(t, !(t in texts))', { texts: MANY }, work],
    ['a text times a list', 'texts.exists(t, text.contains(t + "b"))', { text: BIG, texts: MANY }, work],
    ['patterns times a list', 'texts.all(t, text.matches("(a|b)*c") == false)', { text: BIG, texts: MANY }, work],
    ['joins times a list', 'texts.exists(t, t == texts.join(text))', { text: BIG, texts: MANY }, work],
    [
      'dates times a list',
      `texts.exists(t, ${wide('from.getHours("Europe/Berlin") == 30', '||', 60)})`,
      { texts: MANY, from: new Date() },
      work,
    ],
    [
      'a long join',
      'texts.join(text)',
      { text: BIG, texts: MANY },
      expect.stringMatching(/too much work|more than 1000000/),
    ],
    ['a long sum', wide('text', '+', 240), { text: BIG }, expect.stringMatching(/too much work|more than 1000000/)],
    [
      'a long sum of a shorter text',
      wide('text', '+', 240),
      { text: BIG.slice(0, 9_000) },
      expect.stringContaining('more than 1000000'),
    ],
    [
      'long results of a list',
      'texts.map(t, t + text)',
      { text: BIG.slice(0, 900), texts: MANY },
      expect.stringMatching(/work|1000000/),
    ],
    ['many parts', 'text.split("").size()', { text: BIG }, expect.stringContaining('more than 10000 elements')],
    ['a long text to find', 'text.contains(text)', { text: BIG }, work],
    [
      'a text to find that nearly fits',
      `text.contains("${'a'.repeat(500)}b${'a'.repeat(499)}")`,
      { text: BIG },
      expect.anything(),
    ],
    ['the same from its end', `text.lastIndexOf("b${'a'.repeat(999)}")`, { text: BIG }, expect.anything()],
    ['many searches', wide(`text.contains("${'a'.repeat(8)}b")`, '||', 90), { text: BIG }, expect.anything()],
    [
      'a duration of many digits',
      'duration(text).getHours()',
      { text: '1'.repeat(100_000) },
      expect.stringContaining('is no duration'),
    ],
    [
      'a text of 100,001 characters',
      'size(text)',
      { text: `${BIG}a` },
      expect.stringContaining('is too large for a formula'),
    ],
    [
      'an array of 10,001 elements',
      'size(texts)',
      { texts: [...MANY, ''] },
      expect.stringContaining('is too large for a formula'),
    ],
  ])('ends within milliseconds for %s', (_, source, values, expected) => {
    const run = compiled(formula(source));
    expect(timed(() => run(values))).toEqual(expected);
  });

  it('may go through the largest list that it reads', () => {
    expect(timed(() => compiled(formula('texts.filter(t, t == "9999" || size(t) == 0)'))({ texts: MANY }))).toEqual([
      '9999',
    ]);
  });
});
