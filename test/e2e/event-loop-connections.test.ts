import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { acceptedPeer } from '../support/peer.js';
import { LONGEST_MS, longestTurnOf, startWatchedService, type WatchedService } from '../support/watched-service.js';

describe('the event loop is kept for a short time only by a connection', () => {
  let service: WatchedService;
  let datasetId: string;
  beforeAll(async () => {
    service = await startWatchedService();
    datasetId = await service.dataset({ n: 1 });
  });
  afterAll(() => service.close());

  /** Sends bytes, and returns all that comes back until the connection is closed. */
  async function answerTo(...parts: readonly string[]): Promise<string> {
    const { hostname, port } = new URL(service.url);
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (data) => {
      answer += String(data);
    });
    socket.on('error', () => undefined);
    for (const part of parts) socket.write(part);
    // A connection that is cut ends with an error.
    await new Promise((resolve) => socket.once('close', resolve));
    return answer;
  }

  const expectQuick = async (work: () => Promise<unknown>) =>
    expect(await longestTurnOf(service, work)).toBeLessThan(LONGEST_MS);

  it.each([
    ['of health', 'GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['without a host', 'GET /healthz HTTP/1.1\r\n\r\n'],
    ['of nothing that exists', 'GET /none HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['of GraphQL', 'GET /graphql?query={__typename} HTTP/1.1\r\nhost: x\r\nx-api-key: k\r\n\r\n'],
  ])('on which 20,000 requests %s arrive together, and which is cut then', async (_name, request) => {
    await expectQuick(() => answerTo(request.repeat(20_000)));
  });

  it('on which a few requests arrive together, all of which are answered', async () => {
    const request = 'GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n';
    const last = request.replace('\r\n\r\n', '\r\nconnection: close\r\n\r\n');
    expect((await answerTo(request.repeat(50), last)).match(/HTTP\/1\.1 200/g)).toHaveLength(51);
  });

  it('on which a body arrives in chunks of one byte', async () => {
    const head = `POST /dataload/${datasetId} HTTP/1.1\r\nhost: x\r\nx-api-key: ${service.headers['x-api-key']}\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n`;
    await expectQuick(async () => {
      const answer = await answerTo(head, '7\r\n[{"n":1\r\n', '1\r\n \r\n'.repeat(500_000), '2\r\n}]\r\n0\r\n\r\n');
      expect(answer).toMatch(/^HTTP\/1\.1 202/);
    });
  });

  it('on which 300,000 pongs arrive', async () => {
    await expectQuick(async () => {
      const { socket } = await acceptedPeer(service.url, service.headers['x-api-key'] ?? '');
      for (let n = 0; n < 300_000; n += 1) socket.pong();
      socket.ping();
      await once(socket, 'pong');
      socket.terminate();
    });
  });
});
