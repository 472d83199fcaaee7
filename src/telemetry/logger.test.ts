import { describe, expect, it } from '@jest/globals';
import { createLogger } from './logger.js';

describe('createLogger', () => {
  it('writes no token of a push URL, wherever in a line it is', () => {
    const lines: string[] = [];
    const logger = createLogger('info', { write: (line) => void lines.push(line) });
    const token = 'slh_Zm9v-YmFy_YmF6cXV4cXV1eGNvcmdlZ3JhdWx0Z2FycGx5';
    logger.warn({ err: new Error(`POST /hooks/${token} failed`), url: `/hooks/${token}/` }, `the token ${token}`);
    logger.info({ req: { headers: { 'x-api-key': 'k', authorization: 'a' }, url: '/hooks/mistyped-token' } }, 'done');
    expect(lines.join('')).not.toMatch(/Zm9v|mistyped/);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { msg: 'the token slh_***', url: '/hooks/***' },
      { req: { headers: { 'x-api-key': '[Redacted]', authorization: '[Redacted]' }, url: '/hooks/***' } },
    ]);
  });
});
