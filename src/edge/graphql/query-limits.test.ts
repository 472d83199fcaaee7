import { describe, expect, it } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';
import { refuseCostlyQuery } from './query-limits.js';

describe('refuseCostlyQuery', () => {
  it('lets honest queries pass: introspection, long literals, and syntax errors, which the parser reports', () => {
    refuseCostlyQuery(getIntrospectionQuery());
    refuseCostlyQuery(`mutation { pushData(input: {data: [${'{a: 1, b: "x"} '.repeat(4_000)}]}) { id } }`);
    refuseCostlyQuery(`{${Array.from({ length: 190 }, (_, n) => `a${n}: a(b: "${'x'.repeat(5_000)}")`).join(' ')}}`);
    refuseCostlyQuery('{ a(');
    refuseCostlyQuery('\u0000');
    refuseCostlyQuery(`${'\r\n'.repeat(9_999)}{ a }`);
  });

  it.each([
    ['nesting', '{a'.repeat(200)],
    ['nesting after a comment that opens a string', `# "\n${'{a'.repeat(200)}`],
    ['nesting after a string of closing brackets', `{a(s: "${'}'.repeat(500)}") ${'{a'.repeat(200)}`],
    ['nested lists', `{a(l: ${'['.repeat(200)}`],
    ['many fields', `{${'a '.repeat(4_000)}}`],
    ['many lines', `${'\n'.repeat(10_000)}{ a }`],
    ['many lines that end with CR', `${'\r'.repeat(10_000)}{ a }`],
    ['many lines that end with CR LF', `${'\r\n'.repeat(10_000)}{ a }`],
    ['many comments', `${'#\n'.repeat(10_000)}{ a }`],
    ['many characters', `{${'a(b: "'.concat('x'.repeat(5_000), '") ').repeat(390)}}`],
    ['equal fields with long arguments', `{${'a(b: "'.concat('x'.repeat(2_400), '") ').repeat(390)}}`],
    ['equal aliases of them', `{${'b: a(b: "'.concat('x'.repeat(5_000), '") ').repeat(180)}}`],
    ['many tokens', `{a(l: [${'1 '.repeat(40_001)}])}`],
  ])('refuses %s', (_name, query) => {
    expect(() => refuseCostlyQuery(query)).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }));
  });
});
