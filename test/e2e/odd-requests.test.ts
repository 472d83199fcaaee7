import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Sluice, startSluice } from '../support/sluice.js';

type Answer = {
  readonly data?: unknown;
  readonly errors?: readonly { message: string; extensions: { code: string } }[];
};

describe('odd requests', () => {
  let sluice: Sluice;
  let id: string;
  beforeAll(async () => {
    sluice = await startSluice();
    id = await sluice.dataset({ n: 1 });
  });
  afterAll(() => sluice.close());

  async function ask(body: unknown): Promise<Answer> {
    return (await sluice.post('/graphql', body)).body as Answer;
  }

  it.each(['connections', 'datasets'])(
    'with half of a surrogate pair in the search of %s are refused',
    async (list) => {
      const query = `query($s: String) { ${list}(search: $s) { totalCount } }`;
      const { errors } = await ask(`{"query":"${query}","variables":{"s":"\\ud800"}}`);
      expect(errors).toMatchObject([
        {
          message: 'search holds half of a surrogate pair; send well-formed Unicode',
          extensions: { code: 'BAD_REQUEST' },
        },
      ]);
    },
  );

  it('whose variables have the names of inherited members read only what was sent', async () => {
    const fields = '{ inferFields(sample: {a: $toString, b: $constructor}) { path example } }';
    const { data } = await ask({
      query: `query($toString: JSON, $constructor: JSON) ${fields}`,
      variables: { constructor: 7 },
    });
    expect(data).toEqual({
      inferFields: [expect.objectContaining({ path: 'a', example: null }), { path: 'b', example: 7 }],
    });
  });

  it('may repeat the values of an enumeration', async () => {
    const query = `query($s: [DatasetStatus!], $k: [JobKind!]) {
      datasets(status: $s) { totalCount }
      jobs(kind: $k) { totalCount }
      dataset(id: "${id}") { jobs(kind: $k) { totalCount } }
    }`;
    const variables = { s: Array(2_000).fill('ACTIVE'), k: Array(2_000).fill('PUSH') };
    expect(await ask({ query, variables })).toEqual({
      data: { datasets: { totalCount: 1 }, jobs: { totalCount: 0 }, dataset: { jobs: { totalCount: 0 } } },
    });
  });

  it.each(['replayQuarantine(datasetId: $d, ids: $ids) { id }', 'discardQuarantine(datasetId: $d, ids: $ids)'])(
    'with too many ids for %s are refused',
    async (field) => {
      const query = `mutation($d: ID!, $ids: [ID!]) { ${field} }`;
      const variables = { d: id, ids: Array.from({ length: 1_001 }, String) };
      const { errors } = await ask({ query, variables });
      expect(errors).toMatchObject([
        { message: 'ids has 1001 ids; give at most 1000 ids at a time', extensions: { code: 'BAD_REQUEST' } },
      ]);
    },
  );

  it('with a huge name or value get a short answer', async () => {
    const named = await ask({ query: `{ ${'a'.repeat(900_000)} }` });
    expect(named.errors).toMatchObject([
      {
        message:
          'the query has a name of 900000 characters; names have at most 1000; send long keys of JSON in variables',
        extensions: { code: 'BAD_REQUEST' },
      },
    ]);
    const { errors } = await ask({ query: `{ jobs(first: "${'a'.repeat(900_000)}") { totalCount } }` });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }]);
    expect(errors?.[0]?.message).toMatch(/^Int cannot represent non-integer value: "a+\.\.\.$/);
    expect(errors?.[0]?.message).toHaveLength(1_003);
  });

  it('for the connection of a deleted dataset, deleted too, get NOT_FOUND', async () => {
    const dataset = await sluice.dataset({ n: 1 });
    const job = (await sluice.push(dataset, [{ n: 1 }])).id;
    const query = `{ job(id: "${job}") { dataset { name connection { id } } } }`;
    const { data } = await ask({ query });
    const { connection } = (data as { job: { dataset: { connection: { id: string } } } }).job.dataset;
    await ask({ query: `mutation { deleteDataset(id: "${dataset}") deleteConnection(id: "${connection.id}") }` });
    expect((await ask({ query })).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  });
});
