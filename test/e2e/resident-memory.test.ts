import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { WebSocket } from 'ws';
import { restClient } from '../support/rest-client.js';
import { until } from '../support/until.js';
import { startWatchedService, type WatchedService } from '../support/watched-service.js';

const MB = 1024 * 1024;
/** Resident memory of the service under any of these, with the bounds that it has by default. */
const MOST_BYTES = 700 * MB;
const LARGE = 10_000_000;

// A collection of garbage may come late once; what needs too much memory needs it each time.
jest.retryTimes(2);

describe('the resident memory of the service', () => {
  let service: WatchedService;
  let datasetId: string;
  // A service of its own for each: what one test has used, a process may keep for later.
  beforeEach(async () => {
    service = await startWatchedService();
    datasetId = await service.dataset({ n: 1 });
  });
  afterEach(() => service.close());

  async function expectBounded(): Promise<void> {
    expect((await service.most()).mostBytes / MB).toBeLessThan(MOST_BYTES / MB);
    await restClient.push(service.url, datasetId, 1);
  }

  async function statusesOf(count: number, path: string, body: string): Promise<number[]> {
    const send = async () => {
      const response = await service.post(path, body);
      await response.arrayBuffer();
      return response.status;
    };
    return Promise.all(Array.from({ length: count }, send));
  }

  it('is bounded while thirty bodies of tiny records arrive', async () => {
    const body = `[${'{},'.repeat(LARGE / 3 - 100)}{}]`;
    const statuses = await statusesOf(30, `/dataload/${datasetId}`, body);
    expect(statuses.every((status) => status === 413 || status === 429)).toBe(true);
    await expectBounded();
  });

  it('is bounded while ten pushes of as many tiny records as one takes are loaded', async () => {
    const body = `[${'{"n":1},'.repeat(99_999)}{"n":1}]`;
    const statuses = await statusesOf(10, `/dataload/${datasetId}?wait=60`, body);
    expect(statuses).toEqual(Array(10).fill(200));
    await expectBounded();
  });

  it('is bounded while thirty GraphQL requests hold as many values as one may', async () => {
    const query = 'mutation($i: PushDataInput!) { pushData(input: $i) { status } }';
    const data = `[{"n":[${'{},'.repeat(900_000)}{}]}]`;
    const body = `{"query":"${query}","variables":{"i":{"datasetId":"${datasetId}","data":${data}}}}`;
    const statuses = await statusesOf(30, '/graphql', body);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    await expectBounded();
  });

  it('is bounded while thirty GraphQL pushes of as many values wait for their jobs', async () => {
    const query = 'mutation($i: PushDataInput!) { pushData(input: $i) { status } }';
    const record = `{"n":1,"o":[${'0,'.repeat(99_000)}0]}`;
    const data = `[${Array(9).fill(record).join()}]`;
    const body = `{"query":"${query}","variables":{"i":{"datasetId":"${datasetId}","waitSeconds":20,"data":${data}}}}`;
    const statuses = await statusesOf(30, '/graphql', body);
    expect(statuses.every((status) => status === 200 || status === 429)).toBe(true);
    await expectBounded();
  });

  it('is bounded while sixty websockets send messages that they do not finish', async () => {
    const sockets = await Promise.all(Array.from({ length: 60 }, acknowledgedSocket));
    const codes: number[] = [];
    for (const socket of sockets) {
      socket.on('close', (code) => codes.push(code));
      socket.on('error', () => undefined);
      socket.send(Buffer.alloc(LARGE - 1_000, ' '), { fin: false, binary: false });
    }
    // 256 MB hold 25 of them.
    await until('the refusals', () => codes.length >= 30);
    expect(new Set(codes)).toEqual(new Set([1013]));
    const { mostBytes } = await service.most();
    for (const socket of sockets) socket.terminate();
    expect(mostBytes / MB).toBeLessThan(MOST_BYTES / MB);
    await until('room for others', async () => {
      const [status] = await statusesOf(1, `/dataload/${datasetId}`, `[{"n":1}${' '.repeat(LARGE - 100)}]`);
      return status === 202;
    });
  });

  it('is bounded while a body arrives in chunks of one byte', async () => {
    const { hostname, port } = new URL(service.url);
    const head = `POST /dataload/${datasetId} HTTP/1.1\r\nhost: x\r\nx-api-key: ${service.headers['x-api-key']}\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n`;
    const socket = connect(Number(port), hostname);
    let answer = '';
    const ended = new Promise((resolve) => socket.on('data', (data) => (answer += data)).once('close', resolve));
    socket.write(head);
    socket.write('7\r\n[{"n":1\r\n');
    socket.write('1\r\n \r\n'.repeat(2_000_000));
    socket.write('2\r\n}]\r\n0\r\n\r\n');
    await ended;
    expect(answer).toMatch(/^HTTP\/1\.1 202/);
    await expectBounded();
  });

  it('is bounded while clients with an unknown key send many bodies in chunks of one byte', async () => {
    const { hostname, port } = new URL(service.url);
    const body = `1\r\n[\r\n${'1\r\n \r\n'.repeat(3_000)}1\r\n]\r\n0\r\n\r\n`;
    const request = `POST /dataload/${datasetId} HTTP/1.1\r\nhost: x\r\nx-api-key: unknown\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n${body}`;
    const answers = Array.from({ length: 150 }, async () => {
      const socket = connect(Number(port), hostname);
      let answer = '';
      socket.on('data', (data) => {
        answer += String(data);
      });
      socket.write(request.repeat(10));
      await until('ten refusals', () => answer.match(/HTTP\/1\.1 401/g)?.length === 10);
      socket.destroy();
    });
    await Promise.all(answers);
    await expectBounded();
  });

  it('is bounded while clients ask for many large pages, and some do not read them', async () => {
    const texts = await textDataset();
    const query = `{ dataset(id: "${texts}") { records(first: 20) { nodes { values } } } }`;
    const sockets = await Promise.all(Array.from({ length: 5 }, acknowledgedSocket));
    for (const socket of sockets) {
      socket.pause();
      for (let n = 0; n < 20; n += 1) {
        socket.send(JSON.stringify({ type: 'subscribe', id: `${n}`, payload: { query } }));
      }
    }
    const statuses = await statusesOf(30, '/graphql', JSON.stringify({ query }));
    for (const socket of sockets) socket.terminate();
    expect(new Set(statuses)).toEqual(new Set([200]));
    await expectBounded();
  });

  it('is bounded while a query asks for a hundred large pages', async () => {
    const texts = await textDataset();
    const page = (_: unknown, n: number) =>
      `p${n}: dataset(id: "${texts}") { records(first: 20) { nodes { values } } }`;
    const query = `{ ${Array.from({ length: 90 }, page).join(' ')} }`;
    const response = await fetch(`${service.url}/graphql`, {
      method: 'POST',
      headers: service.headers,
      body: JSON.stringify({ query }),
    });
    expect(await response.text()).toMatch(/is too large together|would have more than/);
    await expectBounded();
  });

  it('is bounded while ten queries have a long list thirty times each', async () => {
    const body = JSON.stringify({ query: await repeatingQuery() });
    const ask = async () => (await service.post('/graphql', body)).text();
    expectWholeOrRefused(await Promise.all(Array.from({ length: 10 }, ask)));
    await expectBounded();
    // Nothing of it is held any more.
    expect((await ask()).length).toBeGreaterThan(WHOLE);
  });

  it('is bounded while ten queries over websockets have a long list thirty times each', async () => {
    const query = await repeatingQuery();
    const sockets = await Promise.all([1, 2].map(acknowledgedSocket));
    const answers = await Promise.all(sockets.map((socket) => answersOf(socket, query, 5)));
    for (const socket of sockets) socket.terminate();
    expectWholeOrRefused(answers.flat());
    await expectBounded();
  });

  const WHOLE = 25_000_000;

  function expectWholeOrRefused(answers: readonly string[]): void {
    expect(answers).toHaveLength(10);
    const others = answers.filter((text) => text.length < WHOLE);
    expect(others.filter((text) => !text.includes('"BACK_PRESSURE"'))).toEqual([]);
    expect(others.length).toBeLessThan(answers.length);
  }

  /** A query that has the same pointers, 900 KB, thirty times in its answer. */
  async function repeatingQuery(): Promise<string> {
    return `{ job(id: "${await faultyJob()}") { ${aliases(30, 'errorSummary { pointer }')} } }`;
  }

  const aliases = (count: number, field: string) =>
    Array.from({ length: count }, (_, n) => `e${n}: ${field}`).join(' ');

  /** A job whose summary of errors has 1,000 pointers of 900 characters. */
  async function faultyJob(): Promise<string> {
    const keys = Array.from({ length: 1_000 }, (_, n) => `${'x'.repeat(895)}${n}`);
    const dataset = await service.dataset(Object.fromEntries(keys.map((key) => [key, 1])));
    const response = await service.post(`/dataload/${dataset}`, '[{}]');
    const { jobId } = (await response.json()) as { jobId: string };
    const query = `{ job(id: "${jobId}") { status errorSummary { code } } }`;
    await until('the end of the job', async () => {
      const { job } = await service.graphql<{ job: { status: string; errorSummary: unknown[] } }>(query);
      return job.status === 'ERROR_EXIT' && job.errorSummary.length === 1_000;
    });
    return jobId;
  }

  /** The answers of a query that a websocket asks several times at once. */
  async function answersOf(socket: WebSocket, query: string, count: number): Promise<string[]> {
    const answers: string[] = [];
    socket.on('message', (data) => {
      const text = String(data);
      if (!text.includes('"type":"complete"')) answers.push(text);
    });
    for (let n = 0; n < count; n += 1)
      socket.send(JSON.stringify({ type: 'subscribe', id: `${n}`, payload: { query } }));
    await until('the answers', () => answers.length === count);
    return answers;
  }

  /** A dataset of 18 rows of a megabyte. */
  async function textDataset(): Promise<string> {
    const made = await restClient.query<{ createDataset: { id: string } }>(
      service.url,
      'mutation { createDataset(input: {name: "t", sample: {t: "x"}, apply: true}) { id } }',
    );
    const { id } = made.createDataset;
    const body = JSON.stringify(Array.from({ length: 9 }, () => ({ t: 'x'.repeat(MB) })));
    for (let n = 0; n < 2; n += 1) expect(await statusesOf(1, `/dataload/${id}?wait=60`, body)).toEqual([200]);
    return id;
  }

  /** A websocket whose key was accepted. */
  async function acknowledgedSocket(): Promise<WebSocket> {
    const socket = new WebSocket(`${service.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await new Promise((resolve, reject) => {
      socket.once('open', () =>
        socket.send(
          JSON.stringify({ type: 'connection_init', payload: { 'x-api-key': service.headers['x-api-key'] } }),
        ),
      );
      socket.once('message', resolve);
      socket.once('error', reject);
    });
    return socket;
  }
});
