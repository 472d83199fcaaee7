import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';
import { acceptedPeer } from '../support/peer.js';
import { API_KEY, type Sluice, startSluice } from '../support/sluice.js';

interface Refusal {
  readonly errors?: { message: string; extensions: { code: string } }[];
}

const JOBS = 'nodes { id history { status at } }';

describe('a query', () => {
  let sluice: Sluice;
  let id: string;
  beforeAll(async () => {
    sluice = await startSluice({ SLUICE_INTROSPECTION: 'off' });
    id = await sluice.dataset({ n: 1 });
  });
  afterAll(() => sluice.close());

  async function overHttp(payload: object): Promise<unknown> {
    return (await sluice.post('/graphql', payload)).body;
  }

  /** The first message about an operation on a websocket, in the shape of a response over HTTP. */
  async function overWebsocket(payload: object): Promise<unknown> {
    const peer = await acceptedPeer(sluice.url, API_KEY);
    peer.send({ id: '1', type: 'subscribe', payload });
    const message = await peer.next();
    peer.socket.terminate();
    return message.type === 'error' ? { errors: message.payload } : message.payload;
  }

  const TRANSPORTS = [
    ['HTTP', overHttp],
    ['websocket', overWebsocket],
  ] as const;

  it.each<[string, (most: boolean) => object, RegExp]>([
    [
      'aliases',
      (most) => ({ query: `{ datasets { nodes { ${most ? '' : 'x: id '}${aliases(200)} } } }` }),
      /more than 200 aliases/,
    ],
    [
      'directives',
      (most) => ({ query: `{ ${most ? '' : 'x: __typename @skip(if: false) '}${skipped(100)} }` }),
      /more than 100 directives/,
    ],
    [
      'fields at its top',
      (most) => ({ query: `{ ${most ? '' : 'a: __typename '}${fields(100)} }` }),
      /101 fields at its top/,
    ],
    [
      'fields at its top, in fragments',
      (most) => ({
        query: `{ ${most ? '' : '__typename '}...A ... on Query { ...A } } fragment A on Query { ${fields(50)} }`,
      }),
      /101 fields at its top/,
    ],
    [
      'fields of lists, by a variable',
      (most) => ({
        query: `query ($n: Int!) { connections(first: 1000) { nodes { datasets(first: $n) { nodes { id } } } } }`,
        variables: { n: most ? 100 : 1_000 },
      }),
      /more than 250000 fields/,
    ],
    [
      'fields of lists, by the default of a variable in a fragment',
      (most) => ({
        query: `query ($n: Int = ${most ? 10 : 1_000}) { datasets(first: 100) { nodes { ...J } } } fragment J on Dataset { jobs(first: $n) { ${JOBS} } }`,
      }),
      /more than 250000 fields/,
    ],
  ])('is refused over HTTP and websocket if it has one too many: %s', async (_what, query, message) => {
    for (const [transport, send] of TRANSPORTS) {
      expect([transport, await send(query(true))]).toEqual([transport, { data: expect.anything() }]);
      const { errors = [] } = (await send(query(false))) as Refusal;
      expect([transport, errors]).toEqual([
        transport,
        [expect.objectContaining({ message: expect.stringMatching(message) })],
      ]);
      expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_REQUEST', field: 'query' });
    }
  });

  it.each([
    ['deep', `{ ${'lastJob { dataset { '.repeat(10)} id ${'} } '.repeat(10)} }`],
    ['wide', `{ jobs(first: 1000) { nodes { ${histories(150)} } } }`],
  ])('is refused as a subscription too, if it is too %s', async (_what, selection) => {
    const query = `subscription { jobStatusChanged(datasetId: "${id}") { job { dataset ${selection} } } }`;
    const { errors } = (await overWebsocket({ query })) as Refusal;
    expect(errors).toEqual([expect.objectContaining({ extensions: { code: 'BAD_REQUEST', field: 'query' } })]);
  });

  it('is refused in a batch, with what to do', async () => {
    const { status, body } = await sluice.post('/graphql', [{ query: '{ __typename }' }, { query: '{ __typename }' }]);
    expect([status, body]).toEqual([
      400,
      {
        errors: [
          {
            message: 'the body is an array; batches are not supported: send each query in a request of its own',
            extensions: { code: 'BAD_REQUEST', expected: 'an object', actual: 'an array' },
          },
        ],
      },
    ]);
  });

  it('cannot read the schema where introspection is off, and learns no names from its faults', async () => {
    for (const [transport, send] of TRANSPORTS) {
      for (const query of [getIntrospectionQuery(), '{ __type(name: "Query") { name } }']) {
        const { errors = [] } = (await send({ query })) as Refusal;
        expect([transport, errors[0]]).toEqual([
          transport,
          expect.objectContaining({ message: expect.stringContaining('introspection has been disabled') }),
        ]);
        expect(errors[0]?.extensions.code).toBe('BAD_REQUEST');
      }
      expect([transport, await send({ query: '{ datasetz { nodes { id } } }' })]).toEqual([
        transport,
        { errors: [expect.objectContaining({ message: 'Cannot query field "datasetz" on type "Query".' })] },
      ]);
      expect(await send({ query: '{ __typename }' })).toEqual({ data: { __typename: 'Query' } });
    }
  });
});

function aliases(count: number): string {
  return Array.from({ length: count }, (_, n) => `a${n}: id`).join(' ');
}

function skipped(count: number): string {
  return Array.from({ length: count / 2 }, (_, n) => `b${n}: __typename @skip(if: true) @include(if: true)`).join(' ');
}

function fields(count: number): string {
  return Array.from({ length: count }, (_, n) => `f${n}: __typename`).join(' ');
}

function histories(count: number): string {
  return Array.from({ length: count }, (_, n) => `h${n}: history { status at }`).join(' ');
}
