import { afterAll, beforeAll, beforeEach, describe, it } from '@jest/globals';
import { expectQuickAnswer, startWatchedService, type WatchedService } from '../support/watched-service.js';

const SAMPLE = 990_000;

const filled = (text: string, size: number) => text.repeat(Math.floor(size / text.length));
const listOf = (element: string, size = SAMPLE) => `[${filled(`${element},`, size)}${element}]`;
const record = (count: number) => `{${Array.from({ length: count }, (_, index) => `"k${index}":0`).join()}}`;

/** Texts of JSON up to the size of the largest sample. */
const SAMPLES: [string, string][] = [
  ['empty records', listOf('{}')],
  ['records of one key', listOf('{"n":1}')],
  ['a record of many keys', record(40_000)],
  ['records of many keys', listOf(record(4_000))],
  ['records of other keys each', `[${Array.from({ length: 60_000 }, (_, index) => `{"k${index}":1}`).join()}]`],
  ['arrays in arrays', listOf(`{"n":${'['.repeat(900)}${']'.repeat(900)}}`)],
  ['arrays around a record of many keys', `{"n":${'['.repeat(900)}${record(40_000)}${']'.repeat(900)}}`],
  ['records in records', listOf(`${'{"n":'.repeat(450)}1${'}'.repeat(450)}`)],
  ['long numbers', `{"n":${listOf('1e999')}}`],
  ['an array of records', `{"n":${listOf('{"a":1}')}}`],
  ['dates', listOf('{"n":"2024-01-01T00:00:00.000Z"}')],
  ['too many records', listOf('{"n":1,"o":{"p":[1,"x"]}}', 9_000_000)],
  ['too many long numbers', `{"n":${listOf('1e9999999999', 9_000_000)}}`],
  ['a long text', `{"n":"${filled('1', SAMPLE)}"}`],
  ['a long key', `{"${filled('k', SAMPLE)}":1}`],
];

/** Texts of a query, each of which costs its readers most in another place. */
const QUERIES: [string, string][] = [
  ['white space', `${filled(' ', 9_900_000)}{ __typename }`],
  ['white space within the bound', `${filled(' ', 900_000)}{ __typename }`],
  ['newlines', `${filled('\n', 900_000)}{ __typename }`],
  ['comments', `${filled('#\n', 900_000)}{ __typename }`],
  ['commas', `{ __typename ${filled(',', 900_000)} }`],
  ['numbers', `{ inferFields(sample: [${filled('1 ', 70_000)}]) { path } }`],
  ['equal fields', `{ ${filled(`inferFields(sample: "${filled('x', 2_900)}") { path } `, 900_000)} }`],
  ['fields with equal arguments', `{ ${filled(`dataset(id: "${filled('x', 2_900)}") { id } `, 290_000)} }`],
  ['empty objects', `{ inferFields(sample: [${filled('{} ', 50_000)}]) { path } }`],
  ['keys', `{ inferFields(sample: [${filled('{a:1} ', 40_000)}]) { path } }`],
  ['a long text', `{ inferFields(sample: "${filled('x', 900_000)}") { path } }`],
  ['escapes', `{ inferFields(sample: "${filled('\\u0041', 900_000)}") { path } }`],
  ['a block text', `{ inferFields(sample: """${filled('x\n', 900_000)}""") { path } }`],
  ['indented lines', `{ inferFields(sample: """${filled('\n  x', 900_000)}""") { path } }`],
  ['a fault at its end', `${filled('\n', 900_000)}{ x(`],
  ['an unknown field at its end', `${filled('\n', 900_000)}{ unknown }`],
  ['many unknown fields after lines', `${filled('\n', 900_000)}{ ${filled('unknown ', 800)} }`],
  ['many unknown fields after fewer lines', `${filled('\n', 9_990)}{ ${filled('unknown ', 800)} }`],
  ['CR', `${filled('\r', 900_000)}{ ${filled('unknown ', 800)} }`],
  ['a long number', `{ inferFields(sample: ${filled('1', 900_000)}) { path } }`],
];

describe('the event loop', () => {
  let service: WatchedService;
  beforeAll(async () => {
    service = await startWatchedService();
  });
  afterAll(() => service.close());
  beforeEach(() => service.most());

  const answersQuickly = (body: string) => expectQuickAnswer(service, '/graphql', body);
  const withVariable = (query: string, v: string) =>
    answersQuickly(`{"query":${JSON.stringify(query)},"variables":{"v":${v}}}`);

  describe('is kept for a short time only by a sample', () => {
    it.each(SAMPLES)('that is tried, of %s', (_name, v) =>
      withVariable('query($v: JSON!) { inferFields(sample: $v) { path } }', v),
    );

    it.each(SAMPLES)('in a text, of %s', (_name, v) =>
      withVariable('query($v: JSON!) { inferFields(sample: $v) { path } }', JSON.stringify(v)),
    );

    it.each(SAMPLES)('that makes a dataset, of %s', (_name, v) =>
      withVariable('mutation($v: JSON!) { createDataset(input: { name: "x", sample: $v, apply: true }) { id } }', v),
    );
  });

  it('is kept for a short time only by a query that repeats a large variable', () =>
    withVariable(`query($v: JSON!) { inferFields(sample: [${'$v '.repeat(30_000)}]) { path } }`, record(40_000)));

  it.each(QUERIES)('is kept for a short time only by a query of %s', (_name, query) =>
    answersQuickly(JSON.stringify({ query })),
  );
});
