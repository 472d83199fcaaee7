import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type GraphQLSchema, isListType, isScalarType } from 'graphql';
import { MAX_CURSOR } from '../../src/domain/query/cursor.js';
import { MAX_PATHS_LENGTH } from '../../src/domain/sample/infer-fields.js';
import { createSchema } from '../../src/edge/graphql/schema.js';
import { type InputPlace, inputsOf, plainValue, unreachedFields } from '../support/inputs-of-schema.js';
import { acceptedPeer } from '../support/peer.js';
import { API_KEY, type Sluice, startSluice } from '../support/sluice.js';

interface Refused {
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

/** Ids of columns, by the ends of the places where inputs have them. All other ids are those of datasets, jobs, keys and the like. */
const OF_COLUMN =
  /(^|\.)(column|update|take|identifier|by\[0\]|columns\[0\]\.id|city|region|country|postalCode|latitude|longitude)$/;
/** Scalars whose values are bounded in other ways: see below, and the tests of bodies and JSON. */
const WITHOUT_TEXT = new Set(['Int', 'Float', 'Boolean', 'DateTime', 'JSON', 'JSONObject']);

/** The characters that a text may have at a place, as docs/limits.md says; null if it is no text. */
function mostCharacters({ name, type }: InputPlace): number | null {
  if (!isScalarType(type) || WITHOUT_TEXT.has(type.name)) return null;
  if (type.name === 'ID') return OF_COLUMN.test(name) ? MAX_PATHS_LENGTH : 1_000;
  return /(^|\.)after$/.test(name) ? MAX_CURSOR : 20_000;
}

describe('inputs', () => {
  let sluice: Sluice;
  let schema: GraphQLSchema;
  let ids: Record<string, string>;
  beforeAll(async () => {
    sluice = await startSluice();
    const sample = { id: 'a', n: 1 };
    const dataset = await sluice.dataset(sample);
    const job = await sluice.push(dataset, [sample]);
    const { body } = await sluice.post('/graphql', { query: `{ dataset(id: "${dataset}") { connection { id } } }` });
    ids = {
      dataset,
      job: job.id,
      connection: (body.data as { dataset: { connection: { id: string } } }).dataset.connection.id,
    };
    schema = await createSchema();
  });
  afterAll(() => sluice.close());

  /** What the service says about each value at these places that is one beyond the bound; nothing for values without a bound. */
  async function beyond(places: readonly InputPlace[], large: (place: InputPlace) => { size: string; value: unknown }) {
    const said: Record<string, unknown> = {};
    const expected: Record<string, unknown> = {};
    for (const place of places) {
      const { size, value } = large(place);
      const { body } = await sluice.post('/graphql', place.operation(value));
      const [error] = (body as Refused).errors ?? [];
      const { query } = place.operation(null);
      said[`${place.name} in ${query}`] = [error?.extensions.code, error?.message];
      expected[`${place.name} in ${query}`] = ['BAD_REQUEST', expect.stringContaining(`${place.name} has ${size}`)];
    }
    expect(said).toEqual(expected);
  }

  it('are all looked at by these tests', () => {
    expect(unreachedFields(schema, ids)).toEqual(['Subscription.jobStatusChanged']);
    expect(inputsOf(schema, ids).length).toBeGreaterThan(250);
  });

  it('are refused with their place, size and bound when a text has one character more than its bound', async () => {
    const texts = inputsOf(schema, ids).filter((place) => mostCharacters(place) !== null);
    expect(texts.length).toBeGreaterThan(120);
    await beyond(texts, (place) => {
      const most = mostCharacters(place) ?? 0;
      return { size: `${most + 1} characters; at most ${most}`, value: 'x'.repeat(most + 1) };
    });
  }, 120_000);

  it('are refused with their place, size and bound when a list has one element more than its bound', async () => {
    const lists = inputsOf(schema, ids).filter(({ type }) => isListType(type));
    expect(lists.length).toBeGreaterThan(20);
    await beyond(lists, ({ name, type }) => {
      const most = /(input|design)\.columns$/.test(name) ? 6_000 : 2_000;
      const element = isListType(type) ? plainValue(type.ofType) : null;
      const size = `${most + 1} elements; at most ${most}`;
      return { size, value: Array(most + 1).fill(element) };
    });
  }, 120_000);

  it('are refused when they are literals in the query, too', async () => {
    const query = `{ datasets(status: [${'DRAFT '.repeat(2_001)}]) { totalCount } }`;
    const { body } = await sluice.post('/graphql', { query });
    expect((body as Refused).errors?.[0]?.message).toContain('status has 2001 elements; at most 2000');
  });

  it('have at most 100 characters for a date', async () => {
    const at = (digits: number) => `2026-01-01T00:00:00.${'1'.repeat(digits)}Z`;
    for (const [query, variables] of [
      ['query ($at: DateTime) { auditLog(filter: {from: $at}) { totalCount } }', { at: at(80) }],
      [`{ auditLog(filter: {from: "${at(80)}"}) { totalCount } }`, {}],
    ]) {
      const { body } = await sluice.post('/graphql', { query, variables });
      expect((body as Refused).errors?.[0]).toMatchObject({
        message: expect.stringContaining('a date has at most 100 characters, and this text has 101'),
        extensions: { code: 'BAD_REQUEST' },
      });
    }
  });

  it('are refused when a subscription starts', async () => {
    const peer = await acceptedPeer(sluice.url, API_KEY);
    const query = 'subscription ($id: ID) { jobStatusChanged(jobId: $id) { job { id } } }';
    peer.send({ id: '1', type: 'subscribe', payload: { query, variables: { id: 'x'.repeat(1_001) } } });
    const { payload } = await peer.next();
    peer.socket.terminate();
    expect(payload).toEqual([
      expect.objectContaining({
        message: 'jobId has 1001 characters; at most 1000 are allowed; send less',
        extensions: expect.objectContaining({ code: 'BAD_REQUEST' }),
      }),
    ]);
  });
});
