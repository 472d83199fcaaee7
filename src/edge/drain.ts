import type { FastifyInstance } from 'fastify';
import { SluiceError } from '../domain/errors.js';

/**
 * Returns a function that stops an HTTP server. From its call on, running requests get their responses and their connections are closed, and new requests are
 * refused with STORE_UNAVAILABLE. After the grace time every open connection is cut. Must be added before every other hook that can refuse a request.
 */
export function addDrain(app: FastifyInstance, graceMs: number): () => Promise<void> {
  let draining = false;
  app.addHook('onRequest', async () => {
    if (draining) throw new SluiceError('STORE_UNAVAILABLE', 'the service is stopping; try again shortly');
  });
  app.addHook('onSend', async (_request, reply) => {
    if (draining) void reply.header('connection', 'close');
  });
  // A response whose headers were sent before the call leaves its connection open.
  app.addHook('onResponse', async () => {
    if (draining) setImmediate(() => app.server.closeIdleConnections());
  });
  return async () => {
    draining = true;
    const graceIsOver = setTimeout(() => app.server.closeAllConnections(), graceMs);
    await app.close();
    clearTimeout(graceIsOver);
  };
}
