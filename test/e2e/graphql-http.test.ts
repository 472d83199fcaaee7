import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditServer } from 'graphql-http';
import { API_KEY, type Sluice, startSluice } from '../support/sluice.js';

describe.each(['development', 'production'])('GraphQL over HTTP, NODE_ENV=%s', (mode) => {
  const before = process.env.NODE_ENV;
  let sluice: Sluice;
  beforeAll(async () => {
    process.env.NODE_ENV = mode;
    sluice = await startSluice();
  });
  afterAll(async () => {
    process.env.NODE_ENV = before;
    await sluice.close();
  });

  it('passes every audit of the specification that says MUST', async () => {
    const results = await auditServer({
      url: `${sluice.url}/graphql`,
      fetchFn: (url: string, init: RequestInit = {}) => {
        const headers = new Headers(init.headers);
        headers.set('x-api-key', API_KEY);
        return fetch(url, { ...init, headers });
      },
    });
    const faults = results.filter((result) => result.status === 'error').map((result) => result.name);
    expect(faults).toEqual([]);
    expect(results.filter((result) => result.status === 'ok' && result.name.startsWith('MUST')).length).toBeGreaterThan(
      10,
    );
  });

  it('shows neither a stack nor other internals of an error', async () => {
    const { body } = await sluice.post('/graphql', { query: '{ nothing }' });
    expect(body).toEqual({
      errors: [
        {
          message: 'Cannot query field "nothing" on type "Query".',
          locations: [{ line: 1, column: 3 }],
          extensions: { code: 'BAD_REQUEST' },
        },
      ],
    });
  });

  it('allows introspection with a key', async () => {
    const { body } = await sluice.post('/graphql', { query: '{ __schema { queryType { name } } }' });
    expect(body).toEqual({ data: { __schema: { queryType: { name: 'Query' } } } });
  });
});
