import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { cpuMs } from '../test/support/cpu-ms.js';
import { slowness } from '../test/support/machine-speed.js';
import { MAX_LENGTH as MAX_FORMAT_LENGTH } from './domain/design/date-format.js';
import { MAX_PLACE_NAME_LENGTH } from './domain/geolocation/name-variants.js';

/** A pattern that takes the square of the length takes half a second and more for such a text, a linear one some tenths of a millisecond. */
const LENGTH = 20_000;
const LIMIT_MS = 60;
/** How often a part is repeated first: one that takes exponential time must fail here, since it would not end for a long text. */
const FEW = [10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30];

/** The most characters of a client that reach the patterns of a file, where longer texts are refused, or are no names of places, before. */
const CAPPED: Readonly<Record<string, number>> = {
  'domain/design/date-format.ts': MAX_FORMAT_LENGTH,
  'domain/geolocation/name-variants.ts': MAX_PLACE_NAME_LENGTH,
  'domain/geolocation/scope.ts': MAX_PLACE_NAME_LENGTH,
};

interface Pattern {
  readonly file: string;
  readonly regex: RegExp;
}

function patternsOf(file: string): { literals: Pattern[]; made: number } {
  const source = ts.createSourceFile(file, readFileSync(join('src', file), 'utf8'), ts.ScriptTarget.Latest, true);
  const literals: Pattern[] = [];
  let made = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      literals.push({ file, regex: new RegExp(node.text.slice(1, end), node.text.slice(end + 1)) });
    }
    if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === 'RegExp') made += 1;
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { literals, made };
}

const FILES = (readdirSync('src', { recursive: true }) as string[])
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .sort();

/** What a pattern may repeat: characters of all kinds, and a few of them together. The words of the pattern itself come in addition. */
const UNITS = [
  ...'aA0 1\t\n-.,/\\{}[]()"\'%=@:_#$&?+<>~é市\u0301\u00a0',
  '{{',
  '\\{',
  '}}',
  '[[',
  '%2e',
  '1h',
  ' -',
  '- ',
  '. ',
  "a'",
  'a.',
  '0,',
  '12',
  '\ud800',
];

/** Texts in which each part is repeated so often. */
function attacksOf({ source }: RegExp, timesOf: (unit: string) => number): string[] {
  const words = source.match(/[A-Za-z]{2,}/g) ?? [];
  const units = [...UNITS, ...words.slice(0, 5)];
  const starts = ['', 'a', '0', '[', '{{', '"', ...words.slice(0, 2)];
  return units.flatMap((unit) => {
    const many = unit.repeat(timesOf(unit));
    return starts.flatMap((start) => ['', '!', 'a\u0000'].map((end) => `${start}${many}${end}`));
  });
}

function msOf(regex: RegExp, text: string): number {
  const start = cpuMs();
  if (regex.global) text.replace(regex, '');
  else {
    regex.lastIndex = 0;
    regex.exec(text);
  }
  return cpuMs() - start;
}

/** A text for which a pattern takes long; undefined if there is none. Long texts come after short ones, for which every pattern that ends at all ends soon. */
function slowTextOf(regex: RegExp, length: number): string | undefined {
  const isSlow = (text: string) => msOf(regex, text) > LIMIT_MS && msOf(regex, text) / slowness() > LIMIT_MS;
  for (const times of FEW) {
    const slow = attacksOf(regex, () => times).find(isSlow);
    if (slow !== undefined) return slow;
  }
  return attacksOf(regex, (unit) => Math.max(1, Math.floor(length / unit.length))).find(isSlow);
}

describe('every regular expression of the service', () => {
  const found = FILES.map((file) => ({ file, ...patternsOf(file) }));
  const all = found.flatMap(({ literals }) => literals);

  it.each(all.map((pattern) => [`${pattern.file} ${pattern.regex}`, pattern] as const))(
    'takes linear time: %s',
    (_name, { file, regex }) => {
      const slow = slowTextOf(regex, CAPPED[file] ?? LENGTH);
      expect(slow && `${slow.slice(0, 30)} ... ${slow.slice(-5)}`).toBeUndefined();
    },
  );

  it.each([
    ['exponential', '^(?:a|a)*$'],
    ['exponential, of words', '^(?:word|wor?d)*$'],
    ['exponential with a larger base', '^(?:0|0|0|0)*$'],
    ['quadratic', 'a+$'],
  ])('would be found if its time were %s', (_kind, source) => {
    expect(slowTextOf(new RegExp(source), LENGTH)).toBeDefined();
  });

  it('is written as a literal, except those whose readers hostile-texts.test.ts tries', () => {
    expect(Object.fromEntries(found.flatMap(({ file, made }) => (made > 0 ? [[file, made]] : [])))).toEqual({
      'domain/design/date-format.ts': 1,
      'domain/design/rfc-2822.ts': 1,
      'domain/geolocation/normalize-name.ts': 1,
      'domain/hooks/redact-tokens.ts': 1,
    });
  });
});
