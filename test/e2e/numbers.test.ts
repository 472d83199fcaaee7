import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { API_KEY, type Sluice, startSluice } from '../support/sluice.js';

describe('numbers of many digits', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice();
  });
  afterAll(() => sluice.close());

  /** Sends a query with variables that are JSON text; returns the text of the response. */
  async function ask(query: string, variables = '{}'): Promise<string> {
    const body = `{"query":${JSON.stringify(query)},"variables":${variables}}`;
    const headers = { 'x-api-key': API_KEY, 'content-type': 'application/json' };
    return (await fetch(`${sluice.url}/graphql`, { method: 'POST', headers, body })).text();
  }

  /** A dataset whose records are identified by `id`. */
  async function identified(sample: string): Promise<string> {
    const id = await sluice.dataset(sample);
    await sluice.edit(id, { columns: [{ id: 'id', uniqueIdentifier: true }] });
    await sluice.apply(id);
    return id;
  }

  describe('as a key', () => {
    const RECORDS = '[{"a":1,9007199254740993:2}]';

    it.each<[string, string, string, string, Record<string, string>]>([
      ['an envelope', '/dataload/postdata', `{"datasetId":"x","data":${RECORDS}}`, 'line 1, column 33', {}],
      ['bare records', '/dataload/x', RECORDS, 'line 1, column 9', {}],
      ['NDJSON', '/dataload/x', '{"a":1}\n{1e280:2}', 'column 2', { 'content-type': 'application/x-ndjson' }],
      ['a delete', '/dataload/deletedata', '{"datasetId":"x",\n12345678901234567890:[]}', 'line 2, column 1', {}],
      ['GraphQL', '/graphql', `{"query":"{__typename}","variables":{"d":${RECORDS}}}`, 'line 1, column 50', {}],
    ])('are INVALID_JSON with line and column in %s', async (_name, path, body, place, headers) => {
      const answer = await sluice.post(path, body, headers);
      expect(answer.status).toBe(400);
      expect(JSON.stringify(answer.body)).toContain('INVALID_JSON');
      expect(JSON.stringify(answer.body)).toMatch(new RegExp(`${place}: \\\\"\\d\\\\" does not belong there`));
    });
  });

  it('are quoted as they were sent if another type is expected', async () => {
    const query = 'query ($n: Int) { jobs(first: $n) { totalCount } }';
    expect(await ask(query, '{"n":12345678901234567890}')).toContain('non-integer value: 12345678901234567890');
  });

  it('are never confused with texts, in names, samples, paths and records', async () => {
    const texts = ['1e280', '2e280', '9007199254740993', '{"literal":"1"}', '"x",oops'].map((text) =>
      JSON.stringify(text),
    );
    for (const text of texts) {
      const variables = `{"n":${text},"s":[{${text}:${text},"big":9007199254740993},{${text}:"x","big":1e999}]}`;
      const inferred = 'query ($s: JSON!) { inferFields(sample: $s) { path type example } }';
      const { data } = JSON.parse((await ask(inferred, variables)).replace(/9007199254740993(?!")/, '0'));
      expect(data.inferFields).toEqual([
        { path: JSON.parse(text), type: 'TEXT', example: JSON.parse(text) },
        { path: 'big', type: 'TEXT', example: 0 },
      ]);
      const create = 'mutation ($n: String!, $s: JSON!) { createConnection(input: {name: $n, sample: $s}) { name } }';
      expect(JSON.parse(await ask(create, variables))).toEqual({
        data: { createConnection: { name: JSON.parse(text) } },
      });
    }
  });

  it.each<[string, number | null]>([
    ['0.12345678901234567890', 0.12345678901234568],
    ['9007199254740991.5', 2 ** 53],
    ['9007199254740994', 2 ** 53 + 2],
    ['9007199254740994.0', 2 ** 53 + 2],
    ['1e23', 1e23],
    ['100000000000000000000000', 1e23],
    ['1e-400', 0],
    ['9007199254740993', null],
    ['12345678901234567.89', null],
    ['99999999999999999999999', null],
    ['1e309', null],
  ])('are doubles by one rule in a NUMERIC column: %s is %s', async (literal, double) => {
    const id = await sluice.dataset({ n: 1 });
    const { status, errors } = await sluice.push(id, `{"n": ${literal}}`);
    if (double === null) {
      expect([status, errors.nodes[0]?.code, errors.nodes[0]?.actual]).toEqual([
        'ERROR_EXIT',
        'NUMBER_OUT_OF_RANGE',
        literal,
      ]);
      expect(await ask(filtered(id, 'n', literal))).toContain('give a number that needs no rounding');
    } else {
      expect([status, (await sluice.values(id)).at(-1)]).toEqual(['COMPLETE', { n: double }]);
      expect(JSON.parse(await ask(filtered(id, 'n', literal)))).toMatchObject({
        data: { dataset: { records: { totalCount: 1 } } },
      });
    }
  });

  it('are distinguished by every digit in a TEXT column, and are the same in all their spellings', async () => {
    const id = await identified('{"id": 12345678901234567890, "v": 1}');
    const spellings = ['9007199254740993', '9007199254740993.0', '90071992547409930e-1', '9.007199254740993E+15'];
    const others = ['12345678901234567.1', '12345678901234568.4', '0.12345678901234567890', '1e999999999', '1.0', '-0'];
    const records = [...spellings, ...others].map((literal, v) => `{"id": ${literal}, "v": ${v}}`);
    const job = await sluice.push(id, `[${records.join()}]`);
    expect([job.status, job.counts.added, job.counts.updated]).toEqual(['COMPLETE', 7, 3]);
    expect(new Set(await sluice.values(id))).toEqual(
      new Set([
        { id: '9007199254740993', v: 3 },
        { id: '12345678901234567.1', v: 4 },
        { id: '12345678901234568.4', v: 5 },
        { id: '0.1234567890123456789', v: 6 },
        { id: '1e+999999999', v: 7 },
        { id: '1', v: 8 },
        { id: '0', v: 9 },
      ]),
    );
    for (const literal of [...spellings, ...others]) {
      expect(await ask(filtered(id, 'id', literal))).toContain('"totalCount":1');
    }
    for (const [v, literal] of [
      [3, '9007199254740993.00'],
      [8, '10e-1'],
    ]) {
      const body = `{"datasetId": "${id}", "data": [{"id": ${literal}}]}`;
      const { jobId = '' } = (await sluice.post('/dataload/deletedata', body)).body;
      expect((await sluice.finalJob(jobId)).counts).toMatchObject({ read: 1, deleted: 1 });
      expect((await sluice.values(id)).map((row) => row.v)).not.toContain(v);
    }
  });

  it('cost time linear in their length as texts in a NUMERIC column', async () => {
    const id = await sluice.dataset({ n: '1' });
    await sluice.edit(id, { columns: [{ id: 'n', type: 'NUMERIC' }] });
    await sluice.apply(id);
    const start = performance.now();
    const job = await sluice.push(id, { n: `${'1'.repeat(120_000)}x` });
    expect([job.status, job.attempts, job.errors.nodes[0]?.code]).toEqual(['ERROR_EXIT', 1, 'CONVERSION_FAILED']);
    expect(performance.now() - start).toBeLessThan(5_000);
    expect((await sluice.push(id, { n: ' 0012.50 ' })).status).toBe('COMPLETE');
    expect(await sluice.values(id)).toEqual([{ n: 12.5 }]);
  });

  /** How many records have this literal in a column. */
  function filtered(id: string, column: string, literal: string): string {
    return `{ dataset(id: "${id}") { records(where: {column: "${column}", op: EQ, value: ${literal}}) { totalCount } } }`;
  }
});
