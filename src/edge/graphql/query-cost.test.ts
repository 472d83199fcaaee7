import { describe, expect, it } from '@jest/globals';
import { getIntrospectionQuery, getOperationAST, parse } from 'graphql';
import { refuseCostlyOperation } from './query-cost.js';
import { createSchema } from './schema.js';

const schema = await createSchema();

function cost(query: string, variables: Record<string, unknown> = {}): () => void {
  const document = parse(query);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('the query has no operation');
  return () => refuseCostlyOperation(schema, document, operation, variables);
}

describe('refuseCostlyOperation', () => {
  it.each([
    ['introspection', getIntrospectionQuery()],
    [
      'the largest page of rows',
      '{ dataset(id: 1) { records(first: 1000) { nodes { id values savedAt } totalCount } } }',
    ],
    [
      'a large page of jobs with their histories and errors',
      '{ jobs(first: 300) { nodes { id history { status at } errors(first: 100) { nodes { code message } } } } }',
    ],
    ['lists in lists of the default length', '{ connections { nodes { datasets { nodes { id name status } } } } }'],
    ['a mutation', 'mutation ($i: PushDataInput!) { pushData(input: $i) { id status counts { read } } }'],
  ])('lets %s pass', (_name, query) => {
    expect(cost(query)).not.toThrow();
  });

  it('multiplies the fields of lists by the requested length', () => {
    const nested = (first: string) =>
      `query ($n: Int = 10) { connections(first: ${first}) { nodes { datasets(first: 1000) { nodes { id name } } } } }`;
    expect(cost(nested('10'))).not.toThrow();
    expect(cost(nested('1000'))).toThrow(/select fewer/);
    expect(cost(nested('$n'))).not.toThrow();
    expect(cost(nested('$n'), { n: 1000 })).toThrow(/select fewer/);
  });

  it('counts a fragment each time it is used', () => {
    const fragments = Array.from({ length: 20 }, (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`);
    expect(cost(`{ ...F0 } ${fragments.join(' ')} fragment F20 on Query { __typename }`)).toThrow(/select fewer/);
  });

  it('counts depth through fragments', () => {
    const chain = (length: number) =>
      `{ job(id: 1) { ...F0 } } ${Array.from({ length }, (_, n) => `fragment F${n} on Job { dataset { lastJob { ...F${n + 1} } } }`).join(' ')} fragment F${length} on Job { id }`;
    expect(cost(chain(5))).not.toThrow();
    expect(cost(chain(15))).toThrow(/levels deep/);
  });
});
