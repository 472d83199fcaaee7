import { describe, expect, it } from '@jest/globals';
import { getOperationAST, getVariableValues, parse } from 'graphql';
import { within } from '../../../test/support/within.js';
import { createSchema } from './schema.js';
import { refuseCostlyVariables } from './variable-limits.js';

const schema = await createSchema();

const STATUSES = 'query ($v: [DatasetStatus!]) { datasets(status: $v) { totalCount } }';
const IDS = 'mutation ($v: [ID!]) { discardQuarantine(datasetId: 1, ids: $v) }';
const FILTER = 'query ($v: RecordFilter) { dataset(id: 1) { records(where: $v) { totalCount } } }';
const DESIGN = 'mutation ($v: UpdateDesignInput!) { updateDesign(datasetId: 1, input: $v) { id } }';
const SAMPLE = 'query ($v: JSON!) { inferFields(sample: $v) { path } }';
const PREVIEW = 'mutation ($v: [JSONObject!]) { previewDesign(datasetId: 1, data: $v) { design { revision } } }';

const list = <T>(length: number, make: (index: number) => T) => Array.from({ length }, (_, index) => make(index));
const keys = (count: number) => Object.fromEntries(list(count, (index) => [`expected${index}`, 1]));
const columns = (count: number, column: object) => ({ expectedRevision: 1, columns: list(count, () => column) });

function operationOf(query: string) {
  const operation = getOperationAST(parse(query));
  if (!operation) throw new Error('the query has no operation');
  return operation;
}

describe('refuseCostlyVariables', () => {
  it.each([
    ['20,000 elements', STATUSES, list(20_000, () => 'DRAFT')],
    ['4,999 columns with three keys each', DESIGN, columns(4_999, { id: 1, name: 'x', enabled: true })],
    ['JSON of any size', SAMPLE, list(100_000, () => ({ a: 1, b: 2 }))],
    ['records of any size', PREVIEW, list(10, () => keys(100_000))],
    ['values of the wrong form, which the library refuses', FILTER, 'x'.repeat(100_000)],
    ['nothing', FILTER, null],
  ])('lets %s pass', (_name, query, v) => {
    expect(() => refuseCostlyVariables(schema, operationOf(query), { v })).not.toThrow();
  });

  it('lets variables pass that the operation does not declare', () => {
    expect(() => refuseCostlyVariables(schema, operationOf(STATUSES), { other: Array(900_000) })).not.toThrow();
  });

  it.each([
    ['elements', STATUSES, list(900_000, () => 'DRAFT'), '$v brings the variables to 900000 elements'],
    ['null elements', IDS, list(20_001, () => null), '$v brings the variables to 20001 elements'],
    ['objects in a list', FILTER, { and: list(20_000, () => ({})) }, 'to 20001 elements of lists and keys'],
    ['keys of objects in a list', DESIGN, columns(5_000, { id: 1, name: 'x', enabled: true }), 'to 2000'],
    ['lists in lists', FILTER, { or: list(100, () => ({ or: list(100, () => ({ and: [] })) })) }, 'to 20'],
    ['unknown keys', DESIGN, keys(100_000), 'an object of 100000 keys in a place that has 7 fields; leave out the'],
    ['keys that inherited members have', FILTER, { constructor: 1, toString: 1, ...keys(8) }, 'an object of 10 keys'],
    [
      'a long key',
      DESIGN,
      { ['k'.repeat(9_000_000)]: 1 },
      '$v has a name of 9000000 characters; names have at most 1000',
    ],
    ['a long value of an enumeration', STATUSES, ['D'.repeat(1_001)], 'a name of 1001 characters'],
  ])('refuses too many %s', (_name, query, v, message) => {
    expect(() => refuseCostlyVariables(schema, operationOf(query), { v })).toThrow(
      expect.objectContaining({ code: 'BAD_REQUEST', message: expect.stringContaining(message) }),
    );
  });

  // The library takes about three times as long in the test runner as in the service.
  it.each([
    ['values of an enumeration', STATUSES, list(20_000, () => 'DRAFT')],
    ['wrong values of an enumeration', STATUSES, list(20_000, (index) => `DRAFT${index}`)],
    ['filters', FILTER, { and: list(19_999, () => ({})) }],
    ['columns', DESIGN, columns(9_998, { id: 'x' })],
    ['columns with an unknown key', DESIGN, columns(9_998, { k: 'x' })],
  ])('lets the library read what passes in a moment: %s', (_name, query, v) => {
    const operation = operationOf(query);
    within(300, () => {
      refuseCostlyVariables(schema, operation, { v });
      getVariableValues(schema, operation.variableDefinitions ?? [], { v }, { maxErrors: 50 });
    });
  });
});
