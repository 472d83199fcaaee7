import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CreateConnectionDocument,
  CreateDatasetDocument,
  DeleteConnectionDocument,
  InferFieldsDocument,
  ListConnectionsDocument,
  ReadConnectionDocument,
  UpdateConnectionDocument,
} from '../generated/graphql.js';
import { type Sluice, startSluice } from '../support/sluice.js';

const SAMPLE = [
  {
    name: 'Ada',
    born: '1815-12-10',
    address: { city: 'London', zip: null },
    tags: ['math'],
    items: [{ sku: 'a', n: 1 }],
  },
  {
    name: 'Bob',
    born: null,
    address: { city: 'Paris', zip: 75001 },
    tags: [],
    items: [{ sku: 'b', n: 2.5 }],
    vip: true,
  },
];

describe('connections', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice();
  });
  afterAll(() => sluice.close());

  const create = async (name: string, sample: unknown) =>
    (await sluice.query(CreateConnectionDocument, { input: { name, sample } })).createConnection;

  it('shows what a sample gives before it is saved', async () => {
    const { inferFields } = await sluice.query(InferFieldsDocument, { sample: SAMPLE });
    const short = inferFields.map(({ path, type, parent, depth, nullable, optional }) =>
      [path, type, parent, depth, nullable && 'nullable', optional && 'optional'].filter((one) => one !== false),
    );
    expect(short).toEqual([
      ['name', 'TEXT', null, 0],
      ['born', 'DATETIME', null, 0, 'nullable'],
      ['address', 'OBJECT', null, 0],
      ['address.city', 'TEXT', 'address', 1],
      ['address.zip', 'NUMERIC', 'address', 1, 'nullable'],
      ['tags', 'TEXT_ARRAY', null, 0],
      ['items', 'OBJECT_ARRAY', null, 0],
      ['items.sku', 'TEXT', 'items', 1],
      ['items.n', 'NUMERIC', 'items', 1],
      ['vip', 'BOOLEAN', null, 0, 'optional'],
    ]);
    expect((await sluice.query(ListConnectionsDocument, {})).connections.totalCount).toBe(0);
  });

  it('creates, reads, updates and deletes one', async () => {
    const made = await create('people', SAMPLE);
    expect(made).toMatchObject({ name: 'people', type: 'PUSH_API', sample: SAMPLE });
    const read = await sluice.query(ReadConnectionDocument, { id: made.id });
    expect(read.connection).toEqual({ ...made, datasets: { totalCount: 0 } });

    const input = { name: ' persons ', sample: { age: 5 } };
    const { updateConnection } = await sluice.query(UpdateConnectionDocument, { id: made.id, input });
    expect(updateConnection).toMatchObject({ id: made.id, name: 'persons', sample: { age: 5 } });
    expect(updateConnection.fields.map(({ path, type }) => [path, type])).toEqual([['age', 'NUMERIC']]);

    expect(await sluice.query(DeleteConnectionDocument, { id: made.id })).toEqual({ deleteConnection: made.id });
    expect((await sluice.query(ReadConnectionDocument, { id: made.id })).connection).toBeNull();
  });

  it('keeps and returns the digits of numbers in a sample that is given as text', async () => {
    const made = await create('big', '{"id": 12345678901234567890, "price": 1.50}');
    expect(made.fields.map(({ path, type }) => [path, type])).toEqual([
      ['id', 'TEXT'],
      ['price', 'NUMERIC'],
    ]);
    const query = `{ connection(id: "${made.id}") { sample } }`;
    const response = await fetch(`${sluice.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': 'a key that only these tests know' },
      body: JSON.stringify({ query }),
    });
    expect(await response.text()).toContain('"sample":{"id":12345678901234567890,"price":1.5}');
  });

  it('lists them in pages and finds them by part of a name', async () => {
    for (const name of ['Orders A', 'orders b', 'ORDERS c', 'other']) await create(name, { a: 1 });
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const variables: { search: string; first: number; after: string | null } = { search: 'ORDERS', first: 2, after };
      const { connections } = await sluice.query(ListConnectionsDocument, variables);
      expect(connections.totalCount).toBe(3);
      seen.push(...connections.nodes.map(({ name }) => name));
      after = connections.pageInfo.hasNextPage ? connections.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual(['ORDERS c', 'orders b', 'Orders A']);
    for (const search of ['.*', 'a\u0000', '(', '\\']) {
      expect((await sluice.query(ListConnectionsDocument, { search })).connections.totalCount).toBe(0);
    }
    const { errors } = await sluice.execute(ListConnectionsDocument, { search: 'x'.repeat(10_000) });
    expect(errors?.[0]?.extensions?.code).toBe('BAD_REQUEST');
  });

  it('refuses to delete a connection on which a dataset is built', async () => {
    const { id } = await create('used', { a: 1 });
    await sluice.query(CreateDatasetDocument, { input: { name: 'd', connectionId: id } });
    const { errors } = await sluice.execute(DeleteConnectionDocument, { id });
    expect(errors?.[0]?.extensions?.code).toBe('IN_USE');
    expect((await sluice.query(ReadConnectionDocument, { id })).connection?.datasets.totalCount).toBe(1);
  });

  it.each([
    ['text that is not JSON', '{"a": ', /the sample is not JSON: line 1, column 7: the JSON ends too early/],
    ['a scalar', 5, /the sample is 5; give a JSON object/],
    ['an empty object', {}, /no field/],
    ['an empty array', [], /an empty array/],
    ['an element that is not an object', [{ a: 1 }, 2], /element 1 of the sample is 2/],
    ['33 levels', deep(33), /nests more than 32 levels/],
    ['5,001 fields', wide(5001), /has 5001 fields; at most 5000/],
    ['long paths', { ['k'.repeat(10_000)]: wide(200) }, /paths .* have 2010\d{3} characters in total; at most 1000000/],
    ['a key given twice', '{"a": {"b": 1, "b": 2}}', /gives the key at "\/a\/b" twice/],
    ['types that disagree', [{ a: { b: 1 } }, { a: { b: [] } }], /at \/1\/a\/b is \[\], but 1 at \/0\/a\/b/],
  ])('refuses a sample that is %s', async (_name, sample, message) => {
    for (const document of [InferFieldsDocument, CreateConnectionDocument]) {
      const variables = document === InferFieldsDocument ? { sample } : { input: { name: 'bad', sample } };
      const { errors } = await sluice.execute(document as typeof InferFieldsDocument, variables as { sample: unknown });
      expect(errors?.[0]).toMatchObject({
        message: expect.stringMatching(message),
        extensions: { code: 'INVALID_SAMPLE', field: 'sample' },
      });
    }
  });

  it('accepts 32 levels and 5,000 fields', async () => {
    expect((await create('deep', deep(32))).fields).toHaveLength(32);
    expect((await create('wide', wide(5000))).fields).toHaveLength(5000);
  });
});

function deep(levels: number): unknown {
  return levels === 1 ? { leaf: 1 } : { a: deep(levels - 1) };
}

function wide(fields: number): unknown {
  return Object.fromEntries(Array.from({ length: fields }, (_, index) => [`f${index}`, index]));
}
