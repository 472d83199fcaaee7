import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { refuseTakenPort } from './listening.js';

describe('refuseTakenPort', () => {
  let other: Server | undefined;
  afterEach(() => {
    other?.close();
  });

  it('accepts a free port, and leaves it free', async () => {
    await refuseTakenPort('127.0.0.1', 0);
    const port = await listenElsewhere();
    other?.close();
    await refuseTakenPort('127.0.0.1', port);
    await refuseTakenPort('127.0.0.1', port);
  });

  it('refuses a port that another program listens on', async () => {
    const port = await listenElsewhere();
    await expect(refuseTakenPort('127.0.0.1', port)).rejects.toMatchObject({
      name: 'StartupError',
      message: expect.stringContaining(`port ${port} of 127.0.0.1 is in use`),
    });
  });

  it('refuses an address that this machine does not have', async () => {
    await expect(refuseTakenPort('192.0.2.1', 0)).rejects.toMatchObject({
      name: 'StartupError',
      message: expect.stringContaining('HOST is 192.0.2.1'),
    });
  });

  async function listenElsewhere(): Promise<number> {
    const server = createServer();
    other = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('it has no port');
    return address.port;
  }
});
