import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { buildSchema } from 'graphql';
import { WebSocket } from 'ws';
import { type Known, oddJson, oddText, randomRequests } from '../support/random-operations.js';
import { API_KEY, type Sluice, startSluice } from '../support/sluice.js';

/** `SLUICE_FUZZ_RUNS=20000 npm test -- random-requests` looks longer; with another `SLUICE_FUZZ_SEED` it sends others. */
const RUNS = Number(process.env.SLUICE_FUZZ_RUNS ?? 300);
const OPTIONS = { numRuns: RUNS, seed: Number(process.env.SLUICE_FUZZ_SEED ?? 1) };

jest.setTimeout(60_000 + RUNS * 1_000);

describe('random requests', () => {
  let sluice: Sluice;
  let known: Known;
  beforeAll(async () => {
    sluice = await startSluice();
    const sample = { id: 'a', n: 1, at: '2026-01-01', tags: ['x'], items: [{ sku: 's', price: 1 }], o: { deep: true } };
    const dataset = await sluice.dataset(sample);
    const job = await sluice.push(dataset, [sample]);
    const { body } = await sluice.post('/graphql', { query: `{ dataset(id: "${dataset}") { connection { id } } }` });
    const connection = (body.data as { dataset: { connection: { id: string } } }).dataset.connection.id;
    const objects = { dataset, job: job.id, connection };
    known = { objects, others: ['n', 'id', 'items.sku', 'at', 'tags', ...(await cursorsOf(dataset))] };
  });
  afterAll(() => sluice.close());

  /** Cursors of its lists. */
  async function cursorsOf(dataset: string): Promise<string[]> {
    const page = 'pageInfo { endCursor }';
    const query = `{ datasets { ${page} } dataset(id: "${dataset}") { jobs { ${page} } records(orderBy: {column: "n"}) { ${page} } } }`;
    const { body } = await sluice.post('/graphql', { query });
    return [...JSON.stringify(body).matchAll(/"endCursor":"([^"]+)"/g)].map(([, cursor = '']) => cursor);
  }

  /** That the service has refused or done it, and is well. */
  function expectSane(status: number, text: string): void {
    expect([status < 500, status, text.slice(0, 500)]).toEqual([
      true,
      status,
      expect.not.stringContaining('"INTERNAL"'),
    ]);
    expect(text.length).toBeLessThan(2_000_000);
  }

  async function send(path: string, body: string, type = 'application/json', method = 'POST'): Promise<void> {
    const headers = { 'x-api-key': API_KEY, 'content-type': type };
    const response = await fetch(`${sluice.url}${path}`, { method, headers, ...(method === 'POST' && { body }) });
    expectSane(response.status, await response.text());
  }

  it('through GraphQL get a refusal or an answer, and never INTERNAL', async () => {
    const schema = buildSchema(readFileSync('schema/schema.graphql', 'utf8'));
    const requests = randomRequests(schema, known);
    await fc.assert(
      fc.asyncProperty(requests, (request) => send('/graphql', JSON.stringify(request))),
      OPTIONS,
    );
  });

  it('through REST get a refusal or an answer, and never INTERNAL', async () => {
    const { dataset = '', job = '' } = known.objects;
    const record = fc.record(
      { id: oddJson, n: oddJson, at: oddJson, tags: oddJson, items: oddJson, o: oddJson },
      { requiredKeys: [] },
    );
    const data = fc.oneof(fc.array(record, { maxLength: 3 }), oddJson);
    const envelope = fc.record(
      { datasetId: fc.constant(dataset), documentUpdateMethod: oddJson, data },
      { requiredKeys: [] },
    );
    const broken = fc
      .tuple(fc.json(), fc.nat(40), oddText)
      .map(([json, at, text]) => json.slice(0, at) + text + json.slice(at));
    const body = fc.oneof(
      envelope.map((one) => JSON.stringify(one)),
      data.map((one) => JSON.stringify(one)),
      broken,
    );
    const path = fc.oneof(
      fc.constantFrom('/dataload/postdata', '/dataload/deletedata', '/dataload/deletealldata', `/dataload/${dataset}`),
      oddText.map((text) => `/dataload/${encodeURIComponent(text.toWellFormed())}`),
      oddText.map((text) => `/dataload/${dataset}?wait=${encodeURIComponent(text.toWellFormed())}`),
    );
    const type = fc.constantFrom('application/json', 'application/x-ndjson', 'text/plain');
    const reads = oddText.map((text) => `/dataload/${encodeURIComponent(text.toWellFormed())}/status`);
    await fc.assert(
      fc.asyncProperty(path, body, type, (...request) => send(...request)),
      OPTIONS,
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(reads, fc.constant(`/dataload/${job}/errors`)), (one) =>
        send(one, '', 'text/plain', 'GET'),
      ),
      { ...OPTIONS, numRuns: Math.ceil(RUNS / 10) },
    );
  });

  it('through the websocket get an answer or a close, and never INTERNAL', async () => {
    const kinds = fc.constantFrom('connection_init', 'subscribe', 'complete', 'ping', 'pong', 'next', 'error', 'odd');
    const payload = fc.oneof(
      oddJson,
      fc.record(
        { query: fc.oneof(oddText, fc.constant('{ __typename }')), variables: oddJson, operationName: oddJson },
        { requiredKeys: [] },
      ),
    );
    const message = fc.record(
      { type: fc.oneof(kinds, oddJson), id: fc.oneof(oddText, oddJson), payload },
      { requiredKeys: [] },
    );
    const texts = fc.array(
      fc.oneof(
        message.map((one) => JSON.stringify(one)),
        fc.json(),
        oddText,
      ),
      { minLength: 1, maxLength: 5 },
    );
    await fc.assert(fc.asyncProperty(fc.boolean(), texts, talk), { ...OPTIONS, numRuns: Math.ceil(RUNS / 3) });
    expect((await fetch(`${sluice.url}/healthz`)).status).toBe(200);
  });

  /** Sends the texts, then a ping, and reads until its pong or the end. */
  async function talk(isKnown: boolean, texts: readonly string[]): Promise<void> {
    const socket = new WebSocket(`${sluice.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const received: string[] = [];
    const ended = new Promise<number>((resolve) => {
      socket.on('close', (code) => resolve(code));
      socket.on('message', (data) => {
        received.push(String(data));
        if (String(data) === '{"type":"pong","payload":{"last":true}}') socket.close(1000);
      });
    });
    await new Promise((resolve) => socket.once('open', resolve));
    if (isKnown) socket.send(JSON.stringify({ type: 'connection_init', payload: { 'x-api-key': API_KEY } }));
    for (const text of texts) socket.send(text);
    socket.send(JSON.stringify({ type: 'ping', payload: { last: true } }));
    const code = await ended;
    // 4500: the protocol's code for a fault of the server.
    expect(code).not.toBe(4500);
    expect(received.join()).not.toContain('"INTERNAL"');
  }
});
