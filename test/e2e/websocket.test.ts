import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { WebSocket } from 'ws';
import { CreateDatasetDocument } from '../generated/graphql.js';
import { type Message, openPeer, type Peer } from '../support/peer.js';
import { API_KEY, type Sluice, startSluice } from '../support/sluice.js';
import { LOADED } from '../support/statuses.js';

const TOO_MUCH = `{ ${'datasets { nodes { connection { '.repeat(8)} id ${'} } } '.repeat(8)} }`;

describe('the websocket', () => {
  let sluice: Sluice;
  let peer: Peer;
  beforeAll(async () => {
    sluice = await startSluice({ SLUICE_MAX_PAYLOAD_BYTES: '200000' });
  });
  afterAll(() => sluice.close());

  const open = (headers?: Record<string, string>) => openPeer(sluice.url, headers);

  beforeEach(async () => {
    peer = await open();
    peer.send({ type: 'connection_init', payload: { 'x-api-key': API_KEY } });
    expect(await peer.next()).toEqual({ type: 'connection_ack' });
  });
  afterEach(() => peer.socket.terminate());

  async function works(): Promise<void> {
    peer.send({ id: 'still', type: 'subscribe', payload: { query: '{ __typename }' } });
    expect(await peer.next()).toEqual({ id: 'still', type: 'next', payload: { data: { __typename: 'Query' } } });
    expect(await peer.next()).toEqual({ id: 'still', type: 'complete' });
  }

  it.each([
    ['a syntax error', { query: '{ datasets {' }],
    ['an unknown field', { query: '{ nothing }' }],
    ['an empty query', { query: '' }],
    ['no operation', { query: 'fragment F on Query { __typename }' }],
    ['several operations and no name', { query: 'query A { __typename } query B { __typename }' }],
    ['a missing variable', { query: 'query ($id: ID!) { job(id: $id) { id } }' }],
    [
      'a variable of another type',
      { query: 'query ($n: Int) { jobs(first: $n) { totalCount } }', variables: { n: 'x' } },
    ],
    ['a depth bomb', { query: '{a'.repeat(10_000) }],
    ['a query that asks for too much', { query: TOO_MUCH }],
    ['a subscription to nothing', { query: 'subscription { jobStatusChanged { id } }' }],
    ['a subscription to an unknown job', { query: 'subscription { jobStatusChanged(jobId: "x") { id } }' }],
  ])('returns an error message for %s, and stays open', async (_name, payload) => {
    peer.send({ id: 'bad', type: 'subscribe', payload });
    const message = await peer.next();
    expect(message).toMatchObject({ id: 'bad', type: 'error', payload: [{ message: expect.any(String) }] });
    expect(JSON.stringify(message)).toMatch(/"code":"(BAD_REQUEST|NOT_FOUND)"/);
    expect(JSON.stringify(message)).not.toMatch(/call stack|stacktrace/);
    await works();
  });

  it('keeps digits in both directions', async () => {
    const query = 'query ($s: JSON!) { inferFields(sample: $s) { example } }';
    peer.send(
      `{"id":"1","type":"subscribe","payload":{"query":${JSON.stringify(query)},"variables":{"s":{"n":12345678901234567890}}}}`,
    );
    expect(await peer.text()).toContain('"example":12345678901234567890');
    expect((await peer.next()).type).toBe('complete');
  });

  it('gives line and column of text that is not JSON', async () => {
    peer.send('{"type":"ping",\n"payload":{"a":9007199254740993,9007199254740993:2}}');
    const [code, reason] = await once(peer.socket, 'close');
    expect([code, String(reason)]).toEqual([4400, 'INVALID_JSON: line 2, column 33: "9" does not belong there']);
  });

  it('runs mutations, and watches a job to its end', async () => {
    const id = await sluice.dataset({ n: 1 });
    const query = `mutation { pushData(input: {datasetId: "${id}", data: [{n: 1}]}) { id } }`;
    peer.send({ id: 'push', type: 'subscribe', payload: { query } });
    const pushed = (await peer.next()).payload as { data: { pushData: { id: string } } };
    expect((await peer.next()).type).toBe('complete');
    const watch = `subscription { jobStatusChanged(jobId: "${pushed.data.pushData.id}") { status } }`;
    peer.send({ id: 'watch', type: 'subscribe', payload: { query: watch } });
    const messages: Message[] = [];
    do messages.push(await peer.next());
    while (messages.at(-1)?.type === 'next');
    expect(messages.at(-1)).toEqual({ id: 'watch', type: 'complete' });
    expect(messages.at(-2)?.payload).toEqual({ data: { jobStatusChanged: { status: 'COMPLETE' } } });
  });

  it('waits for a client that stops reading, keeps little in memory for it, and loses nothing', async () => {
    const input = { name: 'x'.repeat(200), sample: { n: 1 }, apply: true };
    const { id } = (await sluice.query(CreateDatasetDocument, { input })).createDataset;
    await sluice.push(id, { n: 0 });
    // 40 KB an event: after some of them, the buffers of the operating system are full.
    const wide = Array.from({ length: 190 }, (_, n) => `name${n}: name`).join(' ');
    const query = `subscription { jobStatusChanged(datasetId: "${id}") { status job { id dataset { ${wide} } } } }`;
    peer.send({ id: 'slow', type: 'subscribe', payload: { query } });
    expect((await peer.next()).type).toBe('next');
    peer.socket.pause();
    const sent = jest.spyOn(WebSocket.prototype, 'send');
    // A client that reads nothing answers no ping either, and would be cut off after a while.
    const pings = jest.spyOn(WebSocket.prototype, 'ping').mockImplementation(function pong(this: WebSocket) {
      this.emit('pong', Buffer.alloc(0));
    });
    const jobs: string[] = [];
    for (let n = 0; n < 60; n += 1) {
      const { body } = await sluice.post(`/dataload/${id}`, { n });
      jobs.push(String(body.jobId));
    }
    await sluice.finalJob(jobs.at(-1) ?? '');
    // Every event is one message; what was not sent yet is not in memory either.
    expect(sent.mock.calls.length).toBeLessThan((jobs.length * LOADED.length) / 2);
    sent.mockRestore();
    pings.mockRestore();
    peer.socket.resume();
    const seen = new Map<string, string[]>();
    while (seen.get(jobs.at(-1) ?? '')?.at(-1) !== 'COMPLETE') {
      const { payload } = await peer.next();
      const { status, job } = (payload as { data: { jobStatusChanged: { status: string; job: { id: string } } } }).data
        .jobStatusChanged;
      seen.set(job.id, [...(seen.get(job.id) ?? []), status]);
    }
    expect([...seen.keys()]).toEqual(jobs);
    for (const statuses of seen.values()) expect(statuses).toEqual(LOADED);
  });

  it('stops subscriptions that the client completes', async () => {
    const id = await sluice.dataset({ n: 1 });
    await sluice.push(id, { n: 1 });
    const payload = { query: `subscription { jobStatusChanged(datasetId: "${id}") { status } }` };
    for (let round = 0; round < 2; round += 1) {
      peer.send({ id: `${round}`, type: 'subscribe', payload });
      expect((await peer.next()).type).toBe('next');
      peer.send({ id: `${round}`, type: 'complete' });
    }
    await works();
  });

  it('refuses the 101st operation on a socket, and accepts another once one is complete', async () => {
    const id = await sluice.dataset({ n: 1 });
    await sluice.push(id, { n: 1 });
    const payload = { query: `subscription { jobStatusChanged(datasetId: "${id}") { status } }` };
    const watch = (n: number) => peer.send({ id: `w${n}`, type: 'subscribe', payload });
    for (let n = 0; n < 100; n += 1) watch(n);
    for (let n = 0; n < 100; n += 1) expect((await peer.next()).type).toBe('next');
    watch(100);
    const refused = await peer.next();
    expect(refused).toMatchObject({ id: 'w100', type: 'error', payload: [{ extensions: { code: 'BACK_PRESSURE' } }] });
    expect(JSON.stringify(refused)).toContain('this websocket has 100 running operations');
    peer.send({ id: 'w0', type: 'complete' });
    watch(101);
    expect(await peer.next()).toMatchObject({ id: 'w101', type: 'next' });
  });

  it('sends a push to 99 subscriptions to one dataset, with few reads for all of them', async () => {
    const id = await sluice.dataset({ n: 1 });
    const payload = { query: `subscription { jobStatusChanged(datasetId: "${id}") { status } }` };
    for (let n = 0; n < 99; n += 1) peer.send({ id: `w${n}`, type: 'subscribe', payload });
    await works();
    const { db } = sluice.database;
    await db.setProfilingLevel('all');
    const { body } = await sluice.post(`/dataload/${id}`, { n: 1 });
    const complete = new Set<string | undefined>();
    while (complete.size < 99) {
      const message = await peer.next();
      if (JSON.stringify(message.payload).includes('COMPLETE')) complete.add(message.id);
    }
    expect((await sluice.finalJob(String(body.jobId))).status).toBe('COMPLETE');
    await db.setProfilingLevel('off');
    const reads = { op: 'query', ns: `${db.databaseName}.jobs` };
    expect(await db.collection('system.profile').countDocuments(reads)).toBeLessThan(200);
  });

  it.each([
    ['4400 for an unknown message', '{"type":"unknown"}', 4400],
    ['4400 for what only servers send', '{"type":"next","id":"1","payload":{}}', 4400],
    ['4400 for an acknowledgement', '{"type":"connection_ack"}', 4400],
    ['4400 for an error', '{"type":"error","id":"1","payload":[{"message":"x"}]}', 4400],
    ['4400 for text that is not JSON', 'hello', 4400],
    ['4400 for a number as a key', '{"type":"ping","payload":{"a":1,9007199254740993:2}}', 4400],
    ['4400 for a key given twice', '{"type":"ping","payload":{"a":1,"a":2}}', 4400],
    ['4400 for a long key given twice', `{"type":"ping","${'ключ😀'.repeat(40)}":1,"${'ключ😀'.repeat(40)}":2}`, 4400],
    ['4400 for a depth bomb', `{"type":"ping","payload":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, 4400],
    ['4429 for a second init', '{"type":"connection_init"}', 4429],
    ['1009 for a message over the limit', JSON.stringify({ type: 'ping', payload: { x: 'x'.repeat(300_000) } }), 1009],
  ])('closes with %s', async (_name, message, code) => {
    peer.send(message);
    expect((await once(peer.socket, 'close'))[0]).toBe(code);
  });

  it('closes with 4409 for an operation whose id is in use, however long it is', async () => {
    const datasetId = await sluice.dataset({ n: 1 });
    const payload = { query: `subscription { jobStatusChanged(datasetId: "${datasetId}") { status } }` };
    for (let time = 0; time < 2; time += 1) peer.send({ id: 'ключ'.repeat(1_000), type: 'subscribe', payload });
    const [code, reason] = await once(peer.socket, 'close');
    expect([code, String(reason)]).toEqual([4409, `Subscriber for ${'ключ'.repeat(13)}кл`]);
  });

  it('closes with 4401 for an operation before the init, 4409 for an id in use', async () => {
    const early = await open();
    early.send({ id: '1', type: 'subscribe', payload: { query: '{ __typename }' } });
    expect((await once(early.socket, 'close'))[0]).toBe(4401);
    const id = await sluice.dataset({ n: 1 });
    const payload = { query: `subscription { jobStatusChanged(datasetId: "${id}") { status } }` };
    peer.send({ id: 'a', type: 'subscribe', payload });
    peer.send({ id: 'a', type: 'subscribe', payload });
    expect((await once(peer.socket, 'close'))[0]).toBe(4409);
  });

  it('cuts off a client that sends too much before its key is accepted', async () => {
    const stranger = await open();
    stranger.send('x'.repeat(150_000));
    expect((await once(stranger.socket, 'close'))[0]).toBe(1006);
    await works();
  });

  it('accepts the key of the upgrade request, and refuses a second, different one', async () => {
    const one = await open({ 'x-api-key': API_KEY });
    one.send({ type: 'connection_init' });
    expect((await one.next()).type).toBe('connection_ack');
    one.socket.terminate();
    const two = await open({ 'x-api-key': API_KEY });
    two.send({ type: 'connection_init', payload: { 'x-api-key': 'other' } });
    const [code, reason] = await once(two.socket, 'close');
    expect([code, String(reason)]).toEqual([4403, expect.stringContaining('two different API keys')]);
  });
});
