import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { nativeExpression } from './native-expression.js';
import { compileRegex, firstMatch } from './regular-expression.js';
import { WorkMeter } from './work-meter.js';

const character = fc.constantFrom(
  ...['a', 'b', '1', ' ', '@', '-', '/', '.', '\\d', '\\w', '\\s', '\\.', '\\-', '\\$', '\\\\', '\\/'],
  ...['[ab]', '[^a]', '[^@\\d]', '[a-c1]', '[.+*?$]', '[\\w.]', '[^b-z/]', '[A-z]', '[:ab:]'],
);
const piece = fc.tuple(character, fc.constantFrom('', '', '', '+', '*', '?', '+?')).map((parts) => parts.join(''));
const sequence = fc.array(piece, { maxLength: 4 }).map((parts) => parts.join(''));
const pattern = fc
  .tuple(fc.constantFrom('', '^'), sequence, sequence, sequence, fc.constantFrom('', '$', '|a', ')?'))
  .map(([start, one, two, three, end]) => `${start}${one}(${two})${three}${end}`);
const text = fc.string({
  unit: fc.constantFrom(...'aabbc1 @-/.$\\+*?:A_\n\r\t\v\f\u00a0\u2028éſK', '😀'),
  maxLength: 20,
});

/** The whole match and its group, as the library finds them. */
function found(regex: RE2JS, text: string): (string | null)[] | null {
  const matcher = regex.matcher(text);
  return matcher.find() ? [matcher.group(0), matcher.group(1)] : null;
}

describe('an expression for the engine', () => {
  it('finds what the library finds', () => {
    let native = 0;
    fc.assert(
      fc.property(pattern, text, (source, searched) => {
        const regex = compileRegex(source);
        const same = typeof regex === 'string' ? null : nativeExpression(source);
        if (typeof regex === 'string' || !same) return;
        native += 1;
        const match = same.exec(searched);
        expect(match && [match[0], match[1] ?? null]).toEqual(found(regex, searched));
        const ofGroup = firstMatch(regex, searched, 1, new WorkMeter(), same);
        expect(ofGroup).toBe(firstMatch(regex, searched, 1, new WorkMeter()));
      }),
      { numRuns: 20_000 },
    );
    expect(native).toBeGreaterThan(2_000);
  });

  it.each(['@(.+)$', '^[A-Z][0-9]+-', '([\\w.]+)@example\\.com', 'a?b?c?', ''])('exists for %j', (source) => {
    expect(nativeExpression(source)).not.toBeNull();
  });

  it.each([
    ...[
      '.*.*=',
      'a+b*',
      'a|b',
      '(a)+',
      '(a){2}',
      'a{2}',
      'a+?',
      '(?i)a',
      '(?:a)',
      '(?P<n>a)',
      '\\bx',
      '\\pL',
      'é',
      '[é]',
    ],
    ...['[[:alpha:]]', '[a-]', 'a?b?c?d?', 'a^', '$a', '\\D', '[^\\s]', '\\A', '\\Q.\\E', '\\x41', '\\n'],
  ])('does not exist for %j', (source) => {
    expect(nativeExpression(source)).toBeNull();
  });
});
