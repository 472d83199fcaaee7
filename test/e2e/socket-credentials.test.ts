import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { App } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import { startApp } from '../../src/start-app.js';
import { createLogger } from '../../src/telemetry/logger.js';
import {
  CreateApiKeyDocument,
  type CreateApiKeyInput,
  RevokeApiKeyDocument,
  RotateApiKeyDocument,
} from '../generated/graphql.js';
import { claimsOf, signed } from '../support/issuer.js';
import { storeEnv } from '../support/mongod.js';
import { acceptedPeer, openPeer, type Peer } from '../support/peer.js';
import { API_KEY, type Sluice, startSluice } from '../support/sluice.js';

const ENDED = 'UNAUTHENTICATED: the credential was revoked or has expired; connect again with a valid one';

const JWT_SECRET = 'the secret of the tokens in this test';

describe('a websocket', () => {
  let sluice: Sluice;
  let second: App;
  let dataset: string;
  const peers: Peer[] = [];
  beforeAll(async () => {
    sluice = await startSluice({ SLUICE_JWT_SECRET: JWT_SECRET });
    dataset = await sluice.dataset({ n: 1 });
    const env = { ...storeEnv(), MONGODB_URL: sluice.database.url, PORT: '0', SLUICE_API_KEY: API_KEY };
    second = await startApp(readConfig(env), createLogger('silent'), () => undefined);
  });
  afterEach(() => {
    for (const { socket } of peers.splice(0)) socket.terminate();
  });
  afterAll(async () => {
    await second.close();
    await sluice.close();
  });

  async function key(input: Partial<CreateApiKeyInput> = {}): Promise<{ id: string; secret: string }> {
    const made = await sluice.query(CreateApiKeyDocument, { input: { name: 'a', scopes: ['MANAGE'], ...input } });
    return { id: made.createApiKey.apiKey.id, secret: made.createApiKey.secret };
  }

  async function accepted(url: string, secret: string): Promise<Peer> {
    const peer = await acceptedPeer(url, secret);
    peers.push(peer);
    return peer;
  }

  /** The code and the reason with which the service closes a websocket. */
  async function closing({ socket }: Peer): Promise<[number, string]> {
    const [code, reason] = await once(socket, 'close');
    return [code, String(reason)];
  }

  it.each<[string, (id: string) => Promise<unknown>]>([
    ['revoked', (id) => sluice.query(RevokeApiKeyDocument, { id })],
    ['rotated without an overlap', (id) => sluice.query(RotateApiKeyDocument, { id, overlapSeconds: 0 })],
  ])('is closed with 4403 in every process within a second after its key is %s, and no other is', async (_how, end) => {
    const { id, secret } = await key();
    const other = await accepted(sluice.url, (await key()).secret);
    const both = [await accepted(sluice.url, secret), await accepted(second.url, secret)];
    for (const peer of both) {
      const query = `subscription { jobStatusChanged(datasetId: "${dataset}") { status } }`;
      peer.send({ id: 'w', type: 'subscribe', payload: { query } });
    }
    const closed = both.map(closing);
    await end(id);
    const ended = performance.now();
    expect(await Promise.all(closed)).toEqual([
      [4403, ENDED],
      [4403, ENDED],
    ]);
    // Half a second is the interval; the rest is for a busy machine.
    expect(performance.now() - ended).toBeLessThan(2_000);
    other.send({ type: 'ping' });
    expect(await other.next()).toEqual({ type: 'pong' });
    const late = await openPeer(sluice.url);
    late.send({ type: 'connection_init', payload: { 'x-api-key': secret } });
    expect(await closing(late)).toEqual([4403, expect.stringContaining('UNAUTHENTICATED')]);
  });

  it('stays open with the secret before a rotation while that is valid', async () => {
    const { id, secret } = await key();
    const peer = await accepted(sluice.url, secret);
    await sluice.query(RotateApiKeyDocument, { id, overlapSeconds: 3_600 });
    const gone = await key();
    const closed = closing(await accepted(sluice.url, gone.secret));
    await sluice.query(RevokeApiKeyDocument, { id: gone.id });
    // Both were looked at with the same query.
    await closed;
    peer.send({ type: 'ping' });
    expect(await peer.next()).toEqual({ type: 'pong' });
  });

  it('is closed with 4403 when its key expires', async () => {
    const expiresAt = new Date(Date.now() + 1_500).toISOString();
    const { secret } = await key({ expiresAt });
    const peer = await accepted(sluice.url, secret);
    expect(await closing(peer)).toEqual([4403, ENDED]);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
  });

  it('is closed with 4403 when the viewer token expires, and no earlier', async () => {
    const exp = Math.floor(Date.now() / 1_000) + 3;
    const peer = await openPeer(sluice.url);
    peers.push(peer);
    const authorization = `Bearer ${await signed(JWT_SECRET, claimsOf({ exp }))}`;
    peer.send({ type: 'connection_init', payload: { authorization } });
    expect(await peer.next()).toEqual({ type: 'connection_ack' });
    expect(await closing(peer)).toEqual([4403, ENDED]);
    expect(Date.now()).toBeGreaterThanOrEqual(exp * 1_000);
  });

  it('does nothing more for a client that sends on after its key was revoked', async () => {
    const { id, secret } = await key();
    const [deaf, witness] = [await accepted(sluice.url, secret), await accepted(sluice.url, secret)];
    // It does not see that the service closes it.
    deaf.socket.pause();
    const closed = closing(witness);
    await sluice.query(RevokeApiKeyDocument, { id });
    await closed;
    const query = 'mutation { createDataset(input: {name: "too late", sample: {n: 1}}) { id } }';
    deaf.send({ id: 'late', type: 'subscribe', payload: { query } });
    deaf.socket.resume();
    expect(await closing(deaf)).toEqual([4403, ENDED]);
    // This request was sent later and got its response.
    await sluice.dataset({ n: 2 });
    const { body } = await sluice.post('/graphql', { query: '{ datasets(search: "too late") { totalCount } }' });
    expect(body).toEqual({ data: { datasets: { totalCount: 0 } } });
  });

  it('costs no query of its own for its key: one query asks for all of them', async () => {
    const { db } = sluice.database;
    const secrets = await Promise.all(Array.from({ length: 5 }, async () => (await key()).secret));
    for (const secret of [...secrets, ...secrets]) await accepted(sluice.url, secret);
    const gone = await key();
    const last = await accepted(sluice.url, gone.secret);
    await db.setProfilingLevel('all');
    const closed = closing(last);
    await sluice.query(RevokeApiKeyDocument, { id: gone.id });
    await closed;
    await db.setProfilingLevel('off');
    const asked = await db
      .collection('system.profile')
      .find({ op: 'query', ns: `${db.databaseName}.api_keys`, nreturned: { $gt: 2 } })
      .toArray();
    expect(asked.length).toBeGreaterThan(0);
    for (const { nreturned } of asked) expect([5, 6]).toContain(nreturned);
    const each = { op: 'query', ns: `${db.databaseName}.api_keys` };
    expect(await db.collection('system.profile').countDocuments(each)).toBeLessThan(secrets.length);
  });

  it('is closed with 4408 when it sends no connection_init', async () => {
    const peer = await openPeer(sluice.url);
    expect(await closing(peer)).toEqual([4408, 'Connection initialisation timeout']);
  });
});
