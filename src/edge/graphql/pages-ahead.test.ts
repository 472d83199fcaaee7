import { describe, expect, it } from '@jest/globals';
import { buildSchema, type GraphQLSchema, graphql, isObjectType } from 'graphql';
import type { Dataset } from '../../domain/dataset.js';
import { FULL_ACCESS } from '../../domain/security/caller.js';
import type { GraphqlContext } from './context.js';
import { readPagesAhead } from './pages-ahead.js';

const PAGE = 'query ($first: Int!) { dataset(id: "d") { id records(first: $first) } }';

describe('readPagesAhead', () => {
  it('begins to read the rows of a known dataset before the dataset is read, and reads them once', async () => {
    const service = new Service();
    await service.ask(PAGE);
    expect(service.steps).toEqual(['read dataset', 'have dataset', 'page 5 of g1 r1']);
    expect(await service.ask(PAGE)).toEqual({ data: { dataset: { id: 'd', records: '5 rows of g1 r1' } } });
    expect(service.steps).toEqual(['read dataset', 'page 5 of g1 r1', 'have dataset']);
  });

  it.each<[string, Partial<Dataset>, string]>([
    ['another generation', { generation: 'g2' }, '5 rows of g2 r1'],
    ['another applied design', { appliedRevision: 2 }, '5 rows of g1 r2'],
    ['another draft', { draftRevision: 7 }, '5 rows of g1 r1'],
    ['lost rows', { status: 'FAILED' }, '5 rows of g1 r1'],
  ])('reads the rows again when the dataset has %s', async (_what, change, records) => {
    const service = new Service();
    await service.ask(PAGE);
    Object.assign(service.dataset, change);
    expect(await service.ask(PAGE)).toEqual({ data: { dataset: { id: 'd', records } } });
    expect(service.steps).toEqual([
      'read dataset',
      'page 5 of g1 r1',
      'have dataset',
      `page ${records.replace(' rows', '')}`,
    ]);
    await service.ask(PAGE);
    expect(service.steps).toHaveLength(3);
  });

  it.each([
    ['viewers', PAGE, { kind: 'VIEWER' as const, access: FULL_ACCESS }],
    [
      'callers who do not see the dataset',
      PAGE,
      { kind: 'API_KEY' as const, access: { ...FULL_ACCESS, sees: () => false } },
    ],
    ['a page that may be left out', PAGE.replace('(first: $first)', '(first: $first) @include(if: true)'), undefined],
  ])('reads nothing ahead for %s', async (_what, query, caller) => {
    const service = new Service();
    await service.ask(PAGE);
    await service.ask(query, caller);
    expect(service.steps).toEqual(['read dataset', 'have dataset', 'page 5 of g1 r1']);
  });

  it('shows an error of the page as that of the page', async () => {
    const service = new Service();
    await service.ask(PAGE);
    service.fault = new Error('no rows');
    const { data, errors } = await service.ask(PAGE);
    expect(data).toEqual({ dataset: null });
    expect(errors).toMatchObject([{ message: 'no rows', path: ['dataset', 'records'] }]);
  });
});

/** A service with one dataset, which notes what it does. */
class Service {
  readonly dataset = { id: 'd', generation: 'g1', appliedRevision: 1, draftRevision: 1, status: 'ACTIVE' };
  fault: Error | undefined;
  steps: string[] = [];
  readonly #schema = this.#made();

  ask(source: string, caller: object = { kind: 'API_KEY', access: FULL_ACCESS }) {
    this.steps = [];
    const contextValue = { caller, pagesAhead: new WeakMap() } as unknown as GraphqlContext;
    return graphql({ schema: this.#schema, source, contextValue, variableValues: { first: 5 } });
  }

  #made(): GraphQLSchema {
    const schema = buildSchema(
      'type Query { dataset(id: ID!): Dataset } type Dataset { id: ID! records(first: Int!): String! }',
    );
    this.#resolve(schema, 'Query', 'dataset', async () => {
      this.steps.push('read dataset');
      const dataset = { ...this.dataset };
      await new Promise(setImmediate);
      this.steps.push('have dataset');
      return dataset;
    });
    this.#resolve(
      schema,
      'Dataset',
      'records',
      async ({ generation, appliedRevision }: Dataset, { first }: { first: number }) => {
        this.steps.push(`page ${first} of ${generation} r${appliedRevision}`);
        if (this.fault) throw this.fault;
        return `${first} rows of ${generation} r${appliedRevision}`;
      },
    );
    readPagesAhead(schema);
    return schema;
  }

  #resolve(
    schema: GraphQLSchema,
    typeName: string,
    name: string,
    resolve: (source: never, args: never) => unknown,
  ): void {
    const type = schema.getType(typeName);
    const field = isObjectType(type) ? type.getFields()[name] : undefined;
    if (field) field.resolve = (source, args) => resolve(source as never, args as never);
  }
}
