import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { API_KEY, type Sluice, startSluice } from '../support/sluice.js';

jest.setTimeout(60_000);

/** Several times longer than the service waits for Elasticsearch, and much shorter than the default of the client. */
const SOON_MS = 20_000;

/** The time within which an operator must be told. */
const NAMED_MS = 5_000;

describe('an Elasticsearch that accepts connections and never responds', () => {
  const sockets = new Set<Socket>();
  let server: Server;
  let starting: Promise<Sluice>;
  beforeEach(async () => {
    server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    // A start that still waits for a response continues without one.
    server.close();
    for (const socket of sockets) socket.destroy();
    await (await starting).close();
  });

  it('does not block the start; the service and /readyz say so', async () => {
    const begun = performance.now();
    const { port } = server.address() as AddressInfo;
    starting = startSluice({ ELASTICSEARCH_URL: `http://127.0.0.1:${port}` });
    const sluice = await starting;
    expect(sockets.size).toBeGreaterThan(0);
    expect(performance.now() - begun).toBeLessThan(SOON_MS);
    expect(sluice.app.notices).toContainEqual(
      expect.stringMatching(/^Elasticsearch: no response in time; pushes are accepted/),
    );

    const asked = performance.now();
    const response = await fetch(`${sluice.url}/readyz`, { headers: { 'x-api-key': API_KEY } });
    expect(performance.now() - asked).toBeLessThan(NAMED_MS);
    const shown = await (await fetch(`${sluice.url}/readyz`)).json();
    expect(shown).toMatchObject({ ready: true, problems: ['the record store has a problem'] });
    expect([response.status, await response.json()]).toMatchObject([
      200,
      { ready: true, problems: [expect.stringMatching(/^Elasticsearch: no response in time/)] },
    ]);
  });
});
