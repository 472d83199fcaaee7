import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { expectNothingStored } from '../support/nothing-stored.js';
import { type Problem, type Sluice, startSluice } from '../support/sluice.js';

const LIMIT = 200_000;

/** Each fragment asks for the next one twice. */
function doubling(levels: number): string {
  const fragments = Array.from(
    { length: levels },
    (_, n) =>
      `fragment F${n} on Dataset { a: lastJob { dataset { ...F${n + 1} } } b: lastJob { dataset { ...F${n + 1} } } }`,
  );
  return `{ dataset(id: "DATASET") { ...F0 } } ${fragments.join(' ')} fragment F${levels} on Dataset { id }`;
}

describe('bad input through GraphQL', () => {
  let sluice: Sluice;
  let id: string;
  beforeAll(async () => {
    sluice = await startSluice({ SLUICE_MAX_PAYLOAD_BYTES: String(LIMIT) });
    id = await sluice.dataset({ n: 1, t: 'x' });
  });
  afterAll(() => sluice.close());

  /** Whatever was sent: there is no job and no row, and the service still works. */
  afterEach(() => expectNothingStored(sluice, id));

  const codeOf = (body: Problem) =>
    (body.errors as { extensions: { code: string } }[] | undefined)?.[0]?.extensions.code;
  const push = 'mutation ($d: JSON!) { pushData(input: {datasetId: "DATASET", data: $d}) { id } }';

  it('shows the first 20 errors of an answer, and counts the others', async () => {
    const fields = Array.from({ length: 30 }, (_, n) => `j${n}: job(id: "${'x'.repeat(1_001)}") { id }`);
    const answer = await sluice.post('/graphql', { query: `{${fields.join(' ')}}` });
    const errors = answer.body.errors as unknown as { message: string; path?: unknown; extensions: unknown }[];
    expect(errors.map(({ path }) => path)).toEqual([...Array.from({ length: 20 }, (_, n) => [`j${n}`]), undefined]);
    expect(errors.at(-1)).toEqual({
      message: expect.stringContaining('10 more errors are not shown'),
      extensions: { code: 'BAD_REQUEST' },
    });
  });

  it.each<[string, string, string, number]>([
    ['malformed JSON', '{"query": ', 'INVALID_JSON', 400],
    ['a body over the limit', JSON.stringify({ query: 'x'.repeat(LIMIT) }), 'PAYLOAD_TOO_LARGE', 413],
    [
      'a depth bomb in the variables',
      `{"query":"{__typename}","variables":{"d":${'['.repeat(50_001)}${']'.repeat(50_001)}}}`,
      'INVALID_JSON',
      400,
    ],
    ['a depth bomb in the query', JSON.stringify({ query: `{${'a{'.repeat(50_000)}` }), 'BAD_REQUEST', 400],
    [
      'a depth bomb in a literal',
      JSON.stringify({ query: `{inferFields(sample:${'['.repeat(50_000)}` }),
      'BAD_REQUEST',
      400,
    ],
    ['a query of many fields', JSON.stringify({ query: `{${'__typename '.repeat(15_000)}}` }), 'BAD_REQUEST', 400],
    ['a syntax error', JSON.stringify({ query: '{ datasets { ' }), 'BAD_REQUEST', 400],
    ['an unknown field', JSON.stringify({ query: '{ nothing }' }), 'BAD_REQUEST', 400],
    ['a missing variable', JSON.stringify({ query: 'query ($id: ID!) { job(id: $id) { id } }' }), 'BAD_REQUEST', 400],
    ['a key given twice', '{"query":"{__typename}","variables":{"a":1,"a":2}}', 'BAD_REQUEST', 400],
    ['no query', '{}', 'BAD_REQUEST', 400],
    ['a number as the body', '5', 'BAD_REQUEST', 400],
  ])('refuses %s', async (_name, body, code, status) => {
    const answer = await sluice.post('/graphql', body);
    expect([answer.status, codeOf(answer.body)]).toEqual([status, code]);
    expect(JSON.stringify(answer.body)).not.toMatch(/call stack|stacktrace|at .*\.[jt]s:/);
  });

  it.each<[string, string, string]>([
    ['empty data', '[]', 'BAD_REQUEST'],
    ['a record that is not an object', '[5]', 'BAD_REQUEST'],
    ['data that is not an array', '{"n": 1}', 'BAD_REQUEST'],
  ])('refuses %s', async (_name, data, code) => {
    const query = push.replace('DATASET', id);
    const { body } = await sluice.post('/graphql', `{"query":${JSON.stringify(query)},"variables":{"d":${data}}}`);
    expect(codeOf(body)).toBe(code);
  });

  it.each([
    ['nothing', '{}'],
    ['the hash of one', '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"x"}}}'],
  ])('asks for the query when %s is sent', async (_name, text) => {
    expect(JSON.stringify((await sluice.post('/graphql', text)).body)).toContain('the request has no query; send {');
  });

  it('refuses a subscription over HTTP, and says where subscriptions work', async () => {
    const { status, body } = await sluice.post('/graphql', { query: 'subscription { jobStatusChanged { id } }' });
    expect([status, codeOf(body)]).toEqual([400, 'BAD_REQUEST']);
    expect(JSON.stringify(body)).toContain('websocket');
  });

  it.each([
    ['nests too deep', `{"s":${'['.repeat(5_000)}${']'.repeat(5_000)}}`],
    ['is not JSON', '{"s":'],
    ['has a number that would be rounded', '{"s":{"n":12345678901234567890}}'],
  ])('refuses GET with a variables parameter that %s', async (_name, variables) => {
    const query = encodeURIComponent('query ($s: JSON!) { inferFields(sample: $s) { path } }');
    const { status, body } = await sluice.request(`/graphql?query=${query}&variables=${variables}`);
    expect([status, codeOf(body)]).toEqual([400, expect.stringMatching(/^(BAD_REQUEST|INVALID_JSON)$/)]);
  });

  it('accepts GET with other variables', async () => {
    const query = encodeURIComponent('query ($s: JSON!) { inferFields(sample: $s) { path } }');
    const { body } = await sluice.request(`/graphql?query=${query}&variables={"s":{"n":1.5e2}}`);
    expect(body).toEqual({ data: { inferFields: [{ path: 'n' }] } });
  });

  it.each([
    [
      'through lists',
      `{ dataset(id: "DATASET") { ${'connection { datasets { nodes { '.repeat(8)} id ${'} } } '.repeat(8)} } }`,
    ],
    ['through fragments that double', doubling(30)],
  ])('refuses a query that costs too much: %s', async (_name, query) => {
    const { status, body } = await sluice.post('/graphql', { query: query.replace('DATASET', id) });
    expect([status, codeOf(body)]).toEqual([400, 'BAD_REQUEST']);
    expect(JSON.stringify(body)).toContain('more than 250000 fields, the limit; select fewer');
  });

  it('refuses an unknown content type or encoding like REST', async () => {
    const text = await sluice.post('/graphql', '{"query":"{__typename}"}', { 'content-type': 'text/plain' });
    expect([text.status, codeOf(text.body)]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    const encoded = await sluice.post('/graphql', '{}', { 'content-encoding': 'zstd' });
    expect([encoded.status, codeOf(encoded.body)]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
  });
});
