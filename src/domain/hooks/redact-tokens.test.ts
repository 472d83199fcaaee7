import { describe, expect, it } from '@jest/globals';
import { shownPath, withoutHookPaths } from './redact-tokens.js';

const TOKEN = 'slh_Zm9v-YmFy_YmF6cXV4cXV1eGNvcmdlZ3JhdWx0Z2FycGx5';

describe('withoutHookPaths', () => {
  it.each([
    [`{"url":"/hooks/${TOKEN}?a=1","n":1}`, '{"url":"/hooks/***","n":1}'],
    [`see http://host/hooks/${TOKEN} now`, 'see http://host/hooks/*** now'],
    [`/HOOKS/x/y and ${TOKEN}, ${TOKEN}`, '/HOOKS/*** and slh_***, slh_***'],
    ['nothing to hide in /dataload/hooks', 'nothing to hide in /dataload/hooks'],
  ])('%s', (text, redacted) => {
    expect(withoutHookPaths(text)).toBe(redacted);
  });
});

describe('shownPath', () => {
  it.each([
    [`/hooks/${TOKEN}`, '/hooks/***'],
    [`//hooks/${TOKEN}/more`, '/hooks/***'],
    [`/%68ooks/${TOKEN.replace('s', '%73')}`, '/hooks/***'],
    [`/Hooks%2f${TOKEN.replace('s', '%73')}`, '/hooks/***'],
    [`/graphql/${TOKEN}`, '/graphql/slh_***'],
    ['/dataload/a%zz', '/dataload/a%zz'],
  ])('%s', (path, shown) => {
    expect(shownPath(path)).toBe(shown);
  });
});
