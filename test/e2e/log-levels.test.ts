import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { print } from 'graphql';
import { pino } from 'pino';
import { WebSocket } from 'ws';
import { WatchJobsDocument } from '../generated/graphql.js';
import { API_KEY, type Sluice, startSluice } from '../support/sluice.js';

describe('log lines at error level', () => {
  const lines: { level: number; msg: string }[] = [];
  let sluice: Sluice;
  beforeAll(async () => {
    const into = new Writable({ write: (line, _encoding, done) => done(void lines.push(JSON.parse(String(line)))) });
    sluice = await startSluice({}, pino({}, into));
  });
  afterAll(() => sluice.close());

  /** A client that takes events of a dataset until its connection breaks in the middle of them. */
  async function breakingSubscriber(datasetId: string): Promise<void> {
    const socket = new WebSocket(`${sluice.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const send = (message: object) => socket.send(JSON.stringify(message));
    const query = print(WatchJobsDocument);
    await new Promise<void>((resolve, reject) => {
      socket.on('error', reject);
      socket.on('open', () => send({ type: 'connection_init', payload: { 'x-api-key': API_KEY } }));
      socket.on('message', (data) => {
        const { type } = JSON.parse(String(data));
        for (let id = 0; id < 10 && type === 'connection_ack'; id += 1) {
          send({ id: String(id), type: 'subscribe', payload: { query, variables: { datasetId } } });
        }
        if (type === 'next') resolve();
      });
    });
    socket.removeAllListeners('message');
    socket.terminate();
  }

  function standStill(milliseconds: number): void {
    const end = performance.now() + milliseconds;
    while (performance.now() < end);
  }

  it('are only for problems on which an operator must act: not for clients that leave, cancelled wakes and late work', async () => {
    const id = await sluice.dataset({ n: 1 });
    for (let round = 0; round < 2; round += 1) {
      const leaving = Array.from({ length: 3 }, () => breakingSubscriber(id));
      const pushes = Array.from({ length: 6 }, (_, n) => {
        const signal = n % 2 === 0 ? AbortSignal.timeout(n) : undefined;
        const request = {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: `{"n": ${n}}`,
          signal,
        };
        return sluice.request(`/dataload/${id}?wait=1`, request).catch(() => undefined);
      });
      await new Promise(setImmediate);
      // Longer than Agenda's lock on a wake.
      standStill(2_200);
      await Promise.all([...leaving, ...pushes]);
    }
    expect((await sluice.push(id, { n: 1 })).status).toBe('COMPLETE');
    expect(lines.filter(({ level }) => level >= 50)).toEqual([]);
  });
});
